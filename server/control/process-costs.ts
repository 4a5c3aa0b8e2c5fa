/**
 * What every process costs, and what 1,000 deliveries cost in CPU time (rules ME20, ME21). Each
 * process' use is reported here as it becomes known; this adds up and divides, and asks nobody.
 */
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { DeliveryCost, ProcessCost, ProcessKind } from "../../shared/contracts/metrics.ts";

/** Whom the CPU time of a process is charged to. */
type Account = Pattern | Exclude<ProcessKind, "replica">;

export interface Reported {
  name: string;
  kind: ProcessKind;
  /** Whose replica it is. */
  pattern?: Pattern;
  pid?: number;
  /** Since the process started. */
  cpuMs: number;
  rssBytes?: number;
  loopLagMs?: number;
}

interface Known {
  last: Reported;
  atMs: number;
  cpuPercent: number | undefined;
}

/** Everything used and delivered so far, at one moment. */
interface Total {
  atMs: number;
  cpuMs: Partial<Record<Account, number>>;
  deliveries: Record<Pattern, number>;
}

const WINDOW_MS = 60_000;
/** So many totals are kept of a window; the oldest is what the newest is compared with. */
const TOTALS = 60;
/** A process that was not heard of for so long is gone, or stands still. */
const FORGOTTEN_MS = 5_000;

export class ProcessCosts {
  readonly #known = new Map<string, Known>();
  readonly #cpuMs: Total["cpuMs"] = {};
  readonly #deliveries: Total["deliveries"] = { "long-polling": 0, "web-sockets": 0 };
  readonly #counted: Total["deliveries"] = { "long-polling": 0, "web-sockets": 0 };
  #totals: Total[] = [];

  /** The same reading may be reported again; only what is new counts. */
  report(reported: Reported, atMs: number): void {
    const { name, kind, pattern, pid, cpuMs } = reported;
    const before = this.#known.get(name);
    if (before !== undefined && before.atMs >= atMs) return;
    // A new process begins to count with its first reading: starting is no cost of a delivery.
    const isSame = before?.last.pid === pid && before !== undefined && cpuMs >= before.last.cpuMs;
    const usedMs = isSame ? cpuMs - before.last.cpuMs : 0;
    const account = kind === "replica" ? pattern : kind;
    if (account !== undefined) this.#cpuMs[account] = (this.#cpuMs[account] ?? 0) + usedMs;
    const cpuPercent = isSame ? percent(usedMs, atMs - before.atMs) : undefined;
    this.#known.set(name, { last: reported, atMs, cpuPercent });
  }

  /** Deliveries since reset, as the wire counts them. */
  delivered(pattern: Pattern, count: number): void {
    const counted = this.#counted[pattern];
    this.#deliveries[pattern] += count >= counted ? count - counted : count;
    this.#counted[pattern] = count;
  }

  /** About once a second: the window moves on. */
  advance(atMs: number): void {
    const newest = this.#totals.at(-1);
    if (newest !== undefined && atMs - newest.atMs < WINDOW_MS / TOTALS) return;
    this.#totals.push({
      atMs,
      cpuMs: { ...this.#cpuMs },
      deliveries: { ...this.#deliveries },
    });
    this.#totals = this.#totals.filter((total) => atMs - total.atMs <= WINDOW_MS);
  }

  /** The window begins anew, as the wire's counts do. */
  reset(): void {
    this.#totals = [];
  }

  processes(nowMs: number): Record<string, ProcessCost> {
    const all: Record<string, ProcessCost> = {};
    for (const [name, { last, atMs, cpuPercent }] of this.#known) {
      if (nowMs - atMs > FORGOTTEN_MS) {
        this.#known.delete(name);
        continue;
      }
      const { kind, pid, rssBytes, loopLagMs } = last;
      all[name] = {
        kind,
        ...(rssBytes !== undefined && { rssBytes }),
        ...(pid !== undefined && { pid }),
        ...(cpuPercent !== undefined && { cpuPercent }),
        ...(loopLagMs !== undefined && { loopLagMs }),
      };
    }
    return all;
  }

  perThousandDeliveries(nowMs: number): DeliveryCost {
    const oldest = this.#totals[0];
    const cost: DeliveryCost = { windowMs: 0, replicas: {}, shared: {} };
    if (oldest === undefined) return cost;
    cost.windowMs = Math.round(nowMs - oldest.atMs);
    const delivered = (pattern: Pattern) => this.#deliveries[pattern] - oldest.deliveries[pattern];
    const ofBoth = PATTERNS.reduce((total, pattern) => total + delivered(pattern), 0);
    for (const account of Object.keys(this.#cpuMs) as Account[]) {
      const usedMs = (this.#cpuMs[account] ?? 0) - (oldest.cpuMs[account] ?? 0);
      const isPattern = account === "long-polling" || account === "web-sockets";
      const deliveries = isPattern ? delivered(account) : ofBoth;
      if (deliveries === 0) continue;
      const costMs = rounded((1_000 * usedMs) / deliveries);
      if (isPattern) cost.replicas[account] = costMs;
      else cost.shared[account] = costMs;
    }
    return cost;
  }
}

function percent(usedMs: number, ofMs: number): number {
  return Math.round((1_000 * usedMs) / ofMs) / 10;
}

/** To a hundredth. */
function rounded(costMs: number): number {
  return Math.round(costMs * 100) / 100;
}
