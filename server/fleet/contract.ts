/**
 * What the control plane and a fleet process say to each other over the fork channel.
 */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { FleetFigures } from "../../shared/contracts/metrics.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import type { ProcessUse } from "../processes/own-use.ts";

export type ClientSettings = Pick<
  Settings,
  "pollGapMs" | "pollCursor" | "pollTimeoutMs" | "transports" | "catchUp"
>;

export interface FleetConfig {
  urls: Record<Pattern, string>;
  counts: Record<Pattern, number>;
  settings: ClientSettings;
  /** Open-loop arrivals per second. */
  load: Record<Pattern, number>;
  /** How many clients of each pattern report their view. */
  followed: number;
  /** Counts up when connection settings changed and sockets must connect anew. */
  generation: number;
  /** Of the clients' own timers: 1 real time, 0 stands still. */
  clockRate: number;
}

export interface SendRequest {
  pattern: Pattern;
  text: string;
  room?: string;
  /** Which virtual client sends; the first, or a passing visitor where there is none. */
  client?: string;
  replica?: string;
}

export type SendResult =
  | { ok: true; status: number; message: ChatMessage }
  | { ok: false; status: number; code: string; message: string };

/**
 * Each is answered once. `configure` answers when every start has been begun (of thousands: after
 * five seconds, while they go on), not when all are connected.
 */
export type FleetAsk =
  | { type: "configure"; config: FleetConfig }
  | { type: "send"; send: SendRequest }
  /** The counts of the load begin at nothing. */
  | { type: "reset" };

export type ToFleet = FleetAsk & { ask: number };

export type FleetAnswer =
  | { type: "configured" }
  | { type: "reset" }
  | { type: "sent"; result: SendResult };

export type FromFleet =
  | { type: "started" }
  | { type: "answer"; ask: number; answer: FleetAnswer }
  | { type: "refused"; ask: number; message: string }
  | { type: "views"; views: ClientView[] }
  /** Twice a second. `use`: what the fleet process itself uses. */
  | { type: "figures"; patterns: Record<Pattern, FleetFigures>; use: ProcessUse };
