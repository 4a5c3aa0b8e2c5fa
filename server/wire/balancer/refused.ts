/**
 * What is told of a connection that asked for nothing the balancer could read, or was one too many:
 * two hops, what came and what was said to it. Nothing of its bytes is shown.
 */
import type { Socket } from "node:net";
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { BalancerContext } from "./balancer-context.ts";
import type { OwnAnswer } from "./own-answer.ts";

/** How a client that has not said its name is called. */
export function addressOf(socket: Socket): string {
  const host = socket.remoteAddress?.replace(/^::ffff:/, "") ?? "unknown";
  return `${host}:${socket.remotePort ?? 0}`;
}

export interface Refused {
  /** When it was decided, on the recorder's clock. */
  atMs: number;
  answer: OwnAnswer;
  /** In a few words, for the label. */
  reason: string;
  /** Of the answer. */
  bytes: number;
}

export function tellRefusal(
  { recorder, pattern, name: balancer }: BalancerContext,
  client: Participant,
  { atMs, answer, reason, bytes }: Refused,
): void {
  const both = { at: atMs, doneAt: recorder.now(), pattern };
  const label = `refused: ${reason}`;
  const cause = recorder.record({
    ...both,
    kind: "raw",
    from: client,
    to: balancer,
    label,
    bytes: 0,
  });
  recorder.record({
    ...both,
    kind: "http.response",
    from: balancer,
    to: client,
    label: `${answer.status} ${answer.code.replaceAll("-", " ")}`,
    bytes,
    outcome: "error",
    causes: [cause],
    info: { status: answer.status, reason: answer.message },
  });
}
