/**
 * One run of chaos: a playground under load, faults drawn from a seed, one after another, each
 * healed by the playground itself before the next; then the verdict. The same seed draws the same
 * faults in the same order, so a run that fails can be had again.
 */
import { setTimeout as wait } from "node:timers/promises";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { Metrics } from "../../shared/contracts/metrics.ts";
import { act } from "./acts.ts";
import type { Client } from "./clients.ts";
import { drawVolley, explain, type Fault } from "./faults.ts";
import { ChaosPlayground } from "./playground.ts";
import { type Random, seeded } from "./random.ts";
import { Traffic } from "./traffic.ts";
import { judge } from "./verdict.ts";

export interface ChaosOptions {
  seed: number;
  faults: number;
  /** How many begin before all is to be well again. */
  together: number;
  /** The longest that anything stands still, ms. */
  longestMs: number;
  broker: "embedded" | "redis";
  replicas: number;
  /** Virtual clients of each pattern, besides those that are judged. */
  fleet: number;
  /** Messages a second of each pattern, besides those whose fate is judged. */
  rate: number;
  /** One line on what is done and seen. */
  say(line: string): void;
}

export interface ChaosReport {
  faults: Fault[];
  /** For each pattern: messages sent, acknowledged, of unknown fate; what the judged clients were given. */
  counts: Record<string, { sent: number; acknowledged: number; unknown: number; given: number }>;
  /** Promises that were broken; empty when all is well. */
  broken: string[];
}

const JUDGED_CLIENTS = 4;
/** Short, so that a client whose replica stands still finds another one within the run. */
const SETTINGS = { pollTimeoutMs: 3_000, pingIntervalMs: 2_000, pingTimeoutMs: 2_000 };
/** What was acknowledged must arrive by itself: no later message may have to bring it. */
const ARRIVED_WITHIN_MS = 20_000;
const FIGURES_RIGHT_WITHIN_MS = 30_000;

export async function runChaos(options: ChaosOptions): Promise<ChaosReport> {
  const { broker, replicas, fleet, rate } = options;
  const playground = await ChaosPlayground.start(broker, replicas);
  const traffic: Traffic[] = [];
  try {
    await playground.call("PATCH", "/api/settings", SETTINGS);
    for (const pattern of PATTERNS) {
      await playground.call("PUT", "/api/fleet", { [pattern]: fleet });
      await playground.call("PUT", "/api/load", { pattern, rate });
      traffic.push(new Traffic(pattern, playground.urls[pattern], JUDGED_CLIENTS));
    }
    const faults = await breakThings(playground, options);
    const broken = await verdict(playground, traffic, options);
    return { faults, counts: countsOf(traffic), broken };
  } finally {
    await Promise.all(traffic.map((one) => one.stop()));
    await playground.stop();
  }
}

async function breakThings(playground: ChaosPlayground, options: ChaosOptions): Promise<Fault[]> {
  const { seed, say } = options;
  const random: Random = seeded(seed);
  const done: Fault[] = [];
  while (done.length < options.faults) {
    const quietMs = random.between(100, 1_000);
    const count = Math.min(options.together, options.faults - done.length);
    const volley = drawVolley(random, { ...options, count });
    done.push(...volley.map(({ fault }) => fault));
    const words = volley.map(({ fault }) => explain(fault)).join(", and meanwhile ");
    await wait(quietMs);
    const since = performance.now();
    const outcomes = volley.map(async ({ fault, afterMs }) => {
      await wait(afterMs);
      return act(fault, playground);
    });
    const refused = (await Promise.all(outcomes)).filter((outcome) => outcome !== "done");
    // Alone, nothing is in a fault's way.
    if (count === 1 && refused.length > 0) throw new Error(refused.join(" "));
    await untilWell(playground, words);
    const tookMs = Math.round(performance.now() - since);
    const not = refused.map((why) => ` (not done: ${why})`).join("");
    say(`${done.length}. ${words}: well again after ${tookMs} ms${not}`);
  }
  return done;
}

async function untilWell(playground: ChaosPlayground, after: string): Promise<void> {
  const look = async () => ((await playground.isWell()) ? true : undefined);
  await playground.until(`well again after: ${after}`, look, 60_000);
}

