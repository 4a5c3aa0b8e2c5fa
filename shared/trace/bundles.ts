/**
 * Which hops are drawn as one thick arrow: same ends, same label, within a short time of the first.
 * When a half gets more rows a second than anyone can follow, hops that differ only in the details
 * of their label are bundled too. Bundling decides; `sequence.ts` makes and counts the rows.
 */
import type { TraceEvent } from "./event.ts";
import type { HopRow } from "./rows.ts";

const BUNDLE_MS = 250;
const BUSY_BUNDLE_MS = 1_000;
/** Rows in one second, in one half, above which it counts as busy; and below which no more. */
const BUSY_ROWS = 40;
const CALM_ROWS = 15;

/** `GET after=41` → `GET`, `200 [42]` → `200 [ ]`: what a kind of hop is called, whatever it carries. */
export function genericLabel(label: string): string {
  return label
    .replace(/“[^”]*”/gu, "")
    .replace(/=\S+/gu, "")
    .replace(/\[\d[^\]]*\]/gu, "[…]")
    .replace(/\b(message|push|id|ack) \d+/gu, "$1")
    .replace(/\s+after$/u, "")
    .trim();
}

export class Bundles {
  readonly #open = new Map<string, HopRow>();
  #busy = false;
  #secondStartMs = Number.NEGATIVE_INFINITY;
  #rowsThisSecond = 0;

  get busy(): boolean {
    return this.#busy;
  }

  /** The row this hop belongs to, if there is one. `shared`: an end of it stands for many. */
  find(event: TraceEvent, from: number, to: number, shared: boolean): HopRow | null {
    if (!shared && !this.#busy) return null;
    const key = this.#key(event, from, to);
    const row = this.#open.get(key);
    if (row === undefined) return null;
    const withinMs = this.#busy ? BUSY_BUNDLE_MS : BUNDLE_MS;
    if (event.doneAt - row.event.doneAt <= withinMs) return row;
    this.#open.delete(key);
    return null;
  }

  /** A new row, which later hops may join. */
  begin(row: HopRow): void {
    const { event } = row;
    this.#open.set(this.#key(event, row.from, row.to), row);
    this.#measure(event.doneAt);
    if (this.#open.size > 500) this.#forgetOld(event.doneAt);
  }

  #key(event: TraceEvent, from: number, to: number): string {
    const label = this.#busy ? genericLabel(event.label) : event.label;
    return `${event.kind} ${from} ${to} ${event.outcome ?? ""} ${label}`;
  }

  #measure(nowMs: number): void {
    this.#rowsThisSecond += 1;
    if (this.#rowsThisSecond > BUSY_ROWS) this.#busy = true;
    if (nowMs - this.#secondStartMs < 1_000) return;
    if (this.#rowsThisSecond < CALM_ROWS || nowMs - this.#secondStartMs > 2_000) this.#busy = false;
    this.#secondStartMs = nowMs;
    this.#rowsThisSecond = 0;
  }

  #forgetOld(nowMs: number): void {
    for (const [key, row] of this.#open) {
      if (nowMs - row.event.doneAt > BUSY_BUNDLE_MS) this.#open.delete(key);
    }
    if (this.#open.size > 500) this.#open.clear();
  }
}
