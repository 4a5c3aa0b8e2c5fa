/**
 * What a person has chosen to see: which patterns, which lens, what is selected.
 * Nothing here changes the cluster.
 */
import { createStore } from "zustand/vanilla";
import type { Pattern } from "../../shared/contracts/ids.ts";

export type Shown = "both" | Pattern;
/** How hops are told: only client, server and broker; in plain words; in the protocol's words. */
export type Lens = "reference" | "plain" | "protocol";
export type Theme = "system" | "light" | "dark";
export type SidePanel = "inspector" | "mermaid" | "charts" | "clients" | "text";

export interface View {
  shown: Shown;
  lens: Lens;
  theme: Theme;
  /** To be read from 8 m. */
  projector: boolean;
  balancerShown: boolean;
  /** The seq of the hop that the inspector shows. */
  selected: number | null;
  panel: SidePanel;
  /** Drawing stands still while events are buffered; traffic goes on. */
  frozen: boolean;
}

export const viewStore = createStore<View>()(() => ({
  shown: "both",
  lens: "protocol",
  theme: "system",
  projector: false,
  balancerShown: false,
  selected: null,
  panel: "inspector",
  frozen: false,
}));
