/**
 * The replicas a balancer may send to, and which of them the next request goes to: the one the URL
 * names, the one that knows the session, or whichever the policy picks among those that are ready.
 */
import { POLICIES } from "../../../shared/balancing/policies.ts";
import type { ReplicaId } from "../../../shared/contracts/ids.ts";
import type { Metrics } from "../../../shared/contracts/metrics.ts";
import type { Ends } from "../../../shared/faults/link.ts";
import type { BalancerConfig, Upstream } from "../contract.ts";
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import { CUT_REASON, type Cutting } from "../tap/gate.ts";
import type { OwnAnswer } from "./own-answer.ts";
import { MAX_SESSIONS, Sessions } from "./sessions.ts";
import { MAX_IDLE, type UpstreamMaking, UpstreamPool } from "./upstream-pool.ts";

/** Something that keeps a replica busy: an exchange or an open socket. */
export interface Busy {
  /** The replica is gone for good: end now, and say why. */
  cut(reason: string): void;
}

/** One replica, as the balancer sees it. */
export class Place {
  readonly replica: ReplicaId;
  state: Upstream["state"];
  host: string;
  port: number;
  pool: UpstreamPool;
  /** Of clients that share their connections with nobody. */
  readonly ownPools = new Set<UpstreamPool>();
  /** Parked polls and open sockets. */
  held = 0;
  readonly #busy = new Set<Busy>();

  constructor({ replica, state, host, port }: Upstream, pool: UpstreamPool) {
    this.replica = replica;
    this.state = state;
    this.host = host;
    this.port = port;
    this.pool = pool;
  }

  get connections(): number {
    return this.#busy.size;
  }

  enter(busy: Busy, isHeld: boolean): void {
    this.#busy.add(busy);
    if (isHeld) this.held += 1;
  }

