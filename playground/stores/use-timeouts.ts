/** The timeouts that what is shown ran with: an opened recording's, or the cluster's. */
import { useStore } from "zustand";
import { SETTINGS } from "../../shared/contracts/settings.ts";
import type { Recording } from "../../shared/trace/recording-reader.ts";
import { clusterStore } from "./cluster-store.ts";
import { traceStore } from "./trace-store.ts";

const DEFAULTS: Recording["timeouts"] = {
  pollTimeoutMs: SETTINGS.pollTimeoutMs.default,
  pingIntervalMs: SETTINGS.pingIntervalMs.default,
};

export function useTimeouts(): Recording["timeouts"] {
  const recorded = useStore(traceStore, ({ recording }) => recording?.timeouts);
  const settings = useStore(clusterStore, ({ snapshot }) => snapshot?.settings);
  return recorded ?? settings ?? DEFAULTS;
}
