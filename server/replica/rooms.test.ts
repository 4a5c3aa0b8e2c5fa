import { describe, expect, it } from "vitest";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import { SteppedClock } from "../../shared/patterns/testing/stepped-clock.ts";
import { Rooms } from "./rooms.ts";

const message = (id: number, room = "a"): ChatMessage => {
  return { id, text: `${id}`, time: "2026-01-01T00:00:00.000Z", server: "lp-1", room };
};
const ids = (messages: ChatMessage[] | undefined) => messages?.map(({ id }) => id);

/** A store whose reads are answered by hand: each sees what was stored when it began. */
class HandStore {
  stored = new Map<string, ChatMessage[]>();
  reads: { what: string; settle: (error?: Error) => Promise<void> }[] = [];

  add(...messages: ChatMessage[]) {
    for (const each of messages) {
      this.stored.set(each.room, [...(this.stored.get(each.room) ?? []), each]);
    }
  }
  after(room: string, cursor: number) {
    return this.#read(`${room} after ${cursor}`, room, cursor);
  }
  newest(room: string) {
    return this.#read(`${room} newest`, room, 0);
  }
  /** Answers the oldest open read, and lets what waits for it go on. */
  async answer(error?: Error): Promise<string> {
    const read = this.reads.shift();
    if (!read) throw new Error("nobody reads");
    await read.settle(error);
    return read.what;
  }
  #read(what: string, room: string, cursor: number): Promise<ChatMessage[]> {
    const seen = (this.stored.get(room) ?? []).filter(({ id }) => id > cursor).slice(0, 1_000);
    return new Promise((resolve, reject) => {
      const settle = async (error?: Error) => {
        if (error) reject(error);
        else resolve(seen);
        await new Promise((next) => setImmediate(next));
      };
      this.reads.push({ what, settle });
    });
  }
}

function setUp() {
  const store = new HandStore();
  const clock = new SteppedClock();
  const used = new Set<string>();
  const news: [room: string, last: number, missed: number[]][] = [];
  const state = { isSubscribed: true };
  const rooms = new Rooms({
    store,
    clock,
    isSubscribed: () => state.isSubscribed,
    isUsed: (room) => used.has(room),
    onNews: (room, log, missed) => news.push([room, log.last, missed.map(({ id }) => id)]),
  });
  const load = async (room = "a") => {
    used.add(room);
    const loaded = rooms.catchUp(room);
    await store.answer();
    return loaded;
  };
  return { store, clock, used, news, rooms, state, load };
}

