/**
 * The contract of WebSockets, seen from outside (docs/spec/web-sockets.md, WS1–WS12).
 * Runs against whatever answers at a URL: bare replicas, or a whole cluster behind its balancer.
 */
import { afterAll, afterEach, beforeAll, describe, expect, it } from "vitest";
import type { ChatMessage, ErrorBody } from "../../shared/contracts/chat-message.ts";
import { refusedPosts } from "./testing/bad-input.ts";
import { newRoom, send } from "./testing/long-poll-client.ts";
import type { Setting } from "./testing/setting.ts";
import { type ClientOptions, SocketClient } from "./testing/socket-client.ts";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1);
const sorted = (ids: number[]) => [...ids].sort((a, b) => a - b);

export function webSocketsContract(setting: Setting): void {
  describe(`web sockets: ${setting.name}`, () => {
    let running: Awaited<ReturnType<Setting["start"]>>;
    let clients: SocketClient[] = [];
    const anyUrl = (turn: number) => {
      const urls = running.urls ?? [running.url];
      return urls[turn % urls.length] ?? running.url;
    };
    const open = (turn: number, options: ClientOptions) => {
      const client = new SocketClient(anyUrl(turn), options);
      clients.push(client);
      return client;
    };
    const join = async (turn: number, options: ClientOptions) => {
      const client = open(turn, options);
      await client.welcomed();
      return client;
    };
    const fill = async (room: string, count: number) => {
      for (let n = 1; n <= count; n += 50) {
        const some = upTo(Math.min(50, count - n + 1));
        await Promise.all(some.map((m) => send(anyUrl(m), room, `text ${n + m}`)));
      }
    };

    beforeAll(async () => {
      running = await setting.start();
    });
    afterEach(() => {
      for (const client of clients) client.close();
      clients = [];
    });
    afterAll(() => running?.stop());

    describe("connections", () => {
      it("WS1 WS4 gives the history first, then each new message", async () => {
        const room = newRoom();
        await fill(room, 3);
        const client = await join(0, { room });
        expect(client.ids).toEqual([1, 2, 3]);
        const { message } = await send(anyUrl(1), room, "news");
        await client.has(4);
        expect(client.messages.at(-1)).toEqual(message);
        expect(client.histories).toEqual([3]);
      });

      if (!setting.isBehindOthers) {
        it("WS1 WS2 holds 1,000 messages in a history, and sends the rest of a catch-up one by one", async () => {
          const room = newRoom();
          await fill(room, 1_130);
          const fresh = await join(0, { room });
          expect([fresh.histories, fresh.ids[0], fresh.ids.at(-1)]).toEqual([[1_000], 131, 1_130]);
          const back = await join(1, { room, auth: { after: 10 } });
          await back.has(1_120);
          expect(back.histories).toEqual([1_000]);
          expect(sorted(back.ids)).toEqual(upTo(1_130).slice(10));
        });
      }

      it("WS2 gives only what came after the cursor", async () => {
        const room = newRoom();
        await fill(room, 5);
        expect((await join(0, { room, auth: { after: 3 } })).ids).toEqual([4, 5]);
        expect((await join(1, { room, auth: { after: 5 } })).histories).toEqual([0]);
        expect((await join(2, { room, auth: { after: 0 } })).ids).toEqual([1, 2, 3, 4, 5]);
      });

      it("WS3 gives no history to a client that wants none", async () => {
        const room = newRoom();
        await fill(room, 3);
        const client = await join(0, { room, auth: { history: false } });
        const caughtUp = await join(1, { room, auth: { history: false, after: 1 } });
        await send(anyUrl(1), room, "news");
        await Promise.all([client.has(1), caughtUp.has(1)]);
        expect([client.ids, caughtUp.ids]).toEqual([[4], [4]]);
      });

      it("WS4 keeps rooms apart", async () => {
        const [here, there] = [newRoom(), newRoom()];
        const client = await join(0, { room: here });
        await send(anyUrl(0), there, "elsewhere");
        const { message } = await send(anyUrl(1), here, "here");
        await client.has(1);
        expect(client.messages).toEqual([message]);
      });

      it.each<[string, ClientOptions, string]>([
        ["a room with a blank", { room: "a b" }, "bad-room"],
        ["an empty room", { room: "" }, "bad-room"],
        ["a room of 65 letters", { room: "a".repeat(65) }, "bad-room"],
        ["a negative cursor", { room: "r", auth: { after: -1 } }, "bad-cursor"],
        ["a cursor in quotes", { room: "r", auth: { after: "1" } }, "bad-cursor"],
        ["half a cursor", { room: "r", auth: { after: 0.5 } }, "bad-cursor"],
        ["no cursor at all", { room: "r", auth: { after: null } }, "bad-cursor"],
      ])("WS5 refuses %s", async (_what, options, code) => {
        const client = open(0, options);
        await client.refused();
        expect(client.refusal?.data?.error.code).toBe(code);
        expect(client.refusal?.message).toMatch(/^[A-Z].*\.$/);
        expect(client.histories).toEqual([]);
      });

      it("WS5 refuses a cursor beyond the room's last id", async () => {
        const room = newRoom();
        await fill(room, 2);
        const client = open(0, { room, auth: { after: 3 } });
        await client.refused();
        expect(client.refusal?.data).toMatchObject({ error: { code: "cursor-ahead" }, last: 2 });
      });

      it.each([[["polling"]], [["websocket"]], [["polling", "websocket"]]])(
        "WS6 works over %s",
        async (transports) => {
          const room = newRoom();
          // One way in: several replicas behind no balancer know nothing of each other's sessions.
          const client = await join(0, { room, transports });
          await send(anyUrl(1), room, "one");
          await client.has(1);
          const answer = await client.socket.emitWithAck("send-message", { text: "two" });
          await client.has(2);
          expect(answer).toMatchObject({ id: 2, text: "two" });
          expect(client.transport).toBe(transports.at(-1));
          expect(client.ids).toEqual([1, 2]);
        },
      );
    });

    describe("messages", () => {
      it("WS7 reaches every client once, whichever replica took the message", async () => {
        const room = newRoom();
        const all = await Promise.all(upTo(6).map((turn) => join(turn, { room })));
        await fill(room, 100);
        await Promise.all(all.map((client) => client.has(100)));
        await send(anyUrl(0), room, "the last");
        await Promise.all(all.map((client) => client.has(101)));
        for (const client of all) expect(sorted(client.ids)).toEqual(upTo(101));
      });

      it("WS7 WS10 loses and repeats nothing while clients come and go and messages flow", async () => {
        const room = newRoom();
        const count = 300;
        let sent = 0;
        const senders = upTo(8).map(async (sender) => {
          for (let n = sender; n <= count; n += 8) {
            await send(anyUrl(n), room, `text ${n}`);
            sent += 1;
          }
        });
        const joiners = upTo(8).map(async (joiner) => {
          const seen: number[] = [];
          for (let turn = joiner; sent < count || seen.length < count; turn++) {
            const after = seen.length;
            const client = await join(turn, { room, auth: { after } });
            // Stays for a few messages, or for the last ones.
            await client.has(Math.min(20, count - after));
            client.close();
            expect(new Set(client.ids).size).toBe(client.ids.length);
            seen.push(...upTo(client.cursorFrom(after) - after).map((n) => after + n));
          }
          return seen;
        });
        await Promise.all(senders);
        for (const seen of await Promise.all(joiners)) expect(seen).toEqual(upTo(count));
      });

      it("WS8 answers 201 with the stored message, and counts without gaps", async () => {
        const room = newRoom();
        const client = await join(0, { room });
        const sent = await Promise.all(upTo(60).map((n) => send(anyUrl(n), room, `text ${n}`)));
        expect(sorted(sent.map(({ message }) => message.id))).toEqual(upTo(60));
        await client.has(60);
        const { message } = await send(anyUrl(1), room, "traced", { traceparent: TRACEPARENT });
        await client.has(61);
        expect(client.messages.at(-1)).toEqual(message);
        expect(message).toMatchObject({ id: 61, text: "traced", room });
        expect(message.server).toMatch(/^ws-/);
        expect(message.traceparent).toContain("4bf92f3577b34da6a3ce929d0e0e4736");
      });

      it.each(refusedPosts)("WS8 LP13 refuses $what", async ({ query, init, status, code }) => {
        const room = newRoom();
        const url = `${anyUrl(0)}/messages?${query ?? `room=${room}`}`;
        const response = await fetch(url, { method: "POST", ...init });
        const { error } = (await response.json()) as ErrorBody;
        expect([response.status, error.code]).toEqual([status, code]);
      });

      it("WS8 knows no polls", async () => {
        const response = await fetch(`${anyUrl(0)}/messages`);
        expect(response.status).toBe(405);
      });

      it("WS9 acknowledges send-message with the stored message, everybody gets it", async () => {
        const room = newRoom();
        const [sender, other] = [await join(0, { room }), await join(1, { room })];
        const answer = await sender.socket.emitWithAck("send-message", { text: "lunch?" });
        await Promise.all([sender.has(1), other.has(1)]);
        expect(answer).toMatchObject({ id: 1, text: "lunch?", room });
        expect([sender.messages, other.messages]).toEqual([[answer], [answer]]);
        expect((answer as ChatMessage).traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-01$/);
      });

      it.each([
        undefined,
        null,
        7,
        "text",
        {},
        { text: 7 },
        { text: " " },
        { text: "a".repeat(4_097) },
      ])("WS9 refuses to send %j", async (body) => {
        const client = await join(0, { room: newRoom() });
        const answer = await client.socket.emitWithAck("send-message", body as { text: string });
        expect(answer).toMatchObject({ error: { code: "bad-text" } });
        expect(client.socket.connected).toBe(true);
      });

      it("WS9 needs no acknowledgement", async () => {
        const client = await join(0, { room: newRoom() });
        (client.socket.emit as (event: string, body: unknown) => void)("send-message", {
          text: "x",
        });
        (client.socket.emit as (event: string, body: unknown) => void)("send-message", {
          text: "",
        });
        await client.has(1);
        expect(client.socket.connected).toBe(true);
      });

      it("WS11 lets pages of localhost origins in, and no others", async () => {
        const room = newRoom();
        const near = await join(0, { room, headers: { origin: "http://localhost:5173" } });
        expect(near.socket.connected).toBe(true);
        for (const transports of [["websocket"], ["polling"]]) {
          const far = open(0, { room, transports, headers: { origin: "http://evil.example" } });
          await far.refused();
          expect(far.histories).toEqual([]);
        }
      });

      it("WS12 ends a connection that sends too much at once, and no other", async () => {
        const room = newRoom();
        const [loud, calm] = [await join(0, { room }), await join(0, { room })];
        loud.socket.emit("send-message", { text: "a".repeat(100_000) }, () => undefined);
        await loud.gone();
        await send(anyUrl(0), room, "still here");
        await calm.has(1);
      });
    });
  });
}
