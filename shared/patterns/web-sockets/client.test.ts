import { describe, expect, it } from "vitest";
import type { HandshakeAuth } from "../../contracts/socket-io.ts";
import { chat, createHandClock } from "../testing/hand-clock.ts";
import { startWebSocketsClient } from "./client.ts";

/** A socket whose server is the test. */
function createSocket(auth: HandshakeAuth) {
  const listeners = new Map<string, (...values: unknown[]) => void>();
  return {
    auth,
    closed: false,
    on(event: string, listener: (...values: unknown[]) => void) {
      listeners.set(event, listener);
    },
    off() {
      listeners.clear();
    },
    disconnect() {
      this.closed = true;
    },
    say: (event: string, ...values: unknown[]) => listeners.get(event)?.(...values),
  };
}

function start(catchUp = true) {
  const clock = createHandClock();
  const sockets: ReturnType<typeof createSocket>[] = [];
  const client = startWebSocketsClient({
    id: "ws-client-1",
    room: "lobby",
    settings: { catchUp },
    clock,
    random: () => 0,
    open(auth) {
      const socket = createSocket(auth);
      sockets.push(socket);
      return socket;
    },
  });
  const say = (event: string, ...values: unknown[]) => sockets.at(-1)?.say(event, ...values);
  const connect = (...ids: number[]) => {
    say("connect");
    say("messages", ids.map(chat));
  };
  const hear = (...ids: number[]) => {
    for (const id of ids) say("message", chat(id));
  };
  return { clock, client, sockets, say, connect, hear };
}

