/** The server given with `--target`, as the page knows it; and which half is shown because of it. */
import { useStore } from "zustand";
import type { Target } from "../../shared/contracts/control.ts";
import { type ClusterState, clusterStore } from "./cluster-store.ts";
import { DEFAULT_VIEW, viewStore } from "./view-store.ts";

function targetOf({ snapshot }: ClusterState): Target | undefined {
  return snapshot?.cluster.patterns.target;
}

/** Undefined where none was given. */
export function useTarget(): Target | undefined {
  return useStore(clusterStore, targetOf);
}

/**
 * Whoever gave a target wants to see it first, unless the address says what to show; where there is
 * none, it cannot be shown.
 */
export function showTargetFirst(): void {
  let isFirst = viewStore.getState().shown === DEFAULT_VIEW.shown;
  clusterStore.subscribe((state) => {
    if (state.snapshot === null) return;
    const hasTarget = targetOf(state) !== undefined;
    const isShown = viewStore.getState().shown === "target";
    if (isFirst && hasTarget) viewStore.setState({ shown: "target" });
    else if (isShown && !hasTarget) viewStore.setState({ shown: DEFAULT_VIEW.shown });
    isFirst = false;
  });
}
