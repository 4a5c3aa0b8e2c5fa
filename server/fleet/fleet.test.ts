import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import type { FleetConfig } from "./contract.ts";
import { createFleet, type Fleet } from "./fleet.ts";
import { startPollServer } from "./testing/poll-server.ts";
import { startSocketServer } from "./testing/socket-server.ts";
import { until } from "./testing/until.ts";

let polls: Awaited<ReturnType<typeof startPollServer>>;
let sockets: Awaited<ReturnType<typeof startSocketServer>>;
let fleet: Fleet;
let views: ClientView[] = [];
let reports = 0;

beforeEach(async () => {
  [polls, sockets] = await Promise.all([startPollServer(), startSocketServer()]);
  views = [];
  reports = 0;
  fleet = createFleet((reported) => {
    views = reported;
    reports += 1;
  });
});

afterEach(async () => {
  fleet.stop();
  await Promise.all([polls.stop(), sockets.stop()]);
});

type Wanted = Partial<Omit<FleetConfig, "settings">> & {
  settings?: Partial<FleetConfig["settings"]>;
};

/** `lp` polling clients and `ws` sockets. */
function wanted(lp: number, ws: number, more: Wanted = {}): FleetConfig {
  return {
    urls: { "long-polling": polls.url, "web-sockets": sockets.url },
    counts: { "long-polling": lp, "web-sockets": ws },
    load: { "long-polling": 0, "web-sockets": 0 },
    followed: 2,
    generation: 0,
    clockRate: 1,
    ...more,
    settings: {
      pollGapMs: 0,
      pollCursor: true,
      pollTimeoutMs: 25_000,
      transports: ["websocket"],
      catchUp: true,
      ...more.settings,
    },
  };
}

describe("fleet of polling clients", () => {
  it("FL14 FL16 has as many as wanted, each with its name and room", async () => {
    await fleet.configure(wanted(3, 0));
    await until("three polls wait", () => polls.parked.length === 3);
    expect(polls.clients()).toEqual(["lp-client-1", "lp-client-2", "lp-client-3"]);
    expect(polls.parked[0]?.url.searchParams.get("room")).toBe("lobby");
  });

  it("FL14 FL17 the newest leave first, and their polls are closed at once", async () => {
    await fleet.configure(wanted(3, 0));
    await until("three polls wait", () => polls.parked.length === 3);
    await fleet.configure(wanted(1, 0));
    await until("one poll waits", () => polls.parked.length === 1);
    expect(polls.clients()).toEqual(["lp-client-1"]);
  });

  it("FL17 each has a connection of its own and keeps it", async () => {
    await fleet.configure(wanted(3, 0));
    await until("three polls wait", () => polls.parked.length === 3);
    const before = new Set(polls.parked.map(({ port }) => port));
    polls.answer(1);
    await until("all poll again", () => polls.polls() === 6 && polls.parked.length === 3);
    const after = new Set(polls.parked.map(({ port }) => port));
    expect(before.size).toBe(3);
    expect(after).toEqual(before);
    expect(polls.parked[0]?.url.searchParams.get("after")).toBe("1");
  });

  it("FL15 FL23 starts are spread, and newer orders settle older ones", async () => {
    const first = fleet.configure(wanted(500, 0));
    await until("some have started", () => polls.polls() > 0);
    expect(polls.polls()).toBeLessThan(100);
    await fleet.configure(wanted(2, 0));
    await first;
    await until("two polls wait", () => polls.parked.length === 2);
    expect(polls.clients()).toEqual(["lp-client-1", "lp-client-2"]);
  });

  it("FL23 whoever orders thousands is answered while they go on to start", async () => {
    const patient = createFleet(() => undefined, 100);
    await patient.configure(wanted(400, 0));
    expect(polls.polls()).toBeLessThan(400);
    const then = polls.polls();
    await until("more have started", () => polls.polls() > then);
    patient.stop();
  });

  it("FL18 settings reach running clients", async () => {
    await fleet.configure(wanted(1, 0));
    await until("one poll waits", () => polls.parked.length === 1);
    await fleet.configure(wanted(1, 0, { settings: { pollCursor: false, pollGapMs: 50 } }));
    polls.answer(7);
    await until("it polls again", () => polls.polls() === 2 && polls.parked.length === 1);
    expect(polls.parked[0]?.url.searchParams.has("after")).toBe(false);
  });

  it("FL19 a new balancer address replaces all clients", async () => {
    const other = await startPollServer();
    await fleet.configure(wanted(2, 0));
    await until("two polls wait", () => polls.parked.length === 2);
    const urls = { "long-polling": other.url, "web-sockets": sockets.url };
    await fleet.configure(wanted(2, 0, { urls }));
    await until("they moved", () => polls.parked.length === 0 && other.parked.length === 2);
    await fleet.configure(wanted(0, 0, { urls }));
    await until("they left", () => other.parked.length === 0);
    await other.stop();
  });

  it("FL5 FL22 says in its view what is wrong, and recovers", async () => {
    await fleet.configure(wanted(1, 0));
    await until("one poll waits", () => polls.parked.length === 1);
    polls.parked[0]?.response.destroy();
    await until("it says so", () => views[0]?.note?.includes("the connection was cut") === true);
    await until("it polls again", () => polls.parked.length === 1);
  });

  it("FL5 says when nobody listens", async () => {
    const urls = { "long-polling": "http://127.0.0.1:9", "web-sockets": "http://127.0.0.1:9" };
    await fleet.configure(wanted(1, 1, { urls }));
    await until("both say so", () => views.length === 2 && views.every(({ note }) => note));
    expect(views[0]?.note).toContain("connection refused");
    expect(views[1]?.state).toMatch(/connecting/);
  });

  it("FL22 reports followed clients, and only after a change", async () => {
    await fleet.configure(wanted(3, 1));
    await until("all are there", () => polls.parked.length === 3 && sockets.open() === 1);
    polls.answer(1, 2);
    await until("views show it", () => views[0]?.cursor === 2 && views[1]?.cursor === 2);
    expect(views.map(({ id }) => id)).toEqual(["lp-client-1", "lp-client-2", "ws-client-1"]);
    expect(views[0]?.messages.map(({ text }) => text)).toEqual(["message 1", "message 2"]);
    const before = reports;
    const third = polls.parked.find(({ client }) => client === "lp-client-3");
    third?.response.end(`{"messages":[]}`);
    await until("the third polls again", () => polls.polls() === 7);
    sockets.say(1);
    await until("the socket's news is reported", () => views[2]?.cursor === 1);
    expect(reports).toBe(before + 1);
  });
});