describe("WebSockets client", () => {
  it("FL1 says nothing of a cursor at first, and starts where the history ends", () => {
    const { client, sockets, connect } = start();
    expect(sockets[0]?.auth).toEqual({});
    expect(client.view()).toMatchObject({ state: "connecting", requests: 1 });
    connect(38, 39, 40);
    expect(client.view()).toMatchObject({ state: "connected", cursor: 40, updates: 1 });
  });

  it("FL10 the cursor is the highest id below which it has everything", () => {
    const { client, connect, hear } = start();
    connect(1);
    hear(3);
    expect(client.view()).toMatchObject({ cursor: 1, updates: 2 });
    expect(client.view().note).toBe("lacks 1 message between those it has");
    hear(2);
    expect(client.view().cursor).toBe(3);
    expect(client.view().note).toBeUndefined();
    expect(client.view().messages.map(({ id }) => id)).toEqual([1, 2, 3]);
  });

  it("FL10 a message it has already changes nothing", () => {
    const { client, connect, hear } = start();
    connect(1);
    hear(2, 2, 1);
    expect(client.view()).toMatchObject({ cursor: 2, updates: 2 });
  });

  it("FL10 a gap with a thousand messages above it is given up", () => {
    const { client, connect, hear } = start();
    connect();
    hear(...Array.from({ length: 1_001 }, (_, at) => at + 2));
    expect(client.view().cursor).toBe(1_002);
  });

  it("FL11 reconnects after a loss and asks for what came after its cursor", () => {
    const { client, sockets, connect, hear, say, clock } = start();
    connect(1);
    hear(2, 4);
    say("disconnect", "transport close");
    expect(client.view()).toMatchObject({ state: "reconnecting", waitsMs: 125 });
    expect(client.view().note).toContain("disconnected: transport close");
    clock.pass(125);
    expect(sockets[1]?.auth).toEqual({ after: 2 });
    expect(sockets[0]?.closed).toBe(true);
    connect(3, 4, 5);
    expect(client.view()).toMatchObject({ state: "connected", cursor: 5 });
    expect(client.view().messages.map(({ id }) => id)).toEqual([1, 2, 3, 4, 5]);
  });

  it("FL11 without catching up it asks for nothing, and knows what it lacks", () => {
    const { client, sockets, connect, hear, say, clock } = start(false);
    connect(1);
    say("disconnect", "transport close");
    clock.pass(1_000);
    expect(sockets[1]?.auth).toEqual({ history: false });
    connect();
    hear(4);
    expect(client.view()).toMatchObject({ cursor: 1 });
    expect(client.view().note).toBe("lacks 2 messages between those it has");
    client.apply({ catchUp: true });
    say("disconnect", "transport close");
    clock.pass(1_000);
    expect(sockets[2]?.auth).toEqual({ after: 1 });
  });

  it("FL5 backs off when refused, longer each time, and says why", () => {
    const { client, say, clock } = start();
    for (const waitsMs of [125, 250, 500, 1_000, 2_000, 4_000, 5_000, 5_000]) {
      say("connect_error", new Error("xhr poll error"));
      expect(client.view()).toMatchObject({ state: "reconnecting", waitsMs });
      expect(client.view().note).toContain("xhr poll error");
      clock.pass(waitsMs);
    }
    say("connect");
    expect(client.view().note).toBeUndefined();
  });

  it("FL6 a cursor beyond the room starts again from the room's last id, at once", () => {
    const { client, sockets, connect, hear, say, clock } = start();
    connect(41, 42);
    say("disconnect", "transport close");
    clock.pass(1_000);
    const refusal = Object.assign(new Error("ahead"), { data: { error: {}, last: 3 } });
    say("connect_error", refusal);
    expect(sockets[2]?.auth).toEqual({ after: 3 });
    say("connect");
    hear(4);
    expect(client.view()).toMatchObject({ state: "connected", cursor: 4 });
    expect(client.view().messages.map(({ id }) => id)).toEqual([4]);
  });

  it("FL6 a server that refuses its own last id is backed off from", () => {
    const { client, sockets, connect, say, clock } = start();
    connect(42);
    say("disconnect", "transport close");
    clock.pass(1_000);
    const refusal = Object.assign(new Error("ahead"), { data: { last: 3 } });
    say("connect_error", refusal);
    say("connect_error", refusal);
    expect(client.view().state).toBe("reconnecting");
    expect(sockets).toHaveLength(3);
  });

  it("FL12 a leaving replica is left after the wait it advised", () => {
    const { client, sockets, connect, hear, say, clock } = start();
    connect(1);
    say("reconnect-soon", { afterMs: 700 });
    clock.pass(699);
    hear(2);
    expect(sockets).toHaveLength(1);
    clock.pass(1);
    expect(sockets).toHaveLength(2);
    expect(sockets[0]?.closed).toBe(true);
    expect(sockets[1]?.auth).toEqual({ after: 2 });
    expect(client.view().state).toBe("connecting");
  });

  it("FL12 connects anew when told to, and an old socket says nothing any more", () => {
    const { client, sockets, connect, clock } = start();
    connect(1);
    client.reconnect(50);
    clock.pass(50);
    sockets[0]?.say("message", chat(9));
    sockets[0]?.say("disconnect", "late");
    expect(client.view()).toMatchObject({ state: "connecting", updates: 1 });
  });

  it("FL13 what is no message is not shown", () => {
    const { client, connect, say } = start();
    connect(1);
    say("message", { id: "2" });
    say("message");
    say("messages", "many");
    say("messages", [null, { id: 2 }]);
    say("reconnect-soon");
    expect(client.view()).toMatchObject({ cursor: 1, updates: 1 });
  });

  it("FL8 stopping closes the socket, and nothing comes after", () => {
    const { client, sockets, connect, say, clock } = start();
    connect(1);
    client.stop();
    expect(sockets[0]?.closed).toBe(true);
    say("message", chat(2));
    client.reconnect(0);
    clock.pass(60_000);
    expect(sockets).toHaveLength(1);
    expect(client.view()).toMatchObject({ state: "stopped", cursor: 1 });
  });

  it("FL8 stopping ends a wait to reconnect", () => {
    const { client, sockets, say, clock } = start();
    say("connect_error", new Error("no"));
    client.stop();
    clock.pass(60_000);
    expect(clock.waiting).toBe(0);
    expect(sockets).toHaveLength(1);
  });
});