  leave(busy: Busy, isHeld: boolean): void {
    if (this.#busy.delete(busy) && isHeld) this.held -= 1;
  }

  cutAll(reason: string): void {
    for (const busy of [...this.#busy]) busy.cut(reason);
  }

  /** Its link is cut: connections to it end. */
  cutHit(ends: Ends, { isHit, meets }: Cutting): void {
    for (const busy of [...this.#busy]) if (isHit(ends)) busy.cut(CUT_REASON);
    if (!meets(ends)) return;
    for (const pool of [this.pool, ...this.ownPools]) pool.dropIdle();
  }
}

export type Choice = { place: Place } | { answer: OwnAnswer };

const none = (code: string, message: string, status = 503): Choice => ({
  answer: { status, code, message },
});

const NOT_READY: Record<Upstream["state"], string> = {
  ready: "is ready",
  draining: "is leaving and takes nothing new",
  out: "is not running",
};

export class Upstreams {
  readonly sessions = new Sessions();
  readonly #places = new Map<ReplicaId, Place>();
  readonly #making: UpstreamMaking;
  #ready: Place[] = [];
  #config: BalancerConfig;
  #turn = 0;

  constructor(config: BalancerConfig, making: UpstreamMaking) {
    this.#making = making;
    this.#config = config;
    this.configure(config);
  }

  /** Returns the places that are out now and were not before: what they hold must be cut. */
  configure(config: BalancerConfig): Place[] {
    this.#config = config;
    const fallen: Place[] = [];
    const named = new Set<ReplicaId>();
    for (const upstream of config.upstreams) {
      named.add(upstream.replica);
      const place = this.#place(upstream);
      if (upstream.state === "out" && place.state !== "out") fallen.push(place);
      place.state = upstream.state;
      if (upstream.state === "out") place.pool.close();
    }
    for (const [replica, place] of this.#places) {
      if (named.has(replica)) continue;
      this.#places.delete(replica);
      place.pool.close();
      if (place.state !== "out") fallen.push(place);
      place.state = "out";
    }
    this.#ready = [...this.#places.values()].filter((place) => place.state === "ready");
    return fallen;
  }

  #place(upstream: Upstream): Place {
    const { replica, host, port } = upstream;
    const known = this.#places.get(replica);
    const isSame = known?.host === host && known.port === port;
    if (known && isSame && known.state !== "out") return known;
    // Started anew, perhaps elsewhere: its old idle connections lead nowhere.
    known?.pool.close();
    const pool = new UpstreamPool({ host, port, ends: this.#endsOf(replica), ...this.#making });
    if (known) return Object.assign(known, { host, port, pool });
    const place = new Place(upstream, pool);
    this.#places.set(replica, place);
    return place;
  }

  /** Connections to that replica for one client alone; to be closed by it. */
  ownPool(place: Place, onIdleEnd: () => void): UpstreamPool {
    const { host, port, replica } = place;
    const pool = new UpstreamPool({
      host,
      port,
      ends: this.#endsOf(replica),
      ...this.#making,
      onIdleEnd,
      onClose: () => place.ownPools.delete(pool),
    });
    place.ownPools.add(pool);
    return pool;
  }

  /** `tried`: what failed this very request. A replica that came back elsewhere has another pool. */
  choose(target: HttpTarget, tried: readonly UpstreamPool[]): Choice {
    // What a stranger's server means by the word is its own affair.
    const named = this.#config.stranger ? undefined : target.query.replica;
    if (named !== undefined) return this.#named(named, tried);
    const sid = target.query.sid;
    if (sid !== undefined && this.#config.sticky) {
      const session = this.sessions.find(sid);
      const place = session && this.#places.get(session.replica);
      if (place && place.state !== "out" && !tried.includes(place.pool)) return { place };
    }
    return this.#anyReady(tried);
  }

  #named(replica: string, tried: readonly UpstreamPool[]): Choice {
    const place = this.#places.get(replica);
    if (!place) return none("unknown-replica", "There is no replica of that name.", 404);
    if (tried.includes(place.pool)) {
      return none(
        "no-replica",
        `Replica ${replica} refused the connection. Nothing was sent to it.`,
      );
    }
    if (place.state === "ready") return { place };
    return none("replica-not-ready", `Replica ${replica} ${NOT_READY[place.state]}.`);
  }

  #anyReady(tried: readonly UpstreamPool[]): Choice {
    const ready =
      tried.length === 0 ? this.#ready : this.#ready.filter((place) => !tried.includes(place.pool));
    const place = POLICIES[this.#config.balancing](ready, this.#turn);
    this.#turn = (this.#turn + 1) % Number.MAX_SAFE_INTEGER;
    return place ? { place } : none("no-replica", this.#whyNone(tried));
  }

  #whyNone(tried: readonly UpstreamPool[]): string {
    if (this.#config.stranger) return this.#whyNotThere();
    const nothing = "The request was not sent to any.";
    if (this.#places.size === 0) return `There is no replica. ${nothing}`;
    if (tried.length > 0) return `No replica accepts a connection. ${nothing}`;
    const words = [...this.#places.values()].map(
      (each) => `${each.replica} ${NOT_READY[each.state]}`,
    );
    return `No replica is ready: ${words.slice(0, 8).join(", ")}. ${nothing}`;
  }

  /** Of a server that is not ours to start. */
  #whyNotThere(): string {
    const [server] = this.#config.upstreams;
    const where = server ? ` at ${server.host}:${server.port}` : "";
    return `The server${where} accepts no connection. Start it, or mend its address; nothing was sent.`;
  }

  cut(cutting: Cutting): void {
    for (const place of this.#places.values()) {
      place.cutHit(this.#endsOf(place.replica), cutting);
    }
  }

  #endsOf(replica: ReplicaId): Ends {
    const { pattern } = this.#config;
    return { from: `balancer:${pattern}`, to: `replica:${replica}`, pattern };
  }

  sweep(nowMs: number): void {
    for (const place of this.#places.values()) place.pool.sweep(nowMs);
  }

  held(): Record<ReplicaId, number> {
    const held: Record<ReplicaId, number> = {};
    for (const place of this.#places.values()) held[place.replica] = place.held;
    return held;
  }

  limits(): Metrics["limits"] {
    const pools = [...this.#places.values()].map(({ pool }) => pool);
    return {
      "idle replica connections": {
        used: pools.reduce((sum, pool) => sum + pool.idle, 0),
        limit: pools.length * MAX_IDLE,
      },
      "sessions known": { used: this.sessions.size, limit: MAX_SESSIONS },
    };
  }

  close(): void {
    for (const place of this.#places.values()) place.pool.close();
  }
}
