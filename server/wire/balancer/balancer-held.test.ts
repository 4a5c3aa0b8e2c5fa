/** Requests that are held while their replica's own timers run. */
import { afterEach, expect, it } from "vitest";
import { WireGate } from "../wire-gate.ts";
import { type Rig, startBalancer, startReplicas } from "./testing/start-balancer.ts";
import { wallClock } from "./wall-clock.ts";

let rig: Rig | undefined;
afterEach(() => rig?.close());

const HELD = { held: true, autoStepMs: 0, paceMs: 0, breakpoints: [] };

it.each(["GET", "POST"])(
  "HD1 a held %s whose replica closes the idle connection reaches it all the same, once",
  async (method) => {
    const seen: string[] = [];
    const servers = await startReplicas({
      "lp-1": (request, response) => {
        request.on("data", (chunk) => seen.push(String(chunk)));
        request.on("end", () => {
          seen.push(String(request.method));
          response.end("{}");
        });
      },
    });
    const gate = new WireGate({ clock: wallClock, random: () => 0, onCut: () => undefined });
    const { traffic } = gate;
    rig = await startBalancer(servers, {}, { gate });
    const { host } = rig;
    let connections = 0;
    servers["lp-1"]?.on("connection", (socket) => {
      connections += 1;
      // As a server does that has waited for a request for too long.
      if (connections === 1) {
        socket.end("HTTP/1.1 408 Request Timeout\r\nConnection: close\r\n\r\n");
      }
    });
    traffic.obey(HELD);
    const body = method === "POST" ? { body: "hello" } : {};
    const answer = fetch(`http://${host}/messages`, { method, ...body });
    await expect.poll(() => connections, { timeout: 5_000 }).toBeGreaterThan(1);
    await expect.poll(() => traffic.state().steps).toBe(1);
    expect(seen).toEqual([]);
    traffic.obey({ ...HELD, held: false });
    expect((await answer).status).toBe(200);
    expect(seen).toEqual(method === "POST" ? ["hello", "POST"] : ["GET"]);
  },
);
