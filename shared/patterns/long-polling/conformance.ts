/**
 * Follows each long-polling client: it asks, waits, is answered, and only then asks again.
 *
 *   resting ──request──► waiting ──messages (newer than its cursor, in order, without a gap)──► resting
 *                           └─────empty (once the poll timeout has passed)───────────────────► resting
 *
 * An answer after the timeout branch is allowed: the reference draws it so.
 */
import type { Participant } from "../../contracts/ids.ts";
import type { TraceEvent } from "../../trace/event.ts";
import type { Check, CheckContext, Finding } from "../conformance.ts";
import { durationWords, nameOf } from "../names.ts";
import { longPollingReference } from "./reference.ts";

/** An empty answer may come so much before the poll timeout: the tap's clock is not the replica's. */
const EARLY_MS = 50;
/** What is given at once is read from the store meanwhile, no longer than this. */
const AT_ONCE_MS = 1_000;

export const checkLongPolling: Check = (events, context) => {
  const waiting = new Map<Participant, TraceEvent>();
  const findings: Finding[] = [];
  let followed = 0;
  for (const event of events) {
    if (event.pattern !== "long-polling") continue;
    if (event.kind === "socket.close") waiting.delete(clientOf(event));
    else if (event.kind === "http.request" && event.info?.poll === true) {
      if (waiting.has(event.from)) {
        const words = `${nameOf(event.from)} asks again while its last poll still waits`;
        findings.push({ seq: event.seq, weight: "breaks", words });
      }
      waiting.set(event.from, event);
    } else if (event.kind === "http.response" && event.info?.poll === true) {
      const request = waiting.get(event.to);
      // Where the request is not known any more, nothing can be said of its answer.
      if (request === undefined) continue;
      waiting.delete(event.to);
      followed += 1;
      const found = judge(event, request, context);
      if (found !== undefined) findings.push({ seq: event.seq, ...found });
    }
  }
  return { followed, findings };
};

function judge(
  answer: TraceEvent,
  request: TraceEvent,
  context: CheckContext,
): Omit<Finding, "seq"> | undefined {
  const waitedMs = answer.at - request.at;
  if (answer.perturbed !== undefined || request.perturbed !== undefined) return undefined;
  if (answer.outcome === "idle") return judgeEmpty(answer, waitedMs, context);
  if (answer.outcome === "messages") return judgeMessages(answer, request, waitedMs, context);
  const status = answer.info?.status ?? 0;
  return { weight: "beyond", words: `${nameOf(answer.to)}’s poll is answered ${status}` };
}

function judgeEmpty(
  { from, to }: TraceEvent,
  waitedMs: number,
  { pollTimeoutMs }: CheckContext,
): Omit<Finding, "seq"> | undefined {
  if (waitedMs >= pollTimeoutMs - EARLY_MS) return undefined;
  const words = `${nameOf(from)} answers ${nameOf(to)} empty after ${durationWords(waitedMs)}, before the poll timeout: a replica that leaves does so`;
  return { weight: "beyond", words };
}

function judgeMessages(
  answer: TraceEvent,
  request: TraceEvent,
  waitedMs: number,
  { causeOf }: CheckContext,
): Omit<Finding, "seq"> | undefined {
  const who = nameOf(answer.to);
  const ids = (answer.messageIds ?? []).map((key) => Number(key.split("/").at(-1)));
  const [first] = ids;
  const after = request.info?.after;
  if (first === undefined) return undefined;
  if (ids.some((id, index) => id <= (ids[index - 1] ?? 0))) {
    return { weight: "breaks", words: `${who} is given messages out of order` };
  }
  if (after !== undefined && first <= after) {
    return {
      weight: "breaks",
      words: `${who} has message ${first} already, and is given it again`,
    };
  }
  if (after !== undefined && first > after + 1) {
    const words = `${who} has everything up to ${after}, and is given ${first}: something between is skipped`;
    return { weight: "breaks", words };
  }
  const isAtOnce = longPollingReference.stepOf(answer, causeOf) === "respond-at-once";
  if (isAtOnce && waitedMs > AT_ONCE_MS) {
    const words = `${who} waited ${durationWords(waitedMs)} and is given messages without a notification: the replica read the store`;
    return { weight: "beyond", words };
  }
  return undefined;
}

function clientOf({ from, to }: TraceEvent): Participant {
  return from.startsWith("client:") ? from : to;
}
