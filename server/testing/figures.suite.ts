/** Whether a whole cluster counts what clients saw for themselves, neither more nor less. */
import { afterEach, describe, expect, it } from "vitest";
import { PATTERN_PREFIX, type Pattern } from "../../shared/contracts/ids.ts";
import type { PatternMetrics } from "../../shared/contracts/metrics.ts";
import { until } from "../control/testing/until.ts";
import { newRoom, send } from "../replica/testing/long-poll-client.ts";
import { SocketClient } from "../replica/testing/socket-client.ts";
import { PlainPoller } from "./plain-poller.ts";
import type { WholeCluster } from "./whole-cluster.ts";

const CLIENTS = 4;
const MESSAGES = 25;

export function figuresSuite(cluster: () => WholeCluster): void {
  const leaving: (() => Promise<void> | void)[] = [];
  afterEach(async () => {
    for (const leave of leaving.splice(0)) await leave();
  });
  const url = (pattern: Pattern) => cluster().urls[pattern];
  const figures = (
    pattern: Pattern,
    what: string,
    isSo: (seen: PatternMetrics) => boolean,
  ): Promise<PatternMetrics> => until(what, () => cluster().figures(pattern), isSo);
  /** Client n, and the replica it is to be at: half of them at each. */
  const named = (pattern: Pattern, n: number, room: string) => ({
    room,
    client: `counted-${PATTERN_PREFIX[pattern]}-${n}`,
    replica: `${PATTERN_PREFIX[pattern]}-${(n % 2) + 1}`,
  });
  const sendAll = (pattern: Pattern, room: string) =>
    Promise.all(Array.from({ length: MESSAGES }, (_, n) => send(url(pattern), room, `text ${n}`)));

  describe("figures", () => {
    it("ME4 counts each idle poll of a plain client once", async () => {
      await cluster().set({ pollTimeoutMs: 200 });
      await cluster().resetFigures();
      const room = newRoom();
      const pollFourTimes = async (client: string) => {
        for (let turn = 0; turn < 4; turn++) {
          const query = new URLSearchParams({ room, after: "0", client });
          const answer = await fetch(`${url("long-polling")}/messages?${query}`);
          expect(await answer.json()).toEqual({ messages: [] });
        }
      };
      await Promise.all(["idle-1", "idle-2", "idle-3"].map(pollFourTimes));
      const seen = await figures("long-polling", "12 polls", ({ polls }) => polls >= 12);
      await cluster().set({ pollTimeoutMs: 25_000 });
      expect(seen).toMatchObject({ polls: 12, idleRequests: 12, requests: 12, held: 0 });
      expect([seen.deliveries, seen.messages]).toEqual([0, 0]);
      expect(seen.idleBytes).toBeGreaterThan(12 * 200);
    });

    it("ME1 ME5 ME15 long polling: counts what plain clients received", async () => {
      await cluster().resetFigures();
      const room = newRoom();
      const clients = Array.from(
        { length: CLIENTS },
        (_, n) => new PlainPoller(url("long-polling"), named("long-polling", n, room)),
      );
      leaving.push(...clients.map((client) => () => client.stop()));
      await figures("long-polling", "all parked", ({ held }) => held === CLIENTS);
      await sendAll("long-polling", room);
      await until(
        "all received",
        () => clients.map(({ ids }) => ids.length),
        (lengths) => lengths.every((length) => length >= MESSAGES),
      );
      const wanted = CLIENTS * MESSAGES;
      const seen = await figures("long-polling", "all counted", (now) => now.deliveries >= wanted);
      const received = clients.reduce((sum, { ids }) => sum + ids.length, 0);
      expect(received).toBe(wanted);
      expect(seen).toMatchObject({
        messages: MESSAGES,
        deliveries: received,
        latencyMs: { count: received },
        ...NO_FAILURE,
      });
      // Those of other tests are still about (ME16).
      expect(seen.clients).toBeGreaterThanOrEqual(CLIENTS);
    });

    it("ME1 ME5 ME15 WebSockets: counts what plain clients received", async () => {
      await cluster().resetFigures();
      const room = newRoom();
      const clients = Array.from({ length: CLIENTS }, (_, n) => {
        const query = named("web-sockets", n, room);
        return new SocketClient(url("web-sockets"), { room, query });
      });
      leaving.push(...clients.map((client) => () => client.close()));
      await Promise.all(clients.map((client) => client.welcomed()));
      await sendAll("web-sockets", room);
      for (const { socket } of clients) await socket.emitWithAck("send-message", { text: "mine" });
      const each = MESSAGES + CLIENTS;
      await Promise.all(clients.map((client) => client.has(each)));
      const wanted = CLIENTS * each;
      const seen = await figures("web-sockets", "all counted", (now) => now.deliveries >= wanted);
      const received = clients.reduce((sum, { ids }) => sum + ids.length, 0);
      expect(received).toBe(wanted);
      expect(seen).toMatchObject({
        messages: each,
        deliveries: received,
        held: CLIENTS,
        ...NO_FAILURE,
      });
      // Those of other tests are still about (ME16).
      expect(seen.clients).toBeGreaterThanOrEqual(CLIENTS);
    });
  });
}

const NO_FAILURE = { replayed: 0, lost: 0, duplicates: 0, outOfOrder: 0, idleRequests: 0 };
