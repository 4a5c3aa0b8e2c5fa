/**
 * Chooses which events are drawn when there are more than anyone could look at. Counting is not its
 * business: metrics see every event before it comes here.
 *
 * Whole stories are kept: hops between replicas, broker and store first; of the client hops those of the
 * first few clients always, a response when its request was kept, and others up to a cap a batch.
 */
import { BoundedMap } from "../../shared/bounded-map.ts";
import type { Participant } from "../../shared/contracts/ids.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";

export interface SamplerLimits {
  /** Most events of any kind in a batch. */
  batch: number;
  /** Most client hops in a batch besides those that are always kept. */
  clientHops: number;
  /** Clients of each pattern whose hops are always kept. */
  followed: number;
}

const LIMITS: SamplerLimits = { batch: 2_000, clientHops: 200, followed: 16 };
const STALE_MS = 60_000;

export class Sampler {
  readonly #limits: SamplerLimits;
  /** When each followed client was last seen, by pattern. */
  readonly #followed = new Map<string, Map<Participant, number>>();
  /** Whether a request is drawn, so that its response shares its fate. */
  readonly #requests = new BoundedMap<number, boolean>(50_000);
  #inBatch = 0;
  #clientHops = 0;

  constructor(limits: SamplerLimits = LIMITS) {
    this.#limits = limits;
  }

  get batchLimit(): number {
    return this.#limits.batch;
  }

  startBatch(): void {
    this.#inBatch = 0;
    this.#clientHops = 0;
  }

  keeps(event: TraceEvent): boolean {
    const kept = this.#inBatch < this.#limits.batch && this.#wants(event);
    if (kept) this.#inBatch += 1;
    if (event.kind === "http.request") this.#requests.set(event.seq, kept);
    return kept;
  }

  #wants(event: TraceEvent): boolean {
    const client = clientOf(event);
    if (client === undefined || this.#follows(client, event)) return true;
    const request = event.causes?.[0];
    const fate = request === undefined ? undefined : this.#requests.get(request);
    if (fate !== undefined && request !== undefined) {
      if (event.kind === "http.response") this.#requests.delete(request);
      return fate;
    }
    this.#clientHops += 1;
    return this.#clientHops <= this.#limits.clientHops;
  }

  #follows(client: Participant, event: TraceEvent): boolean {
    const pattern = event.pattern ?? "";
    let followed = this.#followed.get(pattern);
    if (!followed) {
      followed = new Map();
      this.#followed.set(pattern, followed);
    }
    if (!followed.has(client) && followed.size >= this.#limits.followed) {
      for (const [other, seenAt] of followed) {
        if (event.at - seenAt > STALE_MS) followed.delete(other);
      }
      if (followed.size >= this.#limits.followed) return false;
    }
    followed.set(client, event.at);
    return true;
  }
}

function clientOf(event: TraceEvent): Participant | undefined {
  if (event.from.startsWith("client:")) return event.from;
  return event.to.startsWith("client:") ? event.to : undefined;
}
