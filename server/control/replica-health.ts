/** What the health checks of one replica have shown: whether it answers, and what it costs. */
import type { ReplicaStats } from "../../shared/contracts/replica-admin.ts";

/** So many checks in a row may fail before a replica leaves the rotation. */
const MISSES_ALLOWED = 2;

export class ReplicaHealth {
  #misses = 0;
  #last: { stats: ReplicaStats; atMs: number } | undefined;
  #cpuPercent: number | undefined;

  get isAnswering(): boolean {
    return this.#misses <= MISSES_ALLOWED;
  }

  /** What it said of itself last, and when (control plane's clock, ms). */
  get last(): { stats: ReplicaStats; atMs: number } | undefined {
    return this.#last;
  }

  get costs(): { cpuPercent?: number; rssBytes?: number; loopLagMs?: number } {
    if (this.#last === undefined) return {};
    const { rssBytes, loopLagMs } = this.#last.stats;
    return {
      rssBytes,
      loopLagMs,
      ...(this.#cpuPercent !== undefined && { cpuPercent: this.#cpuPercent }),
    };
  }

  /** What is wrong, in plain words, if anything. */
  get note(): string | undefined {
    if (!this.isAnswering) return "It does not answer its health checks.";
    const stats = this.#last?.stats;
    const away = [
      ...(stats?.broker === "down" ? ["the broker"] : []),
      ...(stats?.store === "down" ? ["the message store"] : []),
    ];
    return away.length > 0 ? `It cannot reach ${away.join(" and ")}.` : undefined;
  }

  answered(stats: ReplicaStats, atMs: number): void {
    if (this.#last !== undefined && atMs > this.#last.atMs) {
      const usedMs = stats.cpuMs - this.#last.stats.cpuMs;
      this.#cpuPercent = Math.round((1_000 * usedMs) / (atMs - this.#last.atMs)) / 10;
    }
    this.#last = { stats, atMs };
    this.#misses = 0;
  }

  missed(): void {
    this.#misses++;
  }
}
