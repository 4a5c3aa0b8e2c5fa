/**
 * What a person has chosen to see: which patterns, which lens, what is selected.
 * Nothing here changes the cluster. `view-url.ts` keeps the lasting part of it in the address.
 */
import { createStore } from "zustand/vanilla";
import { isPattern, PATTERNS, type Pattern, type Side } from "../../shared/contracts/ids.ts";

/** Both patterns, one of them, or the server given with `--target`. */
export type Shown = "both" | Side;
/** How hops are told: only client, server and broker; in plain words; in the protocol's words. */
export type Lens = "reference" | "plain" | "protocol";
export type Theme = "system" | "light" | "dark";
export type SidePanel =
  | "inspector"
  | "clients"
  | "charts"
  | "verdict"
  | "reference"
  | "mermaid"
  | "machine"
  | "code"
  | "text";

export interface View {
  shown: Shown;
  lens: Lens;
  theme: Theme;
  /** To be read from 8 m. */
  projector: boolean;
  balancerShown: boolean;
  brokerShown: boolean;
  storeShown: boolean;
  /** The trace id of the one message that is followed: all other hops are left out. */
  follow: string | null;
  /** The seq of the hop that the inspector shows. */
  selected: number | null;
  /** The id of the client whose machine is shown; null: the first there is. */
  client: string | null;
  panel: SidePanel;
  /** Whether the controls on the left, and the side panel on the right, are open. */
  controlsShown: boolean;
  panelShown: boolean;
  /** Drawing stands still while events are buffered; traffic goes on. */
  frozen: boolean;
}

export const DEFAULT_VIEW: View = {
  shown: "both",
  lens: "protocol",
  theme: "system",
  projector: false,
  balancerShown: false,
  brokerShown: true,
  storeShown: true,
  follow: null,
  selected: null,
  client: null,
  panel: "clients",
  controlsShown: true,
  panelShown: true,
  frozen: false,
};

export const viewStore = createStore<View>()(() => ({ ...DEFAULT_VIEW }));

/** Beside these a hop is selected to be seen there. */
const FOLLOWS_HOPS: ReadonlySet<SidePanel> = new Set(["code", "machine", "verdict"]);

/** Selecting a hop opens the inspector on it, unless its code is being read; `null` lets go of it. */
export function selectHop(seq: number | null): void {
  viewStore.setState(({ panel }) =>
    seq === null
      ? { selected: null }
      : { selected: seq, panel: FOLLOWS_HOPS.has(panel) ? panel : "inspector", panelShown: true },
  );
}

export function showMachine(client: string): void {
  viewStore.setState({ client, panel: "machine", panelShown: true });
}

/** Whose traffic is drawn. */
export function shownSides(shown: Shown): readonly Side[] {
  return shown === "both" ? PATTERNS : [shown];
}

/** The patterns of ours among them: what can be set, sent to and joined. */
export function shownPatterns(shown: Shown): readonly Pattern[] {
  return shownSides(shown).filter(isPattern);
}
