/** When each of the last quarter million hops was whole, by seq. A ring; what is older is unknown. */
const SLOTS = 2 ** 18;

export class SeqTimes {
  readonly #times = new Float64Array(SLOTS);
  #newest = 0;

  note(seq: number, at: number): void {
    this.#times[seq % SLOTS] = at;
    this.#newest = seq;
  }

  at(seq: number): number | undefined {
    if (seq > this.#newest || seq <= this.#newest - SLOTS) return undefined;
    return this.#times[seq % SLOTS];
  }
}
