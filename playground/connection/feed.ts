/**
 * The live feed: one WebSocket to the page's own origin, server to page only. It hands what comes
 * to the stores, and says when nothing comes any more. It never sends.
 */
import { io, type Socket } from "socket.io-client";
import type { Snapshot } from "../../shared/contracts/control.ts";
import type { FeedServerEvents } from "../../shared/trace/feed.ts";
import { takeFleetViews } from "../stores/clients-store.ts";
import { clusterStore } from "../stores/cluster-store.ts";
import { takeFaults } from "../stores/faults-store.ts";
import { takeHold } from "../stores/hold-store.ts";
import { clearMetrics, takeMarker, takeMetrics } from "../stores/metrics-store.ts";
import { traceStore } from "../stores/trace-store.ts";

type FeedSocket = Socket<FeedServerEvents, Record<string, never>>;

/** A short drop is mended before anyone needs to read about it. */
const SAY_LOST_AFTER_MS = 1_500;

export function openFeed(): { close(): void } {
  const socket: FeedSocket = io({
    transports: ["websocket"],
    // After a drop, only what came since.
    auth: (say) => say(resumeFrom(traceStore.getState().next)),
    reconnectionDelay: 500,
    reconnectionDelayMax: 2_000,
  });
  const sayLost = lateWord(() => clusterStore.setState({ feed: "lost" }));

  socket.on("connect", () => {
    sayLost.cancel();
    clusterStore.setState({ feed: "open" });
  });
  socket.on("disconnect", sayLost.soon);
  socket.on("connect_error", sayLost.soon);
  // A server that ends the connection itself (a restart) is not retried by socket.io-client.
  socket.on("disconnect", (reason) => {
    if (reason === "io server disconnect") socket.connect();
  });

  socket.on("snapshot", (snapshot) => {
    if (isAnother(snapshot)) startAnew();
    clusterStore.setState({ snapshot });
  });
  const trace = traceStore.getState();
  socket.on("metrics", takeMetrics);
  socket.on("clients", (views) => takeFleetViews(views, trace.wireNow()));
  socket.on("trace", trace.append);
  socket.on("held", (state) => takeHold(state, trace.wireNow()));
  socket.on("faults", takeFaults);
  socket.on("marker", (marker) => {
    if (takeMarker(marker)) trace.addMarker(marker);
  });
  socket.on("reset", startAnew);
  return { close: () => socket.close() };
}

function resumeFrom(next: number): { after?: number } {
  return next > 0 ? { after: next } : {};
}

/** Started again while this page stayed open: its numbers and times begin anew. */
function isAnother({ startedAt }: Snapshot): boolean {
  const known = clusterStore.getState().snapshot;
  return known !== null && known.startedAt !== startedAt;
}

function startAnew(): void {
  traceStore.getState().reset();
  clearMetrics();
}

function lateWord(say: () => void): { soon: () => void; cancel: () => void } {
  let timer: ReturnType<typeof setTimeout> | undefined;
  const cancel = () => {
    clearTimeout(timer);
    timer = undefined;
  };
  return {
    soon: () => {
      timer ??= setTimeout(say, SAY_LOST_AFTER_MS);
    },
    cancel,
  };
}
