/**
 * The contract of long polling, seen from outside (docs/spec/long-polling.md, LP1–LP19).
 * Runs against whatever answers at a URL: bare replicas, or a whole cluster behind its balancer.
 */
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { longPollingPosts } from "./long-polling-posts.suite.ts";
import { badPolls } from "./testing/bad-input.ts";
import { newRoom, poll, send } from "./testing/long-poll-client.ts";
import type { Setting } from "./testing/setting.ts";

export function longPollingContract(setting: Setting): void {
  describe(`long polling: ${setting.name}`, () => {
    let running: Awaited<ReturnType<Setting["start"]>>;
    const url = () => running.url;
    /** Another replica each time, where a test can choose. */
    const anyUrl = (turn: number) => {
      const urls = running.urls ?? [running.url];
      return urls[turn % urls.length] ?? running.url;
    };
    const fill = async (room: string, count: number) => {
      for (let n = 1; n <= count; n++) await send(anyUrl(n), room, `text ${n}`);
    };

    beforeAll(async () => {
      running = await setting.start();
    });
    afterAll(() => running?.stop());

    describe("polls", () => {
      it("LP1 answers at once with what is newer, in id order", async () => {
        const room = newRoom();
        await fill(room, 5);
        const { status, ids, messages } = await poll(url(), { room, after: 2 });
        expect(status).toBe(200);
        expect(ids).toEqual([3, 4, 5]);
        expect(messages[0]).toMatchObject({ id: 3, text: "text 3", room });
      });

      it("LP2 parks a poll until any replica takes a message", async () => {
        const room = newRoom();
        for (let turn = 0; turn < 4; turn++) {
          const waiting = poll(anyUrl(turn), { room, after: turn });
          const { message } = await send(anyUrl(turn + 1), room, `to all ${turn}`);
          const answer = await waiting;
          expect(answer.messages).toEqual([message]);
        }
      });

      it("LP3 answers empty when the poll timeout passes", async ({ skip }) => {
        if (!running.setPollTimeoutMs) return skip();
        await running.setPollTimeoutMs(150);
        const from = performance.now();
        const idle = await poll(url(), { room: newRoom(), after: 0 });
        const tookMs = performance.now() - from;
        await running.setPollTimeoutMs(25_000);
        expect(idle.status).toBe(200);
        expect(idle.messages).toEqual([]);
        expect(tookMs).toBeGreaterThan(140);
      });

      it("LP4 gives the whole history to a poll without cursor, and parks it in an empty room", async () => {
        const room = newRoom();
        const first = poll(url(), { room });
        await send(anyUrl(1), room, "the first");
        expect((await first).ids).toEqual([1]);
        for (let last = 2; last < 20; last++) {
          await send(anyUrl(last), room, "another");
          const { ids } = await poll(anyUrl(last + 1), { room });
          expect(ids).toEqual(Array.from({ length: last }, (_, index) => index + 1));
        }
      });

      if (!setting.isBehindOthers) {
        it("LP1 LP4 gives at most 1,000 messages: the first after a cursor, else the newest", async () => {
          const room = newRoom();
          const numbers = Array.from({ length: 1_050 }, (_, n) => n);
          for (let from = 0; from < numbers.length; from += 50) {
            const some = numbers.slice(from, from + 50);
            await Promise.all(some.map((n) => send(anyUrl(n), room, `text ${n}`)));
          }
          const history = (await poll(url(), { room })).ids;
          expect([history.length, history[0], history.at(-1)]).toEqual([1_000, 51, 1_050]);
          const after = (await poll(anyUrl(1), { room, after: 10 })).ids;
          expect([after.length, after[0], after.at(-1)]).toEqual([1_000, 11, 1_010]);
          const rest = (await poll(url(), { room, after: 1_010 })).ids;
          expect([rest.length, rest[0], rest.at(-1)]).toEqual([40, 1_011, 1_050]);
        });
      }

      it("LP5 LP19 gives each of many polls what is new to its cursor", async () => {
        const room = newRoom();
        await fill(room, 3);
        const atEnd = Array.from({ length: 60 }, (_, n) => poll(anyUrl(n), { room, after: 3 }));
        const behind = [0, 1, 2].map((after) => poll(url(), { room, after }));
        await send(url(), room, "news");
        for (const { status, ids } of await Promise.all(atEnd)) {
          expect([status, ids]).toEqual([200, [4]]);
        }
        const seen = (await Promise.all(behind)).map(({ ids }) => ids[0]);
        expect(seen).toEqual([1, 2, 3]);
      });

      it("LP6 keeps rooms apart", async () => {
        const [here, there] = [newRoom(), newRoom()];
        const waiting = poll(url(), { room: here, after: 0 });
        await send(url(), there, "elsewhere");
        const { message } = await send(url(), here, "here");
        expect((await waiting).messages).toEqual([message]);
        expect(message.id).toBe(1);
      });

      it("LP6 means the lobby when no room is named", async () => {
        const posted = await fetch(`${url()}/messages`, {
          method: "POST",
          headers: { "content-type": "application/json" },
          body: '{"message":"to the lobby"}',
        });
        const message = (await posted.json()) as { id: number; room: string };
        expect(message.room).toBe("lobby");
        const answer = await fetch(`${url()}/messages?after=${message.id - 1}`);
        expect(await answer.json()).toMatchObject({ messages: [message] });
      });

      it("LP7 refuses a cursor beyond the room's last id, and says which that is", async () => {
        const room = newRoom();
        const empty = await poll(url(), { room, after: 7 });
        expect([empty.status, empty.error?.code, empty.last]).toEqual([409, "cursor-ahead", 0]);
        await fill(room, 2);
        const ahead = await poll(anyUrl(1), { room, after: 3 });
        expect([ahead.status, ahead.last]).toEqual([409, 2]);
      });

      it("LP7 never takes a cursor for ahead that another replica has just given out", async () => {
        const room = newRoom();
        for (let turn = 0; turn < 30; turn++) {
          const { message } = await send(anyUrl(turn), room, "quick");
          const next = poll(anyUrl(turn + 1), { room, after: message.id });
          await send(anyUrl(turn), room, "and on");
          const { status, ids } = await next;
          expect([status, ids]).toEqual([200, [message.id + 1]]);
        }
      });

      it.each(badPolls)("LP8 refuses a poll with %s", async (query, code) => {
        const response = await fetch(`${url()}/messages?${query}`);
        const { error } = (await response.json()) as { error: { code: string; message: string } };
        expect([response.status, error.code]).toEqual([400, code]);
        expect(error.message).toMatch(/^[A-Z].* .*\.$/);
      });

      it("LP9 LP11 loses nothing, repeats nothing, keeps order, while all send at once", async () => {
        const room = newRoom();
        const count = 200;
        const readers = Array.from({ length: 6 }, async (_, reader) => {
          const seen: number[] = [];
          for (let turn = reader; seen.length < count; turn++) {
            const { ids } = await poll(anyUrl(turn), { room, after: seen.at(-1) ?? 0 });
            seen.push(...ids);
          }
          return seen;
        });
        const senders = Array.from({ length: 10 }, async (_, sender) => {
          for (let n = sender; n < count; n += 10) await send(anyUrl(n), room, `text ${n}`);
        });
        await Promise.all(senders);
        const all = Array.from({ length: count }, (_, index) => index + 1);
        for (const seen of await Promise.all(readers)) expect(seen).toEqual(all);
      });
    });

    longPollingPosts({ url, anyUrl });
  });
}
