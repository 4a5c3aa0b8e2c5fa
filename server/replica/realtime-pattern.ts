/**
 * What the two patterns have in common, seen from the replica around them: messages go in, clients
 * are held (parked polls, open sockets), and one day everybody has to leave.
 */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import type { Draft } from "./message-store.ts";

export interface RealtimePattern {
  /** Stores a message and lets every client of every replica have it. */
  send(draft: Draft): Promise<ChatMessage>;
  /** Lets every replica hear of a message that is stored. */
  publish(message: ChatMessage): Promise<boolean>;
  /** Parked polls, or open sockets. */
  readonly held: number;
  apply(settings: ReplicaSettings): void;
  /** Sends everybody away, politely, before the deadline. */
  drain(deadlineMs: number): Promise<void>;
}
