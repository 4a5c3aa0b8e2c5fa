/**
 * An independent check: clients without any code of ours measure for themselves what the figures
 * claim. The two do not measure between the same ends: the figures from the balancer's receipt of
 * the POST to its forwarding of the delivery (ME1), the clients from the sending of the POST to its
 * arrival. So latency is compared where those ways are short beside it: where a delivery takes two
 * seconds because a poller rests, or a replica stands still.
 */
import { afterEach, describe, expect, it } from "vitest";
import { PATTERN_PREFIX, PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import { until } from "../control/testing/until.ts";
import { newRoom } from "../replica/testing/long-poll-client.ts";
import { PlainPoller, PlainSender } from "./plain-poller.ts";
import { PlainSocket } from "./plain-socket.ts";
import type { WholeCluster } from "./whole-cluster.ts";

const CLIENTS = 4;
const MESSAGES = 20;
/** So long that the ways to and from the balancer are less than 2 % of it. */
const LONG_MS = 2_000;
const TOLERATED = 0.02;
const KNOCKS = 10;

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

  /** So many, one after the other; each with the time at which it was handed to the system. */
  async function sendAll(sender: PlainSender): Promise<{ id: number; sentMs: number }[]> {
    const sent = [];
    for (let n = 0; n < MESSAGES; n++) sent.push(await sender.send(`timed ${n}`));
    return sent;
  }

  function senderTo(pattern: Pattern, room: string): PlainSender {
    const sender = new PlainSender(cluster().urls[pattern], room);
    leaving.push(() => sender.stop());
    return sender;
  }

  /** The figures say what the client measured of these messages. */
  async function compare(
    pattern: Pattern,
    sender: PlainSender,
    sent: readonly { id: number; sentMs: number }[],
    { receivedMs }: PlainPoller | PlainSocket,
  ): Promise<void> {
    await until(
      "it has all",
      () => sent.every(({ id }) => receivedMs.has(id)),
      (all) => all,
    );
    const own = sent.map(({ id, sentMs }) => (receivedMs.get(id) ?? 0) - sentMs);
    const { latencyMs } = await until(
      "all are counted",
      () => cluster().figures(pattern),
      ({ deliveries }) => deliveries === MESSAGES,
    );
    expect(latencyMs.count).toBe(MESSAGES);
    // Only the client's measure has the way to the balancer and back in it.
    const ways = [];
    for (let n = 0; n < KNOCKS; n++) ways.push(await sender.knock());
    const wayMs = Math.max(...ways);
    for (const [shown, measured] of [
      [latencyMs.p50, median(own)],
      [latencyMs.max, Math.max(...own)],
    ] as const) {
      expect(measured).toBeGreaterThan(LONG_MS / 2);
      expect(Math.abs(shown - measured)).toBeLessThanOrEqual(TOLERATED * measured + wayMs);
    }
  }

  describe("independent check", () => {
    it.each(PATTERNS)("ME5 %s: deliveries are those that plain clients count", async (pattern) => {
      const room = newRoom();
      const sender = senderTo(pattern, room);
      const clients = await join(pattern, room);
      await cluster().resetFigures();
      const sent = await sendAll(sender);
      await until(
        "everybody has all",
        () => clients.every(({ receivedMs }) => sent.every(({ id }) => receivedMs.has(id))),
        (all) => all,
      );
      const figures = await until(
        "all are counted",
        () => cluster().figures(pattern),
        ({ deliveries }) => deliveries >= CLIENTS * MESSAGES,
      );
      const counted = clients.reduce((sum, { ids }) => sum + ids.length, 0);
      expect(figures).toMatchObject({
        messages: MESSAGES,
        deliveries: counted,
        latencyMs: { count: counted },
        lost: 0,
        duplicates: 0,
      });
    });

    it("ME1 long-polling: what lands while a plain poller rests takes as long as it measures, within 2 %", async () => {
      const room = newRoom();
      const sender = senderTo("long-polling", room);
      const query = { room, client: "timed-with-a-gap" };
      const client = new PlainPoller(cluster().urls["long-polling"], query, LONG_MS);
      leaving.push(() => client.stop());
      await until(
        "its poll is parked",
        () => cluster().figures("long-polling"),
        ({ held }) => held === 1,
      );
      await sender.send("the first, after which it rests");
      await until("it rests", () => client.isResting, Boolean);
      await cluster().resetFigures();
      await compare("long-polling", sender, await sendAll(sender), client);
    });

    it("ME1 web-sockets: what a replica that stands still owes takes as long as a plain socket measures, within 2 %", async () => {
      const room = newRoom();
      const sender = senderTo("web-sockets", room);
      const query = { room, client: "timed-on-a-frozen-one", replica: "ws-1" };
      const client = new PlainSocket(cluster().urls["web-sockets"], query);
      leaving.push(() => client.stop());
      await until("it is welcomed", () => client.isWelcomed, Boolean);
      const act = (action: "freeze" | "thaw") =>
        cluster().playground.call("POST", `/api/replicas/ws-1/${action}`);
      await act("freeze");
      await cluster().resetFigures();
      const sent = await sendAll(sender);
      const lastMs = sent.at(-1)?.sentMs ?? 0;
      await until("they waited", () => performance.now() - lastMs > LONG_MS, Boolean);
      await act("thaw");
      await compare("web-sockets", sender, sent, client);
    });
  });
}

function median(values: readonly number[]): number {
  const sorted = [...values].sort((one, other) => one - other);
  return sorted[Math.floor(sorted.length / 2)] ?? 0;
}
