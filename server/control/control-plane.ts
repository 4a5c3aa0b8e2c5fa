/**
 * The control plane's centre: holds what is wanted, supervises wire, fleet and replicas, and shows
 * the whole as one snapshot. What people may ask of it is in `commands.ts`; HTTP is in `api/`.
 */
import type { ChildProcess } from "node:child_process";
import { type Clock, ProtocolClock, type Timer } from "../../shared/clock.ts";
import type { Cluster, Fleet, Health, Marker, Snapshot } from "../../shared/contracts/control.ts";
import { PATTERNS, type Pattern, type ReplicaId } from "../../shared/contracts/ids.ts";
import type { WireMetrics } from "../../shared/contracts/metrics.ts";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import type { FleetConfig } from "../fleet/contract.ts";
import { isLoopback, knownHostNames, urlHost } from "./access.ts";
import { CostWatch } from "./cost-watch.ts";
import { FleetLink } from "./fleet-link.ts";
import { healthOf } from "./health.ts";
import type { Log } from "./log.ts";
import { replicaEnvironment } from "./replica-environment.ts";
import { Replicas } from "./replicas.ts";
import type { Parts } from "./running-part.ts";
import { SettingsInForce } from "./settings.ts";
import { TapPortBook } from "./tap-ports.ts";
import { balancerPort, wireConfig } from "./topology.ts";
import { Traffic } from "./traffic.ts";
import type { EventKeeper, Watchers } from "./watchers.ts";
import { WireLink } from "./wire-link.ts";

const SNAPSHOT_DELAY_MS = 100;
const FOLLOWED_CLIENTS = 4;

export interface ControlPlaneOptions {
  clock: Clock;
  /** Ms since the epoch. */
  wallMs(): number;
  random(): number;
  log: Log;
  version: string;
  host: string;
  port: number;
  parts: Parts;
  journal: EventKeeper;
  fork(name: "wire" | "fleet" | "replica", env?: Record<string, string>): ChildProcess;
}

export class ControlPlane {
  readonly options: ControlPlaneOptions;
  readonly settings = new SettingsInForce();
  readonly replicas: Replicas;
  readonly wire: WireLink;
  readonly fleet: FleetLink;
  readonly traffic: Traffic;
  readonly costs: CostWatch;
  /** Wanted by people: clients, arrivals per second. */
  readonly clients: Fleet = { "long-polling": 0, "web-sockets": 0 };
  readonly load: Record<Pattern, number> = { "long-polling": 0, "web-sockets": 0 };
  isWelcomed = false;
  readonly #startedAt: number;
  readonly #tapPorts: TapPortBook;
  readonly #hostNames: string[];
  #watchers: Watchers | undefined;
  #lastMetrics: WireMetrics | undefined;
  #snapshotTimer: Timer | undefined;
  #lastSnapshot = "";
  /** Parts that were said to be down. */
  readonly #down = new Set<string>();
  #isStopping = false;
  readonly #protocolClock: ProtocolClock;

