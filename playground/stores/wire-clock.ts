/** The wire's clock as the page can know it: what the last batch said, and the time since. */
export class WireClock {
  readonly #pageNow: () => number;
  #wireMs = 0;
  #seenAtMs: number;
  #stopped = false;

  constructor(pageNow: () => number) {
    this.#pageNow = pageNow;
    this.#seenAtMs = pageNow();
  }

  /** Whether the wire has said anything yet. */
  get isSet(): boolean {
    return this.#wireMs > 0;
  }

  now(): number {
    return this.#stopped ? this.#wireMs : this.#wireMs + (this.#pageNow() - this.#seenAtMs);
  }

  set(wireMs: number): void {
    this.#wireMs = wireMs;
    this.#seenAtMs = this.#pageNow();
  }

  /** Time that is drawn stands still with a frozen view, and catches up after it. */
  stop(): void {
    this.set(this.now());
    this.#stopped = true;
  }

  start(): void {
    this.#stopped = false;
  }
}
