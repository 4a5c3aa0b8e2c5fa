/**
 * The live feed: one WebSocket to the page's own origin, server to page only. It hands what comes
 * to the stores, and says when nothing comes any more. It never sends.
 */
import { io, type Socket } from "socket.io-client";
import type { FeedServerEvents } from "../../shared/trace/feed.ts";
import { takeFleetViews } from "../stores/clients-store.ts";
import { clusterStore } from "../stores/cluster-store.ts";
import { clearMetrics, takeMarker, takeMetrics } from "../stores/metrics-store.ts";
import { traceStore } from "../stores/trace-store.ts";

type FeedSocket = Socket<FeedServerEvents, Record<string, never>>;

/** A short drop is mended before anyone needs to read about it. */
const SAY_LOST_AFTER_MS = 1_500;

export function openFeed(): { close(): void } {
  const socket: FeedSocket = io({
    transports: ["websocket"],
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

  socket.on("snapshot", (snapshot) => clusterStore.setState({ snapshot }));
  socket.on("metrics", takeMetrics);
  socket.on("clients", (views) => takeFleetViews(views, performance.now()));
  const trace = traceStore.getState();
  socket.on("trace", trace.append);
  socket.on("marker", (marker) => {
    trace.addMarker(marker);
    takeMarker(marker);
  });
  socket.on("reset", () => {
    trace.reset();
    clearMetrics();
  });
  return { close: () => socket.close() };
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