describe("the rooms a replica knows", () => {
  it("LP26 reads a room once, then follows what it hears", async () => {
    const { store, rooms, load } = setUp();
    store.add(message(1), message(2));
    expect(rooms.current("a")).toBeUndefined();
    await load();
    expect(rooms.hear(message(3))).toBe("next");
    expect(ids(rooms.current("a", 3)?.after(0))).toEqual([1, 2, 3]);
    expect(store.reads).toEqual([]);
  });

  it("LP7 does not trust itself below a cursor that somebody has", async () => {
    const { store, rooms, load } = setUp();
    store.add(message(1));
    await load();
    expect([rooms.current("a", 1)?.last, rooms.current("a", 2)]).toEqual([1, undefined]);
  });

  it("LP20 reads the store at a gap, and takes a late push for known", async () => {
    const { store, rooms, news, load } = setUp();
    await load();
    store.add(message(1), message(2));
    expect(rooms.hear(message(2))).toBe("gap");
    expect(await store.answer()).toBe("a after 0");
    expect(news.at(-1)).toEqual(["a", 2, [1, 2]]);
    expect(rooms.hear(message(1))).toBe("known");
    expect(store.reads).toEqual([]);
  });

  it("LP20 reads again for a push that came while a read was under way", async () => {
    const { store, rooms, load } = setUp();
    await load();
    store.add(message(1), message(2));
    rooms.hear(message(2));
    store.add(message(3), message(4));
    rooms.hear(message(4));
    await store.answer();
    expect(rooms.log("a")?.last).toBe(2);
    expect(await store.answer()).toBe("a after 2");
    expect(rooms.log("a")?.last).toBe(4);
  });

  it("LP2 loses no push that comes while the room is read for the first time", async () => {
    const { store, rooms, used } = setUp();
    used.add("a");
    const loading = rooms.catchUp("a");
    store.add(message(1));
    rooms.hear(message(1));
    await store.answer();
    expect((await loading).last).toBe(0);
    await store.answer();
    expect(rooms.log("a")?.last).toBe(1);
  });

  it("LP22 lets all who ask during a read share one that begins later", async () => {
    const { store, rooms, load } = setUp();
    await load();
    const first = rooms.catchUp("a");
    store.add(message(1));
    const later = [rooms.catchUp("a"), rooms.catchUp("a"), rooms.catchUp("a")];
    await store.answer();
    await first;
    expect(store.reads.length).toBe(1);
    await store.answer();
    for (const log of await Promise.all(later)) expect(log.last).toBe(1);
    expect(store.reads).toEqual([]);
  });

  it("LP22 trusts nothing while the subscription is down, and looks for what it missed after", async () => {
    const { store, rooms, news, state, load } = setUp();
    await load("a");
    await load("b");
    state.isSubscribed = false;
    expect(rooms.current("a")).toBeUndefined();
    store.add(message(1), message(1, "b"));
    state.isSubscribed = true;
    rooms.resubscribed();
    expect([await store.answer(), await store.answer()]).toEqual(["a after 0", "b after 0"]);
    expect(news.slice(-2)).toEqual([
      ["a", 1, [1]],
      ["b", 1, [1]],
    ]);
  });

  it("LP22 looks again when the subscription came back during a read", async () => {
    const { store, rooms, used, state } = setUp();
    state.isSubscribed = false;
    const reading = rooms.catchUp("a");
    store.add(message(1));
    state.isSubscribed = true;
    rooms.resubscribed();
    used.add("a");
    await store.answer();
    expect((await reading).last).toBe(0);
    await store.answer();
    expect(rooms.log("a")?.last).toBe(1);
  });

  it("LP22 forgets rooms that nobody waits in, when it has missed what happened there", async () => {
    const { rooms, used, load } = setUp();
    await load();
    used.clear();
    rooms.resubscribed();
    expect(rooms.log("a")).toBeUndefined();
  });

  it("LP25 tries a gap again until the store answers", async () => {
    const { store, rooms, clock, load } = setUp();
    await load();
    store.add(message(1), message(2));
    rooms.hear(message(2));
    for (let attempt = 0; attempt < 3; attempt++) {
      await store.answer(new Error("store is away"));
      expect(store.reads).toEqual([]);
      clock.step(1_000);
      await new Promise((next) => setImmediate(next));
    }
    await store.answer();
    expect(rooms.log("a")?.last).toBe(2);
  });

  it("LP25 tells those who ask, and knows as much as before, when a read fails", async () => {
    const { store, rooms, load } = setUp();
    await load();
    const asked = expect(rooms.catchUp("a")).rejects.toThrow("store is away");
    await store.answer(new Error("store is away"));
    await asked;
    expect(rooms.log("a")?.last).toBe(0);
  });

  it("LP20 reads page by page when far behind", async () => {
    const { store, rooms, news, load } = setUp();
    await load();
    store.add(...Array.from({ length: 1_500 }, (_, index) => message(index + 1)));
    rooms.hear(message(1_500));
    await store.answer();
    expect(await store.answer()).toBe("a after 1000");
    expect(news.slice(-2).map(([, last]) => last)).toEqual([1_000, 1_500]);
  });

  it("LP32 forgets the least recently used of 256 rooms, or its messages where somebody waits", async () => {
    const { store, rooms, used, load } = setUp();
    store.add(message(1));
    await load();
    const fillUp = async (prefix: string) => {
      for (let n = 0; n < 256; n++) {
        const loaded = rooms.catchUp(`${prefix}${n}`);
        await store.answer();
        await loaded;
      }
    };
    await fillUp("x");
    expect([rooms.log("a")?.last, rooms.log("a")?.after(0)]).toEqual([1, undefined]);
    used.clear();
    await fillUp("y");
    expect([rooms.log("a"), rooms.log("x0")]).toEqual([undefined, undefined]);
  });
});
