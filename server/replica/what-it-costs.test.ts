/** What replicas ask of store and broker, counted on their cables (docs/spec/long-polling.md, LP41). */
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import { PATTERNS } from "../../shared/contracts/ids.ts";
import type { TestReplica } from "./testing/cluster.ts";
import { useFixture } from "./testing/fixture.ts";
import { newRoom, poll, send } from "./testing/long-poll-client.ts";
import { waitAt } from "./testing/waiting.ts";

const asked = ({ store, broker }: TestReplica) => ({ store: store.asked, broker: broker.asked });

describe.each(PATTERNS)("what a replica asks: %s", (pattern) => {
  const fixture = useFixture(pattern);
  let cluster: Awaited<ReturnType<typeof fixture.start>>;
  beforeEach(async () => {
    // Standing clocks: no pings come in between.
    cluster = await fixture.start({ settings: { clockRate: 0 } });
  });
  afterEach(() => cluster.stop());

  it("LP41 a message is one statement and one publish", async () => {
    const { first, second } = cluster;
    const room = newRoom();
    await send(first.url, room, "which opens connections and prepares the statement");
    const { given } = await waitAt(pattern, second, { room, after: 1, count: 10 });
    const before = { first: asked(first), second: asked(second) };
    for (let n = 0; n < 10; n++) await send(first.url, room, `${n}`);
    expect((await given).length).toBe(10);
    const { store, broker } = before.first;
    expect(asked(first)).toEqual({ store: store + 10, broker: broker + 10 });
    expect(asked(second)).toEqual(before.second);
  });
});

describe("what a replica asks for polls", () => {
  const fixture = useFixture("long-polling");

  it("LP41 polls ask nothing: parked, released all at once, polling again, expiring", async () => {
    const { first, second, stop } = await fixture.start();
    const room = newRoom();
    await send(first.url, room, "one");
    await poll(second.url, { room, after: 0 });
    const pollAll = (after: number) =>
      Array.from({ length: 50 }, () => poll(second.url, { room, after }));
    const parked = pollAll(1);
    await second.holds(50);
    const before = second.store.asked;
    await send(first.url, room, "two");
    for (const { ids } of await Promise.all(parked)) expect(ids).toEqual([2]);
    const again = pollAll(2);
    await second.holds(50);
    await second.set({ pollTimeoutMs: 100 });
    for (const { ids } of await Promise.all(again)) expect(ids).toEqual([]);
    expect(second.store.asked).toBe(before);
    await stop();
  });
});
