/**
 * Puts the playground together: parts (broker, store) → wire → replicas → fleet, and beside them
 * journal, feed, page and API on the control port. Starts it in that order, stops it backwards.
 */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { fileURLToPath } from "node:url";
import type { Clock } from "../shared/clock.ts";
import { PATTERNS } from "../shared/contracts/ids.ts";
import { traceToMermaid } from "../shared/trace/mermaid.ts";
import { Access, knownHostNames } from "./control/access.ts";
import { createControlApp } from "./control/api/http-server.ts";
import { routes } from "./control/api/routes.ts";
import type { Surroundings } from "./control/api/surroundings.ts";
import { Commands } from "./control/commands.ts";
import { ControlPlane } from "./control/control-plane.ts";
import { forkMain } from "./control/fork-module.ts";
import { type Log, say } from "./control/log.ts";
import { clearMessageStore } from "./control/store-admin.ts";
import type { TargetWish } from "./control/target/target-wish.ts";
import { balancerPort } from "./control/topology.ts";
import { type DataFolder, openDataFolder } from "./embedded/data-folder.ts";
import { locateBroker, locateStore } from "./embedded/locate.ts";
import type { BrokerKind, Part, PartReports, StoreKind } from "./embedded/part.ts";
import { Feed } from "./journal/feed.ts";
import { Journal } from "./journal/journal.ts";
import { recordingText } from "./journal/recording.ts";

/** So many of the newest events are looked through for the Mermaid text. */
const MERMAID_EVENTS = 2_000;
const PARTS_STARTED_WITHIN_MS = 5_000;

export interface PlaygroundOptions {
  clock: Clock;
  log: Log;
  version: string;
  host: string;
  port: number;
  replicas: number;
  dataDir: string;
  token: string | undefined;
  /** A server of somebody else's to watch. */
  target: TargetWish | undefined;
}

export class Playground {
  readonly #options: PlaygroundOptions;
  readonly #journal = new Journal();
  #data: DataFolder | undefined;
  #broker: Part<BrokerKind> | undefined;
  #store: Part<StoreKind> | undefined;
  #plane: ControlPlane | undefined;
  #surroundings: Surroundings | undefined;
  #http: Server | undefined;
  #feed: Feed | undefined;
  #partsStarting: Promise<unknown> | undefined;
  #isStopping = false;

  constructor(options: PlaygroundOptions) {
    this.#options = options;
  }

  /** Rejects, in words for a person, where it cannot start or is stopped first; `stop` cleans up. */
  async start(): Promise<void> {
    const { host, port, dataDir, replicas } = this.#options;
    this.#http = await this.#listen(host, port);
    this.#data = await openDataFolder(dataDir, new Date());
    const parts = await this.#startParts();
    if (this.#isStopping) throw new Error("Stopped while it was starting.");
    const plane = this.#compose(parts);
    say("Starting replicas …");
    await plane.start(replicas);
  }

  /** What to do with the target, in words; nothing where there is none. */
  targetInstructions(): string[] {
    return this.#plane?.target?.instructions(this.#broker) ?? [];
  }

  async stop(): Promise<void> {
    this.#isStopping = true;
    const http = this.#http;
    // It waits for requests under way, and those for what is stopped below.
    const feedClosed = this.#feed?.close();
    await this.#plane?.stop();
    await this.#partsStarted();
    await Promise.all([this.#broker?.stop(), this.#store?.stop()]);
    http?.close();
    http?.closeAllConnections();
    await feedClosed;
    await this.#data?.release();
  }

  kill(): void {
    this.#plane?.kill();
  }

  /** What is just being started can only be stopped once it is there, within reason. */
  async #partsStarted(): Promise<void> {
    const { clock } = this.#options;
    const late = new Promise<void>((resolve) => void clock.after(PARTS_STARTED_WITHIN_MS, resolve));
    await Promise.race([this.#partsStarting, late]);
  }

  async #startParts(): Promise<{ broker: Part<BrokerKind>; store: Part<StoreKind> }> {
    const { clock, dataDir } = this.#options;
    const located = {
      env: process.env,
      dataDir,
      clock,
      random: Math.random,
      reports: this.#reports(),
    };
    const [brokerPlan, storePlan] = await Promise.all([
      locateBroker(located),
      locateStore(located),
    ]);
    say("Starting broker and message store …");
    // One that fails must not leave the other running: each is kept as soon as it is there.
    const starting = Promise.allSettled([
      brokerPlan.start().then((broker) => (this.#broker = broker)),
      storePlan.start().then((store) => (this.#store = store)),
    ]);
    this.#partsStarting = starting;
    for (const start of await starting) if (start.status === "rejected") throw start.reason;
    const { broker, store } = { broker: this.#broker, store: this.#store };
    if (broker === undefined || store === undefined)
      throw new Error("Broker and store must be there.");
    for (const { state, note } of [broker, store]) if (state === "down") say(note);
    return { broker, store };
  }

  #reports(): PartReports {
    return { progress: say, log: (text) => this.#options.log.info(text) };
  }

  #compose(parts: { broker: Part<BrokerKind>; store: Part<StoreKind> }): ControlPlane {
    const { clock, log, version, host, port, target } = this.#options;
    const journal = this.#journal;
    const plane = new ControlPlane({
      clock,
      wallMs: () => performance.timeOrigin + performance.now(),
      random: Math.random,
      log,
      version,
      host,
      port,
      target,
      parts,
      journal,
      fork: (name, env) => forkMain(log, name, env),
    });
    this.#plane = plane;
    this.#surroundings = {
      plane,
      commands: new Commands(plane, () => clearMessageStore(parts.store.url)),
      journal,
      recording: () =>
        recordingText(journal, { snapshot: () => plane.view.snapshot(), offsetMs: plane.offsetMs }),
      mermaid: () => traceToMermaid(journal.opening(MERMAID_EVENTS).events),
    };
    this.#feed = this.#openFeed(plane);
    plane.watch(this.#feed);
    return plane;
  }

  #openFeed(plane: ControlPlane): Feed {
    if (this.#http === undefined) throw new Error("The control port must be open first.");
    return new Feed({
      http: this.#http,
      journal: this.#journal,
      clock: this.#options.clock,
      isAllowed: (request) => this.#access().refusal(request) === undefined,
      now: () => plane.wire.now(),
      snapshot: () => plane.view.snapshot(),
    });
  }

  #access(): Access {
    const { host, port, token } = this.#options;
    return new Access({ hostNames: knownHostNames(host), port, token });
  }

  /** Opened first, so that a port in use is known before anything is started. */
  #listen(host: string, port: number): Promise<Server> {
    const hostNames = knownHostNames(host);
    const named = hostNames.filter((name) => !name.startsWith("[")); // CSP knows no IPv6 literals.
    const connectTo = PATTERNS.flatMap((pattern) =>
      named.flatMap((name) => {
        const place = `${name}:${balancerPort(port, pattern)}`;
        return [`http://${place}`, `ws://${place}`];
      }),
    );
    const app = createControlApp({
      access: this.#access(),
      routes,
      surroundings: () => this.#surroundings,
      pageDir: fileURLToPath(new URL("../playground/", import.meta.url)),
      connectTo,
      log: this.#options.log,
    });
    const server = createServer(app);
    return new Promise((resolve, reject) => {
      server.once("error", reject);
      server.listen({ host, port, exclusive: true }, () => {
        this.#options.log.info({ address: server.address() as AddressInfo }, "control port open");
        resolve(server);
      });
    });
  }
}
