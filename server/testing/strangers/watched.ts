/**
 * A stranger's server behind the real wire, with witnesses on both sides of it:
 *
 *   its clients ─► witness ─► balancer ─► witness ─► server ─► witness ─► tap ─► witness ─► its Redis
 */
import { TARGET, TARGET_REPLICA } from "../../../shared/contracts/ids.ts";
import type { PatternMetrics } from "../../../shared/contracts/metrics.ts";
import { NOTHING_ORDERED } from "../../../shared/hold/hold-state.ts";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { findFreePort } from "../../processes/free-ports.ts";
import { systemClock } from "../../processes/system-clock.ts";
import type { WireAnswer, WireAsk, WireConfig } from "../../wire/contract.ts";
import { WireProcess } from "../../wire/wire-process.ts";
import { Witness } from "./witness.ts";

const HOST = "127.0.0.1";

/** A link as those heard it who stand before and behind what watches it. */
export interface WatchedLink {
  port: number;
  outer: Witness;
  inner: Witness;
}

export class WatchedStranger {
  readonly events: TraceEvent[] = [];
  readonly #wire: WireProcess;
  readonly #answers = new Map<number, (answer: WireAnswer) => void>();
  readonly #config: WireConfig = {
    balancers: [],
    taps: [],
    hosts: [],
    origins: [],
    hold: NOTHING_ORDERED,
    faults: [],
  };
  readonly #witnesses: Witness[] = [];
  #asked = 0;

  constructor() {
    this.#wire = new WireProcess({
      clock: systemClock,
      random: Math.random,
      log: () => undefined,
      use: () => ({ cpuMs: 0, rssBytes: 0, loopLagMs: 0 }),
      send: (said, taken) => {
        if (said.type === "events") this.events.push(...said.events);
        if (said.type === "answer") this.#answers.get(said.ask)?.(said.answer);
        taken();
      },
    });
  }

  /** Puts the balancer in front of the server at that port. */
  async serve(serverPort: number): Promise<WatchedLink> {
    const inner = await this.#witness(serverPort);
    const port = await findFreePort(HOST, Math.random);
    this.#config.balancers.push({
      pattern: TARGET,
      host: HOST,
      port,
      balancing: "round-robin",
      sticky: false,
      stranger: true,
      upstreams: [{ replica: TARGET_REPLICA, host: HOST, port: inner.port, state: "ready" }],
    });
    return this.#open(port, inner);
  }

  /** Puts the tap in front of the Redis at that port. */
  async tapRedis(redisPort: number): Promise<WatchedLink> {
    const inner = await this.#witness(redisPort);
    const port = await findFreePort(HOST, Math.random);
    this.#config.taps.push({
      replica: TARGET_REPLICA,
      pattern: TARGET,
      link: "broker",
      host: HOST,
      port,
      target: { host: HOST, port: inner.port },
    });
    return this.#open(port, inner);
  }

  ask(asked: WireAsk): Promise<WireAnswer> {
    const ask = ++this.#asked;
    return new Promise((resolve) => {
      this.#answers.set(ask, resolve);
      void this.#wire.take({ ...asked, ask });
    });
  }

  async metrics(): Promise<PatternMetrics | undefined> {
    const answer = await this.ask({ type: "metrics" });
    return answer.type === "metrics" ? answer.metrics.patterns.target : undefined;
  }

  /** Kinds and labels, as they crossed, of hops that are no set-up. */
  told(): string[] {
    return this.events
      .filter(({ info }) => info?.setup !== true && info?.heartbeat !== true)
      .map(({ kind, label }) => `${kind} ${label}`);
  }

  async stop(): Promise<void> {
    for (const witness of this.#witnesses) witness.stop();
    await this.#wire.close();
  }

  async #open(port: number, inner: Witness): Promise<WatchedLink> {
    await this.ask({ type: "configure", config: this.#config });
    return { port, inner, outer: await this.#witness(port) };
  }

  async #witness(port: number): Promise<Witness> {
    const witness = await Witness.before(port);
    this.#witnesses.push(witness);
    return witness;
  }
}
