/**
 * A page with only the stage on it, fed by made-up traffic, for looking at it while developing:
 * `npx vite --port 5700`, then /features/stage/testing/?clients=3&rate=0&theme=light. The browser
 * test of the stage under load builds it, and reads what it tells on `window.made`.
 */
import "@fontsource-variable/inter";
import "@fontsource-variable/jetbrains-mono";
import "../../../ui/tokens.css";
import "../../../ui/base.css";
import { createRoot } from "react-dom/client";
import { PATTERNS } from "../../../../shared/contracts/ids.ts";
import { SampleTraffic } from "../../../../shared/trace/testing/sample-traffic.ts";
import { traceStore } from "../../../stores/trace-store.ts";
import { type Lens, type Shown, viewStore } from "../../../stores/view-store.ts";
import { Stage } from "../Stage.tsx";

const query = new URLSearchParams(location.search);
const clients = Number(query.get("clients") ?? 3);
const perSecond = Number(query.get("rate") ?? 0);
const timeoutMs = Number(query.get("timeout") ?? 10_000);
const projector = query.has("projector");
document.documentElement.dataset.theme = query.get("theme") ?? "dark";
document.documentElement.dataset.projector = String(projector);
viewStore.setState({
  projector,
  balancerShown: query.has("balancer"),
  lens: (query.get("lens") ?? "protocol") as Lens,
  shown: (query.get("shown") ?? "both") as Shown,
});

const startedMs = performance.now() - Number(query.get("ago") ?? 65_000);
const traffic = new SampleTraffic(0, Number(query.get("replicas") ?? 2), {
  hopMs: perSecond > 10 ? 0.02 : 0.31,
});
let nextIdleMs = timeoutMs;
let nextBeatMs = 25_000;
let nextSendMs = 36_000;
let sent = 0;
/** How many events were made up, and what that cost, to be taken off what drawing them costs. */
const made = { events: 0, ms: 0 };

function names(prefix: string): string[] {
  return Array.from({ length: clients }, (_, index) => `${prefix}-client-${index + 1}`);
}

function runTo(ms: number): void {
  while (Math.min(nextIdleMs, nextBeatMs, nextSendMs) <= ms) {
    const at = Math.min(nextIdleMs, nextBeatMs, nextSendMs);
    traffic.nowMs = Math.max(traffic.nowMs, at);
    if (at === nextSendMs) {
      sent += 1;
      for (const pattern of PATTERNS) {
        traffic.send(pattern, pattern === "long-polling" ? "lp-client-1" : "ws-client-1", "lunch?");
      }
      nextIdleMs = at + timeoutMs;
      nextSendMs =
        perSecond > 0 && sent > 2 ? at + 1_000 / perSecond : at + (sent === 1 ? 900 : 1e12);
      if (sent === 2 && perSecond > 0) nextSendMs = at + 1_000;
    } else if (at === nextIdleMs) {
      for (const name of names("lp")) traffic.expire(name);
      for (const name of names("lp")) traffic.poll(name);
      nextIdleMs = at + timeoutMs;
    } else {
      for (const name of names("ws")) traffic.heartbeat(name);
      nextBeatMs = at + 25_000;
    }
  }
}

traffic.setUp();
traffic.nowMs += 3_000;
for (const name of names("lp")) traffic.poll(name);
for (const name of names("ws")) traffic.connect(name);

function pump(): void {
  const now = performance.now() - startedMs;
  runTo(now);
  const events = traffic.take();
  made.ms += performance.now() - startedMs - now;
  made.events = traffic.made;
  traceStore.getState().append({ events, next: 0, dropped: 0, now });
}

pump();
setInterval(pump, 40);
Object.assign(window, { traceStore, viewStore, made });
createRoot(document.getElementById("root") ?? document.body).render(<Stage />);
