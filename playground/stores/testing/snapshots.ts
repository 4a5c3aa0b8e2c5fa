/** A cluster in which all is well, to be spoilt by tests. */
import type { Replica, ReplicaState, Snapshot } from "../../../shared/contracts/control.ts";
import { defaultSettings } from "../../../shared/contracts/settings.ts";

export function replica(id: string, state: ReplicaState = "ready"): Replica {
  return { id, state, restarts: 0, held: 0 };
}

export function healthySnapshot(): Snapshot {
  return {
    health: {
      status: "ok",
      version: "0",
      broker: { kind: "redis", url: "redis://127.0.0.1:6379", state: "up", note: "" },
      store: { kind: "embedded", url: "postgres://127.0.0.1:5432", state: "up", note: "" },
    },
    cluster: {
      patterns: {
        "long-polling": { url: "http://127.0.0.1:1", replicas: [replica("lp-1"), replica("lp-2")] },
        "web-sockets": { url: "http://127.0.0.1:2", replicas: [replica("ws-1")] },
      },
      welcomed: true,
      wire: { state: "up", note: "running" },
    },
    settings: defaultSettings(),
    fleet: { "long-polling": 3, "web-sockets": 3 },
    load: { "long-polling": 0, "web-sockets": 0 },
  };
}
