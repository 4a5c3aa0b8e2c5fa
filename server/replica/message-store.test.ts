import pg from "pg";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { MessageStore } from "./message-store.ts";
import { systemClock } from "./system-clock.ts";
import { type Backend, startTestStore } from "./testing/backends.ts";
import { newRoom } from "./testing/long-poll-client.ts";
import { until } from "./testing/until.ts";

describe("the message store", () => {
  let backend: Backend;
  let stores: MessageStore[] = [];
  let sql: pg.Pool;
  const open = (server: string, pattern: "long-polling" | "web-sockets" = "long-polling") => {
    const store = new MessageStore({ url: backend.url, pattern, server, clock: systemClock });
    stores.push(store);
    return store;
  };
  const draft = (room: string, text = "x") => ({ room, text, traceparent: undefined });

  beforeAll(async () => {
    backend = await startTestStore();
    sql = new pg.Pool({ connectionString: backend.url });
    // An ended pool does not wait for its connections to close: the store's end may reach them yet.
    sql.on("connect", (client) => client.on("error", () => undefined));
  });
  afterAll(async () => {
    await Promise.all(stores.map((store) => store.close()));
    stores = [];
    await sql?.end();
    await backend?.stop();
  });

  it("LP11 makes its tables once, however many start together", async () => {
    await sql.query("DROP TABLE IF EXISTS rooms, messages");
    const room = newRoom();
    const all = Array.from({ length: 8 }, (_, n) => open(`lp-${n}`));
    const stored = await Promise.all(all.map((store) => store.append(draft(room))));
    expect(stored.map(({ id }) => id).sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
  });

  it("LP11 shows no id before all below it, to a reader who watches while many write", async () => {
    const room = newRoom();
    const [writers, reader] = [[open("a"), open("b"), open("c")], open("reader")];
    let writing = true;
    const watch = async () => {
      let last = 0;
      while (writing || last < 300) {
        const messages = await reader.after(room, last);
        expect(messages.map(({ id }) => id)).toEqual(messages.map((_, index) => last + index + 1));
        last += messages.length;
      }
    };
    const watching = watch();
    await Promise.all(
      writers.map(async (store) => {
        for (let n = 0; n < 20; n++) {
          await Promise.all(Array.from({ length: 5 }, () => store.append(draft(room))));
        }
      }),
    );
    writing = false;
    await watching;
  });

  it("LP6 keeps patterns and rooms apart", async () => {
    const room = newRoom();
    const [polling, sockets] = [open("lp-1"), open("ws-1", "web-sockets")];
    await polling.append(draft(room, "mine"));
    expect((await sockets.append(draft(room, "theirs"))).id).toBe(1);
    expect((await polling.newest(room)).map(({ text }) => text)).toEqual(["mine"]);
    expect([await polling.last(room), await polling.last(newRoom())]).toEqual([1, 0]);
  });

  it("LP1 LP4 reads from a cursor or from the end, oldest first", async () => {
    const [store, room] = [open("lp-1"), newRoom()];
    for (let n = 1; n <= 5; n++) await store.append(draft(room, `${n}`));
    const texts = async (read: Promise<{ text: string }[]>) => (await read).map(({ text }) => text);
    expect(await texts(store.after(room, 2, 2))).toEqual(["3", "4"]);
    expect(await texts(store.newest(room, 2))).toEqual(["4", "5"]);
    expect(await texts(store.after(room, 5))).toEqual([]);
  });

  it("LP31 keeps the newest 100,000 of a room, and goes on counting", async () => {
    const [store, room] = [open("lp-1"), newRoom()];
    await store.append(draft(room));
    await sql.query("UPDATE rooms SET last = 100998 WHERE room = $1", [room]);
    await sql.query(
      `INSERT INTO messages SELECT 'long-polling', $1, id, 'old', now(), 'lp-1', NULL
       FROM generate_series(999, 1002) AS id`,
      [room],
    );
    expect((await store.append(draft(room))).id).toBe(100_999);
    expect((await store.after(room, 0, 1))[0]?.id).toBe(1);
    expect((await store.append(draft(room))).id).toBe(101_000);
    await until(async () => (await store.after(room, 0, 1))[0]?.id === 1_001);
    expect((await store.append(draft(room))).id).toBe(101_001);
  });

  it("LP25 opens new connections when the old ones are broken", async () => {
    const [store, room] = [open("breaks"), newRoom()];
    await store.append(draft(room));
    await sql.query(
      "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'breaks'",
    );
    await until(() => !store.isUp);
    await store.check();
    expect([store.isUp, (await store.append(draft(room))).id]).toEqual([true, 2]);
  });

  it("LP25 makes its tables again when the database was emptied", async () => {
    const [store, room] = [open("lp-1"), newRoom()];
    await store.append(draft(room));
    await sql.query("DROP TABLE rooms, messages");
    await expect(store.append(draft(room))).rejects.toThrow(/was not stored/);
    expect((await store.append(draft(room))).id).toBe(1);
  });
});