async function verdict(
  playground: ChaosPlayground,
  traffic: readonly Traffic[],
  { fleet, say }: ChaosOptions,
): Promise<string[]> {
  for (const pattern of PATTERNS) await playground.call("PUT", "/api/load", { pattern, rate: 0 });
  // What is still on its way would come after the last one.
  await playground.until("nothing on its way", async () => isQuiet(await playground.metrics()));
  const broken: string[] = [];
  for (const one of traffic) {
    await one.stopSending();
    const { acknowledged } = one;
    const arrived = () => (one.haveAll(acknowledged) ? true : undefined);
    await playground
      .until("arrived", async () => arrived(), ARRIVED_WITHIN_MS)
      .catch(() => broken.push(`${one.pattern}: acknowledged ones wait for a later message`));
    broken.push(...(await judgeTraffic(playground, one)));
  }
  broken.push(...(await judgeFigures(playground, fleet, say)));
  return broken;
}

function isQuiet({ fleet }: Metrics): true | undefined {
  const isOnItsWay = PATTERNS.some((pattern) => (fleet?.[pattern].load.underWay ?? 0) > 0);
  return isOnItsWay ? undefined : true;
}

/** What the page says in the end, once the last clients are back: a wrong "lost" is taken back by then. */
async function judgeFigures(
  playground: ChaosPlayground,
  clients: number,
  say: ChaosOptions["say"],
): Promise<string[]> {
  let broken: string[] = [];
  const isRight = async () => {
    const metrics = await playground.metrics();
    broken = PATTERNS.flatMap((pattern) => wrongFigures(pattern, metrics, clients));
    return broken.length === 0 ? true : undefined;
  };
  await playground.until("right figures", isRight, FIGURES_RIGHT_WITHIN_MS).catch(() => undefined);
  const { patterns } = await playground.metrics();
  for (const pattern of PATTERNS) {
    say(`${pattern}: the page's ledger counts ${patterns[pattern].deliveries} deliveries`);
  }
  return broken;
}

function wrongFigures(pattern: Pattern, { patterns, fleet }: Metrics, clients: number): string[] {
  const { lost, outOfOrder } = patterns[pattern];
  const connected = fleet?.[pattern].connected ?? 0;
  return [
    ...(lost > 0 ? [`${pattern}: the page's ledger says ${lost} lost`] : []),
    ...(outOfOrder > 0 ? [`${pattern}: the page's ledger says ${outOfOrder} out of order`] : []),
    ...(connected === clients ? [] : [`${pattern}: ${connected} of ${clients} clients are back`]),
  ];
}

async function judgeTraffic(playground: ChaosPlayground, traffic: Traffic): Promise<string[]> {
  const last = await traffic.sendLast();
  const newcomer = traffic.newcomer();
  const everybody: Client[] = [...traffic.clients, newcomer];
  const haveAll = async () => (everybody.every(({ cursor }) => cursor >= last) ? true : undefined);
  // Who has not got everything by then is named by the judge.
  await playground
    .until("all have the last one", haveAll, ARRIVED_WITHIN_MS)
    .catch(() => undefined);
  await newcomer.stop();
  // It is the judge's witness of what is stored.
  if (newcomer.cursor < last) return [`${traffic.pattern}: a newcomer cannot read the whole room`];
  const broken = judge({
    isOrdered: traffic.pattern === "long-polling",
    sent: traffic.sent,
    stored: [...newcomer.received].sort((one, other) => one.id - other.id),
    witnesses: everybody,
  });
  return broken.map((sentence) => `${traffic.pattern}: ${sentence}`);
}

function countsOf(traffic: readonly Traffic[]): ChaosReport["counts"] {
  return Object.fromEntries(
    traffic.map(({ pattern, sent, clients }) => [
      pattern,
      {
        sent: sent.length,
        acknowledged: sent.filter(({ outcome }) => outcome.kind === "acknowledged").length,
        unknown: sent.filter(({ outcome }) => outcome.kind === "unknown").length,
        given: clients.reduce((sum, { received }) => sum + received.length, 0),
      },
    ]),
  );
}
