/**
 * What the events of the target (`--target`) add up to: requests, polls, idle requests, packets, bytes,
 * clients. Its messages are its own affair: nothing here is a delivery, and nobody is judged, so those
 * figures stay 0. What counts as what is rules TG12 and TG13 in docs/spec/target.md.
 */
import type { Participant } from "../contracts/ids.ts";
import type { PatternMetrics } from "../contracts/metrics.ts";
import type { TraceEvent } from "../trace/event.ts";
import { NO_LATENCY } from "./delivery-latency.ts";
import { MOST_CLIENTS } from "./observed-client.ts";
import { Tally } from "./tally.ts";

/** A stranger is its connection: once that has been quiet for so long, it may well be gone. */
const PRESENT_MS = 10_000;

interface SeenClient {
  lastMs: number;
  /** Requests without answer, and open sockets. */
  open: number;
  /** Of its newest request. */
  requestBytes: number;
}

export class TargetFold {
  readonly clients = new Map<Participant, SeenClient>();
  readonly #tally: Tally;

  constructor(windowMs: number, nowMs: number) {
    this.#tally = new Tally(windowMs, nowMs);
  }

  fold(event: TraceEvent): void {
    this.#tally.advance(event.doneAt, this.clients.size);
    if (event.perturbed !== undefined) this.#tally.count("perturbed");
    const isAsked = event.from.startsWith("client:");
    if (!isAsked && !event.to.startsWith("client:")) return;
    const client = this.#seen(isAsked ? event.from : event.to, event.doneAt);
    this.#countBytes(event);
    switch (event.kind) {
      case "http.request":
        this.#tally.count("requests");
        client.open += 1;
        client.requestBytes = event.bytes;
        break;
      case "socket.open":
        client.open += 1;
        break;
      case "http.response":
        client.open = Math.max(0, client.open - 1);
        this.#answered(event, client);
        break;
      case "socket.close":
        client.open = Math.max(0, client.open - 1);
        if (client.open === 0) this.clients.delete(isAsked ? event.from : event.to);
        break;
      default:
        break;
    }
  }

  snapshot(nowMs: number, held: number): PatternMetrics {
    this.#forgetQuiet(nowMs);
    this.#tally.advance(nowMs, this.clients.size);
    return {
      ...this.#tally.totals,
      held,
      clients: this.clients.size,
      latencyMs: NO_LATENCY,
      window: { ...this.#tally.window(nowMs), latencyMs: NO_LATENCY },
    };
  }

  reset(nowMs: number): void {
    this.#tally.reset(nowMs);
  }

  #answered(event: TraceEvent, client: SeenClient): void {
    if (event.info?.poll !== true || event.outcome === "error") return;
    if (event.outcome !== "idle") this.#tally.count("polls");
    else if (event.perturbed === undefined) {
      this.#tally.count("polls");
      this.#tally.count("idleRequests");
      this.#tally.count("idleBytes", event.bytes + client.requestBytes);
    }
  }

  #seen(id: Participant, nowMs: number): SeenClient {
    const known = this.clients.get(id);
    if (known) {
      known.lastMs = nowMs;
      return known;
    }
    const client = { lastMs: nowMs, open: 0, requestBytes: 0 };
    if (this.clients.size < MOST_CLIENTS) this.clients.set(id, client);
    return client;
  }

  #forgetQuiet(nowMs: number): void {
    for (const [id, { open, lastMs }] of this.clients) {
      if (open === 0 && nowMs - lastMs > PRESENT_MS) this.clients.delete(id);
    }
  }

  /** A packet of the polling transport is inside of a body that was counted. */
  #countBytes(event: TraceEvent): void {
    const isPacket = event.kind === "packet";
    if (isPacket || event.kind === "frame") this.#tally.count("frames");
    if (!isPacket || event.info?.transport !== "polling")
      this.#tally.count("wireBytes", event.bytes);
  }
}
