/**
 * The balancers and taps that are, made to be as the control plane wants them: what is no longer
 * wanted is closed first, what changed is changed in place where it can be, what is new is opened.
 * Listening ports and open connections of what did not change are left alone.
 */
import type { ReplicaId } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import { type Balancer, createBalancer } from "./balancer/balancer.ts";
import { readOpenFilesLimit, Seats } from "./balancer/seats.ts";
import {
  type BalancerConfig,
  OPEN_FILES_LIMIT,
  type TapConfig,
  type WireConfig,
} from "./contract.ts";
import type { Recorder } from "./hop.ts";
import type { Cutting, Gate } from "./tap/gate.ts";
import { MAX_CONNECTIONS, openTap, type Tap } from "./tap/tap.ts";

export interface WiringOptions {
  recorder: Recorder;
  /** The one gate of all of them. */
  gate: Gate;
  /** Protocol time in ms, which stands still while that gate holds. */
  protocolNow(): number;
  log(words: string): void;
}

type Wanted = Omit<WireConfig, "hold" | "faults">;

interface Place {
  host: string;
  port: number;
}
interface Standing<Config extends Place, Thing> {
  config: Config;
  thing: Thing;
}

export class Wiring {
  readonly #options: WiringOptions;
  readonly #taps = new Map<string, Standing<TapConfig, Tap>>();
  readonly #balancers = new Map<string, Standing<BalancerConfig, Balancer>>();
  readonly #seats = new Seats(readOpenFilesLimit());
  #last: Promise<void> = Promise.resolve();

  constructor(options: WiringOptions) {
    this.#options = options;
  }

  /** Resolves when all listen; rejects in plain words. Calls are carried out one after another. */
  configure(config: Wanted): Promise<void> {
    const done = this.#last.then(() => this.#apply(config));
    this.#last = done.catch(() => undefined); // told to this caller; the next one starts anew
    return done;
  }

  /** Ends what is open on a link that is cut. */
  cut(cutting: Cutting): void {
    for (const { thing } of this.#taps.values()) thing.cut(cutting);
    for (const { thing } of this.#balancers.values()) thing.cut(cutting);
  }

  held(): Record<ReplicaId, number> {
    return Object.assign({}, ...[...this.#balancers.values()].map(({ thing }) => thing.held()));
  }

  /** What balancers and taps keep, and how far it may grow. */
  limits(): Metrics["limits"] {
    const limits: Metrics["limits"] = {};
    for (const [pattern, { thing }] of this.#balancers) {
      for (const [name, limit] of Object.entries(thing.limits())) {
        limits[`${pattern} ${name}`] = limit;
      }
    }
    const { taken, limit, openFiles } = this.#seats;
    if (openFiles !== undefined) {
      limits[OPEN_FILES_LIMIT] = { used: taken, limit };
    }
    const taps = [...this.#taps.values()];
    limits["tap connections"] = {
      used: taps.reduce((sum, { thing }) => sum + thing.connections(), 0),
      limit: taps.length * MAX_CONNECTIONS,
    };
    return limits;
  }

  async close(): Promise<void> {
    await this.#apply({ balancers: [], taps: [], hosts: [], origins: [] });
  }

  async #apply(config: Wanted): Promise<void> {
    const taps = new Map(config.taps.map((tap) => [`${tap.replica}/${tap.link}`, tap]));
    const balancers = new Map(config.balancers.map((one) => [one.pattern, one]));
    this.#seats.leaveRoomFor(taps.size);
    await Promise.all([closeUnwanted(this.#taps, taps), closeUnwanted(this.#balancers, balancers)]);
    const opened = await Promise.allSettled([
      ...[...taps].map(([key, tap]) => this.#tap(key, tap)),
      ...[...balancers.values()].map((one) => this.#balancer(one, config)),
    ]);
    const failed = opened.find((one) => one.status === "rejected");
    if (failed) throw failed.reason;
  }

  async #tap(key: string, config: TapConfig): Promise<void> {
    const standing = this.#taps.get(key);
    if (standing) {
      standing.thing.retarget(config.target);
      standing.config = config;
      return;
    }
    const { recorder, gate, log } = this.#options;
    const thing = await inWords(config, openTap({ config, recorder, gate, log }));
    this.#taps.set(key, { config, thing });
  }

  async #balancer(config: BalancerConfig, { hosts, origins }: Wanted): Promise<void> {
    const standing = this.#balancers.get(config.pattern);
    if (standing) {
      await standing.thing.configure(config, hosts, origins);
      standing.config = config;
      return;
    }
    const { recorder, gate, protocolNow, log } = this.#options;
    const seats = this.#seats;
    const thing = await inWords(
      config,
      createBalancer({ config, hosts, origins, recorder, gate, protocolNow, log, seats }),
    );
    this.#balancers.set(config.pattern, { config, thing });
  }
}

/** Closes what is not wanted any more, or wanted elsewhere. */
async function closeUnwanted<Config extends Place>(
  standing: Map<string, Standing<Config, { close(): Promise<void> }>>,
  wanted: ReadonlyMap<string, Config>,
): Promise<void> {
  const closing: Promise<void>[] = [];
  for (const [key, { config, thing }] of standing) {
    const same = wanted.get(key);
    if (same && same.port === config.port && same.host === config.host) continue;
    standing.delete(key);
    closing.push(thing.close());
  }
  await Promise.all(closing);
}

const LISTEN_PROBLEMS: Record<string, (place: Place) => string> = {
  EADDRINUSE: ({ port }) => `port ${port} is in use`,
  EADDRNOTAVAIL: ({ host }) => `${host} is no address of this machine`,
  EACCES: ({ port }) => `listening on port ${port} is not permitted`,
};

async function inWords<T>(place: Place, opening: Promise<T>): Promise<T> {
  try {
    return await opening;
  } catch (error) {
    const code = error instanceof Error && "code" in error ? String(error.code) : "";
    const words = LISTEN_PROBLEMS[code]?.(place);
    throw words === undefined ? error : new Error(words, { cause: error });
  }
}
