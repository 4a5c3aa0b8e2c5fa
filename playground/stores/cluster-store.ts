/**
 * What the control plane last said the cluster is, and whether it still says anything.
 * The feed writes it; controls, topology and banners read it.
 */
import { createStore } from "zustand/vanilla";
import type { Fleet, Snapshot } from "../../shared/contracts/control.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { Settings } from "../../shared/contracts/settings.ts";

export type FeedState = "connecting" | "open" | "lost";

export interface ClusterState {
  snapshot: Snapshot | null;
  feed: FeedState;
}

export const clusterStore = createStore<ClusterState>()(() => ({
  snapshot: null,
  feed: "connecting",
}));

function change(part: (snapshot: Snapshot) => Partial<Snapshot>): void {
  clusterStore.setState(({ snapshot }) =>
    snapshot === null ? {} : { snapshot: { ...snapshot, ...part(snapshot) } },
  );
}

/** What an answer of the API has just confirmed, ahead of the next snapshot. */
export function confirmSettings(settings: Partial<Settings>): void {
  change((snapshot) => ({ settings: { ...snapshot.settings, ...settings } }));
}

export function confirmFleet(fleet: Partial<Fleet>): void {
  change((snapshot) => ({ fleet: { ...snapshot.fleet, ...fleet } }));
}

export function confirmLoad(pattern: Pattern, rate: number): void {
  change((snapshot) => ({ load: { ...snapshot.load, [pattern]: rate } }));
}
