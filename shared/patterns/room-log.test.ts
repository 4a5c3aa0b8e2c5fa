import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { ChatMessage } from "../contracts/chat-message.ts";
import { MAX_LOG_BYTES, RoomLog } from "./room-log.ts";

function message(id: number, text = `text ${id}`): ChatMessage {
  return { id, text, time: "2026-01-01T00:00:00.000Z", server: "lp-1", room: "lobby" };
}
const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);
const messages = (from: number, to: number) => range(from, to).map((id) => message(id));
const ids = (some: ChatMessage[] | undefined) => some?.map(({ id }) => id);

describe("a room's log", () => {
  it("LP20 takes the next message only, and says what else it is", () => {
    const log = new RoomLog();
    expect([1, 2, 2, 1, 4, 3].map((id) => log.append(message(id)))).toEqual([
      "next",
      "next",
      "known",
      "known",
      "gap",
      "next",
    ]);
    expect(log.last).toBe(3);
  });

  it("LP5 gives what comes after a cursor, and nothing after its end", () => {
    const log = new RoomLog();
    log.extend(messages(1, 5));
    expect([0, 3, 5, 9].map((cursor) => ids(log.after(cursor)))).toEqual([
      [1, 2, 3, 4, 5],
      [4, 5],
      [],
      [],
    ]);
  });

  it("LP26 says when it does not reach back far enough", () => {
    const log = new RoomLog();
    log.extend(messages(101, 110));
    expect([ids(log.after(99)), ids(log.after(100))]).toEqual([undefined, range(101, 110)]);
    expect([log.newest(11), ids(log.newest(2))]).toEqual([undefined, [109, 110]]);
  });

  it("LP4 knows when it has the whole of a short history", () => {
    const log = new RoomLog();
    expect(log.newest(1_000)).toEqual([]);
    log.extend(messages(1, 3));
    expect(ids(log.newest(1_000))).toEqual([1, 2, 3]);
  });

  it("LP20 takes the store's word: returns what is new, and starts anew after pruned ids", () => {
    const log = new RoomLog();
    log.extend(messages(1, 5));
    expect(ids(log.extend(messages(4, 7)))).toEqual([6, 7]);
    expect(ids(log.extend(messages(20, 21)))).toEqual([20, 21]);
    expect([log.last, ids(log.after(19)), log.after(7)]).toEqual([21, [20, 21], undefined]);
  });

  it("LP26 keeps 1,000 messages or 256 KiB of text, whichever is less", () => {
    const many = new RoomLog();
    many.extend(messages(1, 1_500));
    expect([many.after(499), ids(many.after(500))?.length]).toEqual([undefined, 1_000]);
    const large = new RoomLog();
    const size = 4_096;
    large.extend(range(1, 100).map((id) => message(id, "é".repeat(size / 2))));
    const kept = MAX_LOG_BYTES / size;
    expect([large.after(99 - kept), ids(large.after(100 - kept))?.length]).toEqual([
      undefined,
      kept,
    ]);
  });

  it("LP32 gives its memory back and still knows its end", () => {
    const log = new RoomLog();
    log.extend(messages(1, 5));
    log.forgetMessages();
    expect([log.last, ids(log.after(5)), log.after(4)]).toEqual([5, [], undefined]);
    expect([log.append(message(6)), ids(log.after(5))]).toEqual(["next", [6]]);
  });

  it("LP20 never has a hole, whatever comes in whatever order", () => {
    const step = fc.oneof(
      fc.record({ id: fc.integer({ min: 1, max: 30 }) }),
      fc.record({ upTo: fc.integer({ min: 1, max: 30 }) }),
    );
    fc.assert(
      fc.property(fc.array(step), (steps) => {
        const log = new RoomLog();
        for (const each of steps) {
          if ("id" in each) log.append(message(each.id));
          else log.extend(messages(Math.min(log.last, each.upTo) + 1, each.upTo));
          expect(ids(log.after(0))).toEqual(range(1, log.last));
        }
      }),
    );
  });
});
