/**
 * Where one request goes: asks for a replica, takes a connection to it, and keeps the replica's books
 * (busy, held) in order. Which failures lead to another try is the exchange's decision.
 */
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { ClientSide } from "./client-side.ts";
import type { OwnAnswer } from "./own-answer.ts";
import type { Served, UpstreamConnection } from "./upstream-connection.ts";
import type { UpstreamPool } from "./upstream-pool.ts";
import type { Busy, Place, Upstreams } from "./upstreams.ts";

export interface PlacementOptions {
  upstreams: Upstreams;
  target: HttpTarget;
  method: string;
  /** It counts among what the replica holds while it waits. */
  isHeld: boolean;
  client: Pick<ClientSide, "poolOf">;
  exchange: Served & Busy;
}

export class Placement {
  readonly #options: PlacementOptions;
  /** The ways to replicas that have failed this request. */
  #tried: UpstreamPool[] = [];
  #pool: UpstreamPool | undefined;
  /** The replica it went to last, even when it has left it. */
  place: Place | undefined;
  upstream: UpstreamConnection | undefined;

  constructor(options: PlacementOptions) {
    this.#options = options;
  }

  /** Undefined: `place` and `upstream` are set. Else what to answer. `fresh`: on a new connection. */
  acquire({ fresh }: { fresh: boolean }): OwnAnswer | undefined {
    const { upstreams, target, method, isHeld, client, exchange } = this.#options;
    const choice = upstreams.choose(target, this.#tried);
    if ("answer" in choice) return choice.answer;
    const { place } = choice;
    place.enter(exchange, isHeld);
    this.place = place;
    this.#pool = place.pool;
    const pool = client.poolOf(place);
    this.upstream = fresh ? pool.open() : pool.take();
    this.upstream.serve(exchange, method);
    return undefined;
  }

  /** This replica failed: not there again. */
  exclude(): void {
    if (this.#pool) this.#tried = [...this.#tried, this.#pool];
  }

  /** The connection may serve another request, if `mayStay`. */
  release(mayStay: boolean): void {
    this.#leave()?.release(mayStay);
  }

  /** The connection is of no use any more. */
  abandon(): void {
    this.#leave()?.abandon();
  }

  /** The connection's socket becomes somebody else's. */
  hand(): UpstreamConnection | undefined {
    return this.#leave();
  }

  #leave(): UpstreamConnection | undefined {
    const { upstream } = this;
    const { exchange, isHeld } = this.#options;
    this.upstream = undefined;
    this.place?.leave(exchange, isHeld);
    return upstream;
  }

  /** The other side of the client in events. `balancer`: nobody got the request. */
  participant(balancer: Participant): Participant {
    return this.place ? `replica:${this.place.replica}` : balancer;
  }
}