describe("fleet of sockets", () => {
  it("FL14 FL16 has as many as wanted, each with its name and room", async () => {
    await fleet.configure(wanted(0, 3));
    await until("three are connected", () => sockets.open() === 3);
    expect(sockets.handshakes.map(({ client }) => client).sort()).toEqual([
      "ws-client-1",
      "ws-client-2",
      "ws-client-3",
    ]);
    expect(sockets.handshakes[0]).toMatchObject({ room: "lobby", transport: "websocket" });
    await fleet.configure(wanted(0, 1));
    await until("two left", () => sockets.open() === 1);
  });

  it("FL18 other transports make them connect anew, with their cursor", async () => {
    await fleet.configure(wanted(0, 2));
    await until("two are connected", () => sockets.open() === 2);
    sockets.say(1);
    await until("both have it", () => views.length === 2 && views.every((v) => v.cursor === 1));
    await fleet.configure(wanted(0, 2, { settings: { transports: ["polling"] } }));
    await until("both came again", () => sockets.handshakes.length === 4);
    expect(sockets.handshakes[3]).toMatchObject({ transport: "polling", auth: { after: 1 } });
    await until("the old ones are closed", () => sockets.open() === 2);
  });

  it("FL18 a new generation makes them connect anew", async () => {
    await fleet.configure(wanted(0, 2));
    await until("two are connected", () => sockets.open() === 2);
    await fleet.configure(wanted(0, 2, { generation: 1 }));
    await until("both came again", () => sockets.handshakes.length === 4);
  });

  it("FL11 reconnects when it is cut off", async () => {
    await fleet.configure(wanted(0, 1));
    await until("it is connected", () => sockets.open() === 1);
    sockets.cutAll();
    await until("it came again", () => sockets.handshakes.length === 2 && sockets.open() === 1);
    expect(sockets.handshakes[1]?.auth).toEqual({ after: 0 });
  });
});

describe("sending", () => {
  it("FL20 the first client sends, else a visitor, and the stored message comes back", async () => {
    await fleet.configure(wanted(0, 0));
    const result = await fleet.send({ pattern: "long-polling", text: "hi" });
    expect(result).toMatchObject({ ok: true, status: 201, message: { id: 1, text: "hi" } });
    await fleet.configure(wanted(1, 0));
    await fleet.send({ pattern: "long-polling", text: "hi", replica: "lp-2", room: "kitchen" });
    await fleet.send({ pattern: "long-polling", text: "hi", client: "tab-1234" });
    expect(polls.posts.map(({ url }) => url.search)).toEqual([
      "?client=visitor&room=lobby",
      "?client=lp-client-1&room=kitchen&replica=lp-2",
      "?client=tab-1234&room=lobby",
    ]);
  });

  it("FL20 a refusal and a missing server are results in words", async () => {
    expect(await fleet.send({ pattern: "long-polling", text: "hi" })).toMatchObject({
      ok: false,
      code: "not-ready",
    });
    await fleet.configure(wanted(0, 0));
    expect(await fleet.send({ pattern: "long-polling", text: "refuse" })).toEqual({
      ok: false,
      status: 400,
      code: "bad-text",
      message: "say something else",
    });
    const urls = { "long-polling": "http://127.0.0.1:9", "web-sockets": "http://127.0.0.1:9" };
    await fleet.configure(wanted(0, 0, { urls }));
    expect(await fleet.send({ pattern: "web-sockets", text: "hi" })).toEqual({
      ok: false,
      status: 503,
      code: "unreachable",
      message: "The load balancer was not reached (connection refused). The message was not sent.",
    });
  });

  it("FL21 load is sent until it is switched off", async () => {
    await fleet.configure(wanted(1, 0, { load: { "long-polling": 200, "web-sockets": 0 } }));
    await until("some came", () => polls.posts.length >= 5);
    expect(polls.posts[0]?.url.searchParams.get("client")).toBe("lp-client-1");
  });
});