  constructor(options: ControlPlaneOptions) {
    this.options = options;
    const { clock, wallMs, parts } = options;
    this.#tapPorts = new TapPortBook(options.random);
    this.#startedAt = wallMs();
    this.#hostNames = knownHostNames(options.host);
    this.wire = this.#makeWire();
    this.traffic = this.#makeTraffic();
    this.#protocolClock = new ProtocolClock(clock);
    this.fleet = new FleetLink({
      clock,
      protocolClock: this.#protocolClock,
      fork: () => options.fork("fleet"),
      desired: () => this.#fleetConfig(),
      onViews: (views) => this.#watchers?.clients(views),
      onFigures: (figures, use) => {
        this.costs.fleetFigures(figures);
        this.costs.reported("fleet", this.fleet.process.pid, use);
      },
      onState: ({ state, note }) => {
        if (state === "down") this.costs.fleetFigures(undefined);
        this.#partChanged("fleet", state, note);
      },
    });
    this.replicas = new Replicas({
      clock,
      wallMs,
      fork: (pattern, id, settings) => this.#forkReplica(pattern, id, settings),
      settings: () => this.settings.replica,
      autoRestart: () => this.settings.current.autoRestart && !this.#isStopping,
      steer: () => this.steerWire(),
      mark: (text, tone, pattern) => this.mark(text, tone, pattern),
      allocatePorts: (id) => this.#tapPorts.allocate(id),
    });
    this.costs = new CostWatch({
      clock,
      parts,
      replicas: () => this.replicas.all,
      limits: () => ({ ...options.journal.limits(), ...this.#watchers?.limits() }),
    });
    parts.broker.onChange(({ state, note }) => this.#partChanged("broker", state, note));
    parts.store.onChange(({ state, note }) => this.#partChanged("message store", state, note));
  }

  watch(watchers: Watchers): void {
    this.#watchers = watchers;
  }

  get watchers(): Watchers | undefined {
    return this.#watchers;
  }

  /** Rejects if the wire cannot listen; a replica that fails to start is tried again later. */
  async start(replicas: number): Promise<void> {
    await this.wire.start();
    const scaled = PATTERNS.map((pattern) => this.replicas.scale(pattern, replicas));
    await Promise.all([this.fleet.start(), ...scaled]);
    this.replicas.startChecks(() => this.changed());
    this.costs.start();
  }

  /** In the order in which nobody misses anybody: who asks goes before who answers. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#snapshotTimer?.cancel();
    this.costs.stop();
    await this.fleet.stop(1_000);
    await this.replicas.shutDown(2_000);
    await this.wire.stop(1_000);
  }

  kill(): void {
    this.#isStopping = true;
    this.fleet.kill();
    this.replicas.killNow();
    this.wire.kill();
  }

  url(pattern: Pattern): string {
    const { host, port } = this.options;
    const isEverywhere = host === "0.0.0.0" || host === "::";
    const name = isEverywhere || isLoopback(host) ? "127.0.0.1" : urlHost(host);
    return `http://${name}:${balancerPort(port, pattern)}`;
  }

  /** Add to an event's time to get ms since the epoch. */
  get offsetMs(): number {
    return this.wire.offsetMs;
  }

  health(): Health {
    const { parts, version } = this.options;
    const processes = [this.wire.state, this.fleet.state];
    const replicas = PATTERNS.flatMap((pattern) => this.#views(pattern));
    return healthOf(version, parts, processes, replicas);
  }

  cluster(): Cluster {
    const of = (pattern: Pattern) => ({ url: this.url(pattern), replicas: this.#views(pattern) });
    return {
      patterns: { "long-polling": of("long-polling"), "web-sockets": of("web-sockets") },
      welcomed: this.isWelcomed,
      wire: this.wire.process,
      fleet: this.fleet.process,
    };
  }

  snapshot(): Snapshot {
    return {
      startedAt: this.#startedAt,
      health: this.health(),
      cluster: this.cluster(),
      settings: this.settings.current,
      fleet: { ...this.clients },
      load: { ...this.load },
    };
  }

  /** Tells the watchers, soon: many changes at once make one snapshot. */
  changed(): void {
    if (this.#isStopping) return;
    this.#snapshotTimer ??= this.options.clock.after(SNAPSHOT_DELAY_MS, () => {
      this.#snapshotTimer = undefined;
      const snapshot = this.snapshot();
      const text = JSON.stringify(snapshot);
      if (text !== this.#lastSnapshot) this.#watchers?.snapshot(snapshot);
      this.#lastSnapshot = text;
    });
  }

  mark(text: string, tone: Marker["tone"] = "info", pattern?: Pattern): void {
    const marker: Marker = { at: this.wire.now(), text, tone, ...(pattern && { pattern }) };
    this.options.journal.mark(marker);
    this.#watchers?.marker(marker);
    this.changed();
  }

  /** Resolves once the balancers and taps are as wanted; a wire that fails is restarted as wanted. */
  async steerWire(): Promise<void> {
    if (this.#isStopping) return;
    this.changed();
    try {
      await this.wire.steer();
    } catch (error) {
      this.options.log.error({ error }, "the wire could not be steered");
      this.mark(`The wire refused a change: ${String(error)}`, "bad");
    }
  }

  #makeTraffic(): Traffic {
    return new Traffic({
      wire: this.wire,
      setClockRate: async (rate) => {
        this.#protocolClock.setRate(rate);
        this.settings.setClockRate(rate);
        await Promise.all([this.replicas.applySettings(), this.fleet.steer()]);
      },
      mark: (text) => this.mark(text),
      onChange: (state) => this.#watchers?.held(state),
    });
  }

  #makeWire(): WireLink {
    const { clock, wallMs, journal, fork } = this.options;
    return new WireLink({
      clock,
      wallMs,
      fork: () => fork("wire"),
      desired: () =>
        wireConfig({
          host: this.options.host,
          controlPort: this.options.port,
          settings: this.settings.current,
          upstreams: (pattern) => this.replicas.of(pattern).map((replica) => replica.upstream()),
          tapPorts: (id) => this.#tapPorts.of(id),
          ...this.options.parts,
          hostNames: this.#hostNames,
          hold: this.traffic.order,
        }),
      onHeld: (state) => this.traffic.heard(state),
      onEvents: (events, dropped) => {
        journal.append(events, dropped);
        this.#watchers?.events(events);
      },
      onMetrics: (metrics, use) => {
        this.costs.reported("wire", this.wire.process.pid, use);
        this.#lastMetrics = metrics;
        this.#watchers?.metrics(this.costs.completed(metrics));
      },
      onState: ({ state, note }) => this.#partChanged("wire", state, note),
    });
  }

  #views(pattern: Pattern) {
    const held = (id: ReplicaId) => this.#lastMetrics?.replicas[id]?.held ?? 0;
    return this.replicas.views(pattern, held);
  }

  #fleetConfig(): FleetConfig {
    return {
      urls: { "long-polling": this.url("long-polling"), "web-sockets": this.url("web-sockets") },
      counts: { ...this.clients },
      settings: this.settings.clients,
      load: { ...this.load },
      followed: FOLLOWED_CLIENTS,
      generation: this.settings.generation,
      clockRate: this.settings.clockRate,
    };
  }

  #forkReplica(pattern: Pattern, id: ReplicaId, settings: ReplicaSettings): ChildProcess {
    const { parts, fork, port } = this.options;
    const taps = this.#tapPorts.of(id);
    if (taps === undefined) throw new Error(`${id} has no tap ports.`);
    const origins = this.#hostNames.map((name) => `http://${name}:${port}`);
    return fork("replica", replicaEnvironment({ pattern, id, parts, taps, settings, origins }));
  }

  #partChanged(name: string, state: "up" | "down", note: string): void {
    if (this.#isStopping) return;
    const level = state === "down" ? "warn" : "info";
    this.options.log[level]({ part: name, state, note }, "a part changed");
    if (name === "wire") {
      if (state === "down") this.#lastMetrics = undefined; // Nobody is held by what is not there.
      this.traffic.wireIs(state);
    }
    if (state === "down") {
      this.#down.add(name);
      this.mark(note, "bad");
    } else if (this.#down.delete(name)) this.mark(`The ${name} is up again.`);
  }
}
