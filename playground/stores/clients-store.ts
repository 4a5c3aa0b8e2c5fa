/**
 * What clients say of themselves: the fleet's followed ones, as the feed reports them, and the
 * tab's own, as its machines report them. The wire does not see this.
 */
import { createStore } from "zustand/vanilla";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";

/** A view, and when it came, on the wire's clock. */
export interface SeenClient extends ClientView {
  seenAtMs: number;
}

export interface ClientsState {
  fleet: readonly SeenClient[];
  tab: Partial<Record<Pattern, SeenClient>>;
}

export const clientsStore = createStore<ClientsState>()(() => ({ fleet: [], tab: {} }));

export function takeFleetViews(views: readonly ClientView[], nowMs: number): void {
  clientsStore.setState({ fleet: views.map((view) => ({ ...view, seenAtMs: nowMs })) });
}

/** `null` when the tab has left. */
export function takeTabView(pattern: Pattern, view: ClientView | null, nowMs: number): void {
  clientsStore.setState(({ tab }) => {
    const { [pattern]: _left, ...others } = tab;
    return { tab: view === null ? others : { ...others, [pattern]: { ...view, seenAtMs: nowMs } } };
  });
}

/** Everyone who reports, whatever the pattern: the tab first. */
export function everyClient({ tab, fleet }: ClientsState): readonly SeenClient[] {
  return [...Object.values(tab), ...fleet];
}

/** Everyone whose list can be shown: the tab first, then the fleet in its order. */
export function clientsOf(state: ClientsState, pattern: Pattern): readonly SeenClient[] {
  const own = state.tab[pattern];
  const fleet = state.fleet.filter((view) => view.pattern === pattern);
  return own === undefined ? fleet : [own, ...fleet];
}
