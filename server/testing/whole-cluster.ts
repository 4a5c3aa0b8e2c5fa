/**
 * A whole playground as its clients meet it: the built program, two replicas of each pattern, both
 * balancers and all taps. Each broker it can run with is one way to start it.
 */
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { Metrics, PatternMetrics } from "../../shared/contracts/metrics.ts";
import type { Settings } from "../../shared/contracts/settings.ts";
import type { TraceBatch, TraceEvent } from "../../shared/trace/event.ts";
import { TestPlayground } from "../control/testing/playground-process.ts";
import { until } from "../control/testing/until.ts";
import type { Setting } from "../replica/testing/setting.ts";

export class WholeCluster {
  readonly playground: TestPlayground;
  readonly urls: Record<Pattern, string>;

  private constructor(playground: TestPlayground, urls: Record<Pattern, string>) {
    this.playground = playground;
    this.urls = urls;
  }

  static async start(broker: "embedded" | "redis"): Promise<WholeCluster> {
    const playground = await TestPlayground.start({
      args: ["--replicas", "2"],
      env: { PLAYGROUND_BROKER: broker },
    });
    const { patterns } = await playground.cluster();
    return new WholeCluster(playground, {
      "long-polling": patterns["long-polling"].url,
      "web-sockets": patterns["web-sockets"].url,
    });
  }

  async stop(): Promise<void> {
    await this.playground.stop();
  }

  async set(settings: Partial<Settings>): Promise<void> {
    const { status, body } = await this.playground.call("PATCH", "/api/settings", settings);
    if (status !== 200) throw new Error(`PATCH settings: ${status} ${JSON.stringify(body)}`);
  }

  /** So many clients of each pattern are there: polls parked, sockets open and let in. */
  async settle(clients: number): Promise<void> {
    const wanted = { "long-polling": clients, "web-sockets": clients };
    await this.playground.call("PUT", "/api/fleet", wanted);
    await until(
      `${clients} clients of each pattern`,
      () => this.playground.get<Metrics>("/api/metrics"),
      ({ patterns, fleet }) =>
        PATTERNS.every(
          (pattern) =>
            patterns[pattern].held >= clients && (fleet?.[pattern].connected ?? 0) >= clients,
        ),
    );
  }

  /** Figures begin at nothing from here on. */
  async resetFigures(): Promise<void> {
    await this.playground.call("POST", "/api/reset");
  }

  async figures(pattern: Pattern): Promise<PatternMetrics> {
    return (await this.playground.get<Metrics>("/api/metrics")).patterns[pattern];
  }

  /** Where the trace ends now: what comes later has higher numbers. */
  async traceEnd(): Promise<number> {
    let after = 0;
    for (;;) {
      const { events, next } = await this.#trace(after);
      if (events.length === 0) return after;
      after = next;
    }
  }

  /** The events after that one, as soon as they are so. */
  untilTrace(
    what: string,
    after: number,
    isSo: (events: TraceEvent[]) => boolean,
  ): Promise<TraceEvent[]> {
    return until(what, async () => (await this.#trace(after)).events, isSo);
  }

  #trace(after: number): Promise<TraceBatch> {
    return this.playground.get<TraceBatch>(`/api/trace?after=${after}&limit=10000`);
  }
}

/** The cluster as the contract suites want it: it is started and stopped around them. */
export function behindBalancer(
  name: string,
  pattern: Pattern,
  cluster: () => WholeCluster,
): Setting {
  return {
    name: `whole cluster, ${name}`,
    isBehindOthers: true,
    start: async () => ({
      url: cluster().urls[pattern],
      setPollTimeoutMs: (pollTimeoutMs) => cluster().set({ pollTimeoutMs }),
      stop: async () => undefined,
    }),
  };
}
