/**
 * The control plane's centre: holds what is wanted, supervises wire, fleet and replicas, and shows
 * the whole as one snapshot. What people may ask of it is in `commands.ts`; HTTP is in `api/`.
 */
import type { ChildProcess } from "node:child_process";
import { type Clock, ProtocolClock } from "../../shared/clock.ts";
import type { Fleet, Marker } from "../../shared/contracts/control.ts";
import {
  PATTERNS,
  type Pattern,
  type ReplicaId,
  type Side,
  TARGET,
} from "../../shared/contracts/ids.ts";
import type { WireMetrics } from "../../shared/contracts/metrics.ts";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import { knownHostNames } from "./access.ts";
import { ClusterView } from "./cluster-view.ts";
import { CostWatch } from "./cost-watch.ts";
import { Faults } from "./faults.ts";
import { fleetConfig } from "./fleet-config.ts";
import { FleetLink } from "./fleet-link.ts";
import type { Log } from "./log.ts";
import { PartNews } from "./part-news.ts";
import { replicaEnvironment } from "./replica-environment.ts";
import { Replicas } from "./replicas.ts";
import type { Parts } from "./running-part.ts";
import { settingFaults } from "./setting-faults.ts";
import { SettingsInForce } from "./settings.ts";
import { SnapshotTeller } from "./snapshot-teller.ts";
import { TapPortBook } from "./tap-ports.ts";
import type { TargetWish } from "./target/target-wish.ts";
import { WatchedTarget, type WatchedTargetOptions } from "./target/watched-target.ts";
import { balancerUrl, wireConfig } from "./topology.ts";
import { Traffic } from "./traffic.ts";
import type { EventKeeper, Watchers } from "./watchers.ts";
import { WireLink } from "./wire-link.ts";

export interface ControlPlaneOptions {
  clock: Clock;
  /** Ms since the epoch. */
  wallMs(): number;
  random(): number;
  log: Log;
  version: string;
  host: string;
  port: number;
  /** A server of somebody else's to watch. */
  target?: TargetWish | undefined;
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
  readonly faults: Faults;
  readonly costs: CostWatch;
  readonly target: WatchedTarget | undefined;
  /** Wanted by people: clients, arrivals per second. */
  readonly clients: Fleet = { "long-polling": 0, "web-sockets": 0 };
  readonly load: Record<Pattern, number> = { "long-polling": 0, "web-sockets": 0 };
  isWelcomed = false;
  /** All of it, to be shown. */
  readonly view: ClusterView;
  readonly #snapshots: SnapshotTeller;
  readonly #tapPorts: TapPortBook;
  readonly #hostNames: string[];
  #watchers: Watchers | undefined;
  #lastMetrics: WireMetrics | undefined;
  readonly #news: PartNews;
  #isStopping = false;
  readonly #protocolClock: ProtocolClock;

  constructor(options: ControlPlaneOptions) {
    this.options = options;
    const { clock, wallMs, parts } = options;
    this.#tapPorts = new TapPortBook(options.random);
    this.#hostNames = knownHostNames(options.host);
    this.#news = new PartNews(options.log, (text, tone) => this.mark(text, tone));
    this.#snapshots = new SnapshotTeller({
      clock,
      snapshot: () => this.view.snapshot(),
      tell: (snapshot) => this.#watchers?.snapshot(snapshot),
    });
    this.target = options.target && this.#makeTarget(options.target);
    this.wire = this.#makeWire();
    this.traffic = this.#makeTraffic();
    this.#protocolClock = new ProtocolClock(clock);
    this.fleet = new FleetLink({
      clock,
      protocolClock: this.#protocolClock,
      fork: () => options.fork("fleet"),
      desired: () => fleetConfig(this),
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
    this.view = this.#makeView();
    this.faults = new Faults({
      wire: this.wire,
      hands: { parts, replicas: this.replicas },
      hasTarget: this.target !== undefined,
      standing: () => settingFaults(this.settings.current),
      clock,
      mark: (text, tone) => this.mark(text, tone),
      onChange: (state) => this.#watchers?.faults(state),
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
    this.target?.start();
    const scaled = PATTERNS.map((pattern) => this.replicas.scale(pattern, replicas));
    await Promise.all([this.fleet.start(), ...scaled]);
    this.replicas.startChecks(() => {
      this.faults.check();
      this.changed();
    });
    this.costs.start();
  }

  /** In the order in which nobody misses anybody: who asks goes before who answers. */
  async stop(): Promise<void> {
    this.#isStopping = true;
    this.#snapshots.stop();
    this.target?.stop();
    this.faults.stop();
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

  /** Of its balancer. */
  url(side: Side): string {
    return balancerUrl(this.options.host, this.options.port, side);
  }

  /** Add to an event's time to get ms since the epoch. */
  get offsetMs(): number {
    return this.wire.offsetMs;
  }

  /** Tells the watchers, soon. */
  changed(): void {
    this.#snapshots.changed();
  }

  mark(text: string, tone: Marker["tone"] = "info", pattern?: Side): void {
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

  #makeView(): ClusterView {
    const { version, parts, wallMs } = this.options;
    const { wire, fleet, replicas, settings, target } = this;
    const shown = { version, parts, wire, fleet, replicas, settings, target };
    return new ClusterView({
      ...shown,
      startedAt: wallMs(),
      url: (side) => this.url(side),
      held: (id) => this.#lastMetrics?.replicas[id]?.held ?? 0,
      wishes: () => ({ welcomed: this.isWelcomed, fleet: this.clients, load: this.load }),
    });
  }

  #makeTarget(wish: TargetWish): WatchedTarget {
    const { clock, host, port: controlPort } = this.options;
    const mark: WatchedTargetOptions["mark"] = (text, tone) => this.mark(text, tone, TARGET);
    return new WatchedTarget({ wish, clock, host, controlPort, mark });
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
          target: this.target?.wiring(),
          hold: this.traffic.order,
          faults: this.faults.orders,
        }),
      onHeld: (state) => this.traffic.heard(state),
      onFaults: (reach) => this.faults.heard(reach),
      onEvents: (events, dropped) => {
        journal.append(events, dropped);
        this.#watchers?.events(events);
        this.target?.heard(events);
      },
      onMetrics: (metrics, use) => {
        this.costs.reported("wire", this.wire.process.pid, use);
        this.#lastMetrics = metrics;
        this.#watchers?.metrics(this.costs.completed(metrics));
      },
      onState: ({ state, note }) => this.#partChanged("wire", state, note),
    });
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
    if (name === "wire") {
      // Nobody is held by what is not there.
      if (state === "down") this.#lastMetrics = undefined;
      else this.faults.wireIsUp();
      this.traffic.wireIs(state);
    }
    this.#news.tell(name, state, note);
  }
}
