/**
 * The server given with `--target`, as the control plane knows it: where it is, how it is reached
 * through the wire, and whether anything answers there. It is nobody's child: it is neither started,
 * stopped nor asked anything. Whether it is up shows in its traffic; only while it is not is there a
 * connection now and then, without a byte, to see it come (TG5).
 */
import { connect } from "node:net";
import type { Clock, Timer } from "../../../shared/clock.ts";
import type { Marker, Replica, Target } from "../../../shared/contracts/control.ts";
import { TARGET, TARGET_REPLICA } from "../../../shared/contracts/ids.ts";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import type { BalancerConfig, TapConfig } from "../../wire/contract.ts";
import { TAP_HOST } from "../tap-ports.ts";
import { type Address, balancerPort, balancerUrl, TARGET_TAP_STEP } from "../topology.ts";
import { hostAndPort, type TargetWish } from "./target-wish.ts";

const PROBE_EVERY_MS = 1_000;
/** After a sign that it may be gone. */
const PROBE_SOON_MS = 100;
const PROBE_WITHIN_MS = 2_000;

export interface WatchedTargetOptions {
  wish: TargetWish;
  clock: Clock;
  /** Where the playground listens. */
  host: string;
  controlPort: number;
  mark(text: string, tone: Marker["tone"]): void;
}

export class WatchedTarget {
  readonly #options: WatchedTargetOptions;
  #state: Extract<Replica["state"], "starting" | "ready" | "failed"> = "starting";
  #reason = "";
  #timer: Timer | undefined;
  #isStopped = false;

  constructor(options: WatchedTargetOptions) {
    this.#options = options;
  }

  start(): void {
    void this.#probe();
  }

  stop(): void {
    this.#isStopped = true;
    this.#timer?.cancel();
  }

  /** What stands in front of it and behind it. */
  wiring(): { balancers: BalancerConfig[]; taps: TapConfig[] } {
    return { balancers: [this.#balancer()], taps: this.#taps() };
  }

  #balancer(): BalancerConfig {
    const { wish, host, controlPort } = this.#options;
    return {
      pattern: TARGET,
      host,
      port: balancerPort(controlPort, TARGET),
      balancing: "round-robin",
      sticky: false,
      stranger: true,
      ...(wish.looksLike && { looksLike: wish.looksLike }),
      upstreams: [{ replica: TARGET_REPLICA, ...wish.server, state: "ready" }],
    };
  }

  #taps(): TapConfig[] {
    const { wish } = this.#options;
    if (wish.broker === undefined) return [];
    return [
      {
        replica: TARGET_REPLICA,
        pattern: TARGET,
        link: "broker",
        host: TAP_HOST,
        port: this.#tapPort,
        target: wish.broker,
      },
    ];
  }

  /** `held`: its open requests and sockets, as the balancer counts them. */
  view(held: number): Target {
    const { wish } = this.#options;
    const replica: Replica = { id: TARGET_REPLICA, state: this.#state, restarts: 0, held };
    if (this.#reason !== "") replica.note = this.#reason;
    return {
      url: this.#url,
      server: `http://${hostAndPort(wish.server)}`,
      replicas: [replica],
      ...(wish.looksLike && { looksLike: wish.looksLike }),
      ...(wish.broker && { broker: { tap: this.#tap, address: hostAndPort(wish.broker) } }),
    };
  }

  /** What to do with it, for whoever has just started the playground, whose own broker is there. */
  instructions(ownBroker: Address | undefined): string[] {
    const { wish } = this.#options;
    const lines = [`Watching http://${hostAndPort(wish.server)}: use it at ${this.#url}.`];
    if (wish.broker) {
      lines.push(`Point your server's Redis at ${this.#tap}.`);
      if (ownBroker && hostAndPort(ownBroker) === hostAndPort(wish.broker)) {
        lines.push("The playground's replicas use that Redis too: each hears what the other says.");
      }
    }
    return lines;
  }

  /** Learns from its traffic whether it is up. */
  heard(events: readonly TraceEvent[]): void {
    for (const { pattern, kind, from, info } of events) {
      if (pattern !== TARGET) continue;
      if (from === `replica:${TARGET_REPLICA}` && kind === "http.response") this.#isUp();
      else if (from === `balancer:${TARGET}` && (info?.status ?? 0) >= 502) {
        this.#probeIn(PROBE_SOON_MS);
      } else if (kind === "socket.close" && info?.closedBy === "server") {
        this.#probeIn(PROBE_SOON_MS);
      }
    }
  }

  /** Of its balancer. */
  get #url(): string {
    return balancerUrl(this.#options.host, this.#options.controlPort, TARGET);
  }

  get #tapPort(): number {
    return this.#options.controlPort + TARGET_TAP_STEP;
  }

  get #tap(): string {
    return hostAndPort({ host: TAP_HOST, port: this.#tapPort });
  }

  #isUp(): void {
    if (this.#state === "ready" || this.#isStopped) return;
    this.#timer?.cancel();
    this.#timer = undefined;
    this.#state = "ready";
    this.#reason = "";
    this.#options.mark(`Your server answers at ${hostAndPort(this.#options.wish.server)}.`, "info");
  }

  #isDown(reason: string): void {
    if (this.#isStopped) return;
    const isNews = this.#state !== "failed";
    this.#state = "failed";
    this.#reason = reason;
    if (isNews) this.#options.mark(reason, "bad");
    this.#probeIn(PROBE_EVERY_MS);
  }

  #probeIn(ms: number): void {
    if (this.#isStopped) return;
    this.#timer ??= this.#options.clock.after(ms, () => {
      this.#timer = undefined;
      void this.#probe();
    });
  }

  async #probe(): Promise<void> {
    const { server } = this.#options.wish;
    const code = await refusalOf(server);
    if (code === undefined) this.#isUp();
    else this.#isDown(`Nothing answers at ${hostAndPort(server)} (${code}). Start your server.`);
  }
}

/** Why no connection can be had there; undefined when one was had. */
function refusalOf({ host, port }: TargetWish["server"]): Promise<string | undefined> {
  return new Promise((resolve) => {
    const socket = connect({ host, port });
    const settle = (code?: string): void => {
      socket.destroy();
      resolve(code);
    };
    socket.setTimeout(PROBE_WITHIN_MS, () => settle("no answer in time"));
    socket.once("connect", () => settle());
    socket.on("error", (error: NodeJS.ErrnoException) => settle(error.code ?? error.message));
  });
}
