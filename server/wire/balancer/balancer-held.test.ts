/** Requests that are held while their replica's own timers run. */
import { afterEach, expect, it } from "vitest";
import { WireGate } from "../wire-gate.ts";
import { RawClient } from "./testing/raw-client.ts";
import { type Rig, startBalancer, startReplicas } from "./testing/start-balancer.ts";
import { startToldTime } from "./testing/told-time.ts";
import { wallClock } from "./wall-clock.ts";

let rig: Rig | undefined;
afterEach(() => rig?.close());

function heldGate() {
  const gate = new WireGate({ clock: wallClock, random: () => 0, onCut: () => undefined });
  return { gate, traffic: gate.traffic };
}

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
    const { gate, traffic } = heldGate();
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

/** What cannot be gathered whole, because its other side waits for parts of it. */
it("HD7 a body that waits for 100 Continue comes while traffic is held", async () => {
  const servers = await startReplicas({
    "lp-1": (request, response) => {
      request.resume().on("end", () => response.end("{}"));
    },
  });
  const { gate, traffic } = heldGate();
  rig = await startBalancer(servers, {}, { gate });
  traffic.obey(HELD);
  const client = await RawClient.open(rig.port);
  const head = `POST /messages HTTP/1.1\r\nHost: ${rig.host}\r\nExpect: 100-continue\r\n`;
  client.send(`${head}Content-Length: 2\r\n\r\n`);
  await client.take("HTTP/1.1 100 Continue\r\n\r\n");
  client.send("{}");
  await expect
    .poll(() => traffic.state().waiting.map(({ kind }) => kind))
    .toEqual(["http.response"]);
  traffic.step({ count: 1 });
  await client.take("{}");
  client.leave();
});

it.each([
  ["held", HELD],
  ["watched for a breakpoint", { ...HELD, held: false, breakpoints: [{ kind: "idle" as const }] }],
])("HD7 an event stream flows while traffic is %s", async (_how, order) => {
  const servers = await startReplicas({
    "lp-1": (_request, response) => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      response.write("data: 1\n\n");
    },
  });
  const { gate, traffic } = heldGate();
  rig = await startBalancer(servers, {}, { gate });
  const client = await RawClient.open(rig.port);
  traffic.obey(order);
  client.send(`GET /events HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
  if (order.held) {
    await expect.poll(() => traffic.state().steps).toBe(1);
    traffic.step({ count: 1 });
  }
  await client.take("data: 1\n\n");
  client.leave();
});

it("HD7 an answer that takes its time flows on in parts", async () => {
  const servers = await startReplicas({
    "lp-1": (_request, response) => {
      response.write("one line\n");
    },
  });
  const { gate, traffic } = heldGate();
  traffic.obey({ ...HELD, held: false, breakpoints: [{ kind: "idle" }] });
  const time = await startToldTime(servers, { gate });
  rig = time.rig;
  const client = await RawClient.open(rig.port);
  client.send(`GET /lines HTTP/1.1\r\nHost: ${rig.host}\r\n\r\n`);
  await expect
    .poll(() => {
      time.pass(1_000);
      return client.text;
    })
    .toContain("one line");
  client.leave();
});
