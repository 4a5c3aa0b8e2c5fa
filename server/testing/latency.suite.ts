/**
 * An independent check: clients without any code of ours measure for themselves what the figures
 * claim. The two do not measure between the same ends: the figures from the balancer's receipt of
 * the POST to its forwarding of the delivery (ME1), the clients from the sending of the POST to its
 * arrival, which adds the way to the balancer and back: that is measured between the messages. One message at a time, so that nothing queues.
 */
import { afterEach, describe, expect, it } from "vitest";
import { PATTERN_PREFIX, type Pattern } from "../../shared/contracts/ids.ts";
import { until } from "../control/testing/until.ts";
import { newRoom } from "../replica/testing/long-poll-client.ts";
import { PlainPoller, PlainSender } from "./plain-poller.ts";
import { PlainSocket } from "./plain-socket.ts";
import type { WholeCluster } from "./whole-cluster.ts";

const CLIENTS = 4;
const MESSAGES = 20;
/** A poll gap so long that the ways to and from the balancer are less than 2 % of it. */
const GAP_MS = 2_000;
const TOLERATED = { share: 0.02, ms: 1 };

export function latencySuite(cluster: () => WholeCluster): void {
  const leaving: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const leave of leaving.splice(0)) await leave();
  });

  async function join(pattern: Pattern, room: string): Promise<(PlainPoller | PlainSocket)[]> {
    const url = cluster().urls[pattern];
    const clients = Array.from({ length: CLIENTS }, (_, n) => {
      const client = `timed-${PATTERN_PREFIX[pattern]}-${n}`;
      const replica = `${PATTERN_PREFIX[pattern]}-${(n % 2) + 1}`;
      const query = { room, client, replica };
      return pattern === "long-polling" ? new PlainPoller(url, query) : new PlainSocket(url, query);
    });
    leaving.push(...clients.map((client) => () => client.stop()));
    await until(
      "all are there",
      () => cluster().figures(pattern),
      ({ held }) => held === CLIENTS,
    );
    await until(
      "all sockets are welcomed",
      () => clients.every((client) => !("isWelcomed" in client) || client.isWelcomed),
      (all) => all,
    );
    return clients;
  }

  /** What the clients measured, and what the figures say of the same messages. */
  async function round(
    pattern: Pattern,
    sender: PlainSender,
    clients: readonly (PlainPoller | PlainSocket)[],
  ) {
    await cluster().resetFigures();
    const before = clients.reduce((sum, { ids }) => sum + ids.length, 0);
    const measured: number[] = [];
    const ways: number[] = [];
    for (let n = 0; n < MESSAGES; n++) {
      const { id, sentMs } = await sender.send(`timed ${n}`);
      await until(
        "everybody has it",
        () => clients.every(({ receivedMs }) => receivedMs.has(id)),
        (all) => all,
      );
      ways.push(await sender.knock());
      for (const { receivedMs } of clients) measured.push((receivedMs.get(id) ?? 0) - sentMs);
    }
    const counted = clients.reduce((sum, { ids }) => sum + ids.length, 0) - before;
    const figures = await until(
      "all are counted",
      () => cluster().figures(pattern),
      ({ deliveries }) => deliveries >= counted,
    );
    return { counted, figures, ownMs: median(measured), wayMs: median(ways) };
  }

  describe("independent check", () => {
    it.each(["long-polling", "web-sockets"] as const)(
      "ME1 ME5 %s: deliveries are those that plain clients count, latency is not above what they measure",
      async (pattern) => {
        const room = newRoom();
        const sender = new PlainSender(cluster().urls[pattern], room);
        leaving.push(() => sender.stop());
        const clients = await join(pattern, room);
        const { counted, figures, ownMs, wayMs } = await round(pattern, sender, clients);
        expect(figures).toMatchObject({
          messages: MESSAGES,
          deliveries: counted,
          latencyMs: { count: CLIENTS * MESSAGES },
          lost: 0,
          duplicates: 0,
        });
        const tolerated = Math.max(TOLERATED.ms, TOLERATED.share * ownMs);
        const shownMs = figures.latencyMs.p50;
        expect(shownMs).toBeLessThanOrEqual(ownMs + tolerated);
        // A busy machine wakes clients late, which only they see: downwards no more can be asked here.
        expect(shownMs).toBeGreaterThanOrEqual((ownMs - wayMs) / 2 - tolerated);
      },
    );

    it("ME1 ME5 latency is what a plain client measures, within 2 %, where ways are short beside it", async () => {
      const room = newRoom();
      const sender = new PlainSender(cluster().urls["long-polling"], room);
      leaving.push(() => sender.stop());
      const query = { room, client: "timed-with-a-gap" };
      const client = new PlainPoller(cluster().urls["long-polling"], query, GAP_MS);
      leaving.push(() => client.stop());
      await until(
        "its poll is parked",
        () => cluster().figures("long-polling"),
        ({ held }) => held === 1,
      );
      await sender.send("the first, after which it rests");
      await until("it rests", () => client.isResting, Boolean);
      await cluster().resetFigures();
      const sent: { id: number; sentMs: number }[] = [];
      for (let n = 0; n < MESSAGES; n++) sent.push(await sender.send(`into the gap ${n}`));
      const last = sent.at(-1)?.id ?? 0;
      await until("it has all", () => client.receivedMs.has(last), Boolean);
      const own = sent.map(({ id, sentMs }) => (client.receivedMs.get(id) ?? 0) - sentMs);
      const { latencyMs } = await until(
        "all are counted",
        () => cluster().figures("long-polling"),
        ({ deliveries }) => deliveries === MESSAGES,
      );
      expect(latencyMs.count).toBe(MESSAGES);
      for (const [shown, measured] of [
        [latencyMs.p50, median(own)],
        [latencyMs.max, Math.max(...own)],
      ] as const) {
        expect(Math.abs(shown - measured)).toBeLessThanOrEqual(TOLERATED.share * measured);
      }
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
