/** Says when a part goes and when it is back, once each: in the log and as a marker. */
import type { Marker } from "../../shared/contracts/control.ts";
import type { Log } from "./log.ts";

export class PartNews {
  readonly #log: Log;
  readonly #mark: (text: string, tone?: Marker["tone"]) => void;
  /** Parts that were said to be down. */
  readonly #down = new Set<string>();

  constructor(log: Log, mark: (text: string, tone?: Marker["tone"]) => void) {
    this.#log = log;
    this.#mark = mark;
  }

  tell(name: string, state: "up" | "down", note: string): void {
    this.#log[state === "down" ? "warn" : "info"]({ part: name, state, note }, "a part changed");
    if (state === "down") {
      this.#down.add(name);
      this.#mark(note, "bad");
    } else if (this.#down.delete(name)) this.#mark(`The ${name} is up again.`);
  }
}
