/**
 * What clients did with their answers, from how their own counts grew between two reports.
 * The wire cannot see this; the diagram draws it hollow.
 */
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Diagram } from "../../shared/trace/diagram.ts";

const MAX_CLIENTS = 1_000;

export class ClientReports {
  readonly #before = new Map<string, Pick<ClientView, "updates" | "idleAnswers">>();

  /** True if anything is to be drawn that was not. */
  take(views: readonly ClientView[], diagram: Diagram): boolean {
    let news = false;
    for (const view of views) {
      const before = this.#before.get(view.id) ?? view;
      this.#before.set(view.id, { updates: view.updates, idleAnswers: view.idleAnswers });
      const updates = view.updates - before.updates;
      const idle = view.idleAnswers - before.idleAnswers;
      if (updates > 0) diagram.report(`client:${view.id}`, "updated", updates);
      if (idle > 0) diagram.report(`client:${view.id}`, "nothing", idle);
      news = news || updates > 0 || idle > 0;
    }
    if (this.#before.size > MAX_CLIENTS) this.#before.clear();
    return news;
  }

  clear(): void {
    this.#before.clear();
  }
}
