/**
 * What clients did with their answers, from how their own counts grew between two reports.
 * The wire cannot see this; the diagram draws it hollow. A report may come before the batch with
 * the answer it is about: it waits for it a little.
 */
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Diagram } from "../../shared/trace/diagram.ts";

const MAX_CLIENTS = 1_000;
const WAIT_MS = 1_000;

interface Known {
  updates: number;
  idleAnswers: number;
  /** What it reported that has no row yet, and until when it may find one. */
  owed: { updated: number; nothing: number; untilMs: number };
}

export class ClientReports {
  readonly #clients = new Map<string, Known>();

  /** True if anything is to be drawn that was not. */
  take(views: readonly ClientView[], diagram: Diagram, nowMs: number): boolean {
    for (const view of views) this.#note(view, nowMs);
    if (this.#clients.size > MAX_CLIENTS) this.#clients.clear();
    return this.draw(diagram, nowMs);
  }

  /** Draws what is owed, as far as its rows are there by now. */
  draw(diagram: Diagram, nowMs: number): boolean {
    let news = false;
    for (const [id, { owed }] of this.#clients) {
      for (const what of ["updated", "nothing"] as const) {
        if (owed[what] === 0) continue;
        const drawn = diagram.report(`client:${id}`, what, owed[what]);
        owed[what] = nowMs > owed.untilMs ? 0 : owed[what] - drawn;
        news = news || drawn > 0;
      }
    }
    return news;
  }

  clear(): void {
    this.#clients.clear();
  }

  #note({ id, updates, idleAnswers }: ClientView, nowMs: number): void {
    const before = this.#clients.get(id);
    const known = before ?? {
      updates,
      idleAnswers,
      owed: { updated: 0, nothing: 0, untilMs: 0 },
    };
    const { owed } = known;
    owed.updated += Math.max(0, updates - known.updates);
    owed.nothing += Math.max(0, idleAnswers - known.idleAnswers);
    if (updates !== known.updates || idleAnswers !== known.idleAnswers) {
      owed.untilMs = nowMs + WAIT_MS;
    }
    this.#clients.set(id, { updates, idleAnswers, owed });
  }
}
