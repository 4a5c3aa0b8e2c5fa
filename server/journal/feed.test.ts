/** The feed over a real connection. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { io, type Socket } from "socket.io-client";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { Snapshot } from "../../shared/contracts/control.ts";
import type { TraceBatch, TraceEvent } from "../../shared/trace/event.ts";
import { until } from "../control/testing/until.ts";
import { systemClock } from "../processes/system-clock.ts";
import { Feed } from "./feed.ts";
import { Journal } from "./journal.ts";

let http: Server;
let journal: Journal;
let feed: Feed;
let lastSeq = 0;
const pages: Socket[] = [];

beforeEach(async () => {
  lastSeq = 0;
  http = createServer();
  journal = new Journal();
  feed = new Feed({
    http,
    journal,
    clock: systemClock,
    isAllowed: () => true,
    now: () => 0,
    snapshot: () => ({}) as Snapshot,
  });
  await new Promise<void>((resolve) => http.listen(0, "127.0.0.1", resolve));
});
afterEach(async () => {
  for (const page of pages.splice(0)) page.close();
  await feed.close();
});

/** So many events cross the wire; `label` gives them their size. */
function cross(count: number, label = "x"): void {
  const events = Array.from({ length: count }, (): TraceEvent => {
    lastSeq += 1;
    const ends = { from: "broker", to: "replica:lp-1" } as const;
    return { seq: lastSeq, at: 0, doneAt: 0, kind: "raw", ...ends, label, bytes: 0 };
  });
  journal.append(events, 0);
  feed.events(events);
}

/** A page, what it was given, and what it would ask after next. */
function open(after?: number) {
  const { port } = http.address() as AddressInfo;
  const page = io(`http://127.0.0.1:${port}`, {
    transports: ["websocket"],
    reconnection: false,
    forceNew: true,
    ...(after !== undefined && { auth: { after } }),
  });
  pages.push(page);
  const seen = { seqs: [] as number[], next: 0, dropped: 0, resets: 0 };
  page.on("trace", ({ events, next, dropped }: TraceBatch) => {
    for (const { seq } of events) seen.seqs.push(seq);
    Object.assign(seen, { next, dropped });
  });
  page.on("reset", () => (seen.resets += 1));
  return { page, seen };
}

const range = (from: number, to: number) =>
  Array.from({ length: to - from + 1 }, (_, index) => from + index);

describe("feed", () => {
  it("CT32 gives a page the newest events, then each new one, once and in order", async () => {
    cross(3_000);
    const { seen } = open();
    await until(
      "the opening",
      () => seen.next,
      (next) => next === 3_000,
    );
    cross(10);
    await until(
      "the rest",
      () => seen.next,
      (next) => next === 3_010,
    );
    expect(seen.seqs).toEqual(range(1_001, 3_010));
  });

  it("CT32 gives a page that reconnects only what is newer", async () => {
    cross(100);
    const { seen } = open(90);
    await until(
      "the rest",
      () => seen.next,
      (next) => next === 100,
    );
    expect(seen.seqs).toEqual(range(91, 100));
    expect(seen.resets).toBe(0);
  });

  it("CT32 tells a page that remembers another playground to start over", async () => {
    cross(10);
    const { seen } = open(5_000);
    await until(
      "the opening",
      () => seen.next,
      (next) => next === 10,
    );
    expect(seen.resets).toBe(1);
    expect(seen.seqs).toEqual(range(1, 10));
  });

  it("CT33 a page that stops reading gets fewer events and a count, and harms no other", async () => {
    const [slow, quick] = [open(), open()];
    await until(
      "both pages",
      () => feed.pages,
      (count) => count === 2,
    );
    await until("both connected", () => slow.page.connected && quick.page.connected, Boolean);
    const { ws } = slow.page.io.engine.transport as unknown as {
      ws: { pause(): void; resume(): void };
    };
    ws.pause();
    for (let round = 1; round <= 40; round++) {
      cross(1_000, "y".repeat(1_000));
      await until(
        `round ${round}`,
        () => quick.seen.next,
        (next) => next === round * 1_000,
      );
    }
    ws.resume();
    await until(
      "the slow page caught up",
      () => slow.seen.next,
      (next) => next === 40_000,
    );
    expect(quick.seen).toMatchObject({ dropped: 0 });
    expect(quick.seen.seqs).toEqual(range(1, 40_000));
    expect(slow.seen.dropped).toBeGreaterThan(1_000);
    expect(slow.seen.seqs.length + slow.seen.dropped).toBe(40_000);
  });

  it("CT35 a page that talks is sent away, one that floods too, and no other is harmed", async () => {
    const [talker, flooder, quiet] = [open(), open(), open()];
    await until(
      "all pages",
      () => [talker, flooder, quiet].every(({ page }) => page.connected),
      Boolean,
    );
    talker.page.emit("steer", { everything: true });
    for (let shout = 0; shout < 20_000; shout++) flooder.page.emit("x", "y".repeat(100));
    await until(
      "they are gone",
      () => feed.limits().pages?.used,
      (used) => used === 1,
    );
    cross(10);
    await until(
      "the quiet one's events",
      () => quiet.seen.next,
      (next) => next === 10,
    );
    expect(talker.page.connected || flooder.page.connected).toBe(false);
  });

  it("CT35 a frame over 16 KiB closes its connection, and no other", async () => {
    const [large, quiet] = [open(), open()];
    await until("both", () => large.page.connected && quiet.page.connected, Boolean);
    large.page.emit("x", "y".repeat(20_000));
    await until(
      "it is gone",
      () => large.page.connected,
      (connected) => !connected,
    );
    cross(1);
    await until(
      "the other's event",
      () => quiet.seen.next,
      (next) => next === 1,
    );
  });
});
