/**
 * Faults on a whole cluster: done to real links and parts through the control API, seen by clients
 * of both patterns, and healed.
 */
import { afterEach, describe, expect, it } from "vitest";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { FaultState, FaultView } from "../../shared/faults/fault-state.ts";
import type { Fault } from "../../shared/faults/faults.ts";
import { until } from "../control/testing/until.ts";
import type { WholeCluster } from "./whole-cluster.ts";

const CLIENTS = 2;

export function faultsSuite(cluster: () => WholeCluster): void {
  const call = (method: string, path: string, body?: unknown) =>
    cluster().playground.call(method, path, body);
  const faults = () => cluster().playground.get<FaultState>("/api/faults");
  const send = (pattern: Pattern, text: string) =>
    call("POST", "/api/messages", {
      pattern,
      text,
      replica: pattern === "long-polling" ? "lp-1" : "ws-1",
    });

  async function force(fault: Fault): Promise<FaultView> {
    const { status, body } = await call("POST", "/api/faults", fault);
    expect(status, JSON.stringify(body)).toBe(201);
    return body;
  }

  async function settled(): Promise<void> {
    await cluster().settle(CLIENTS);
    await cluster().resetFigures();
  }

  const delivered = (pattern: Pattern, count: number) =>
    until(
      `${count} deliveries of ${pattern}`,
      () => cluster().figures(pattern),
      ({ deliveries }) => deliveries >= count,
    );

  describe("faults", () => {
    afterEach(async () => {
      await call("DELETE", "/api/faults");
      await call("PUT", "/api/fleet", { "long-polling": 0, "web-sockets": 0 });
    });

    it.each(PATTERNS)("FT2 FT13 %s: late pushes are marked, and delivered", async (pattern) => {
      await settled();
      const after = await cluster().traceEnd();
      const link = { from: "broker", to: "replica:*" } as const;
      const fault = await force({ kind: "delay", link, direction: "down", delayMs: 80 });
      expect(fault.words).toBe("Broker → all replicas: each hop 80 ms late");
      expect((await send(pattern, "late")).status).toBe(201);
      const figures = await delivered(pattern, CLIENTS);
      expect(figures).toMatchObject({ lost: 0, duplicates: 0 });
      expect(figures.perturbed).toBeGreaterThan(0);
      const isLate = ({ kind, perturbed }: { kind: string; perturbed?: string }): boolean =>
        kind === "redis.push" && perturbed === "delayed";
      const events = await cluster().untilTrace("late pushes", after, (all) => all.some(isLate));
      const push = events.find(isLate);
      expect((push?.doneAt ?? 0) - (push?.at ?? 0)).toBeGreaterThanOrEqual(79);
      await until("its reach", faults, ({ faults: [one] }) => (one?.touched ?? 0) >= 2);
    });

    it("FT3 FT9 a stalled client misses nothing once its link is healed", async () => {
      await settled();
      const link = { from: "client:ws-client-2", to: "balancer:web-sockets" } as const;
      const { id } = await force({ kind: "stall", link, direction: "down" });
      await send("web-sockets", "who waits?");
      await delivered("web-sockets", CLIENTS - 1);
      await until("the packet that waits", faults, ({ faults: [one] }) => one?.waiting === 1);
      expect((await call("DELETE", `/api/faults/${id}`)).status).toBe(200);
      await delivered("web-sockets", CLIENTS);
      expect((await faults()).past.at(-1)).toMatchObject({ id, kind: "stall", touched: 1 });
    });

    it("FT4 FT8 cut connections come back once as many were cut as were to be", async () => {
      await settled();
      const after = await cluster().traceEnd();
      await force({ kind: "cut", link: { from: "client:*", to: "balancer:*" }, count: 5 });
      const cut = await cluster().untilTrace(
        "the cuts",
        after,
        (all) => all.filter(isCut).length >= 5,
      );
      expect(cut.filter(isCut)[0]?.info?.closedBy).toBe("balancer");
      await until("its end", faults, ({ faults: left }) => left.length === 0);
      await settled();
      await send("long-polling", "back again");
      await delivered("long-polling", CLIENTS);
    });

    it("FT4 a replica that the balancer cannot reach is passed over; without its broker link it still serves", async () => {
      await settled();
      await force({ kind: "cut", link: { from: "balancer:long-polling", to: "replica:lp-1" } });
      const around = await call("POST", "/api/messages", {
        pattern: "long-polling",
        text: "around",
      });
      expect(around).toMatchObject({ status: 201, body: { server: "lp-2" } });
      await call("DELETE", "/api/faults");
      await force({ kind: "cut", link: { from: "replica:lp-1", to: "broker" }, how: "close" });
      await settled();
      expect((await send("long-polling", "without a broker")).status).toBeLessThan(600);
      await call("DELETE", "/api/faults");
    });

    it("FT6 store and replicas can be stopped, frozen and killed, and are well again", async () => {
      await force({ kind: "stop", target: "store" });
      expect((await call("GET", "/api/health")).body).toMatchObject({ store: { state: "down" } });
      expect((await send("long-polling", "nowhere")).status).toBeGreaterThanOrEqual(500);
      const frozen = await force({ kind: "freeze", target: "replica:ws-2" });
      expect((await cluster().playground.replica("ws-2"))?.state).toBe("frozen");
      await call("POST", "/api/replicas/ws-2/thaw");
      await until("the freeze's end", faults, ({ faults: all }) =>
        all.every(({ id }) => id !== frozen.id),
      );
      await force({ kind: "kill", target: "replica:ws-2" });
      expect((await faults()).faults.map(({ kind }) => kind)).toEqual(["stop"]);
      expect((await call("DELETE", "/api/faults")).body).toMatchObject({ healed: 1, faults: [] });
      await until(
        "a store that takes messages",
        () => send("long-polling", "stored"),
        ({ status }) => status === 201,
      );
      await cluster().playground.untilReplica("ws-2", ({ state }) => state === "ready");
    });

    it("FT11 a wire that is killed comes back with the faults in force", async () => {
      const { playground } = cluster();
      await force({ kind: "stall", link: { from: "replica:*", to: "store" }, direction: "up" });
      const { pid } = (await playground.cluster()).wire;
      process.kill(pid ?? 0, "SIGKILL");
      await until(
        "another wire",
        () => playground.cluster(),
        ({ wire }) => wire.state === "up" && wire.pid !== pid,
      );
      await until("what it stalls", faults, ({ faults: [one] }) => (one?.waiting ?? 0) > 0);
      await call("DELETE", "/api/faults");
      await until(
        "a message stored",
        () => send("long-polling", "after all"),
        ({ status }) => status === 201,
      );
    });

    it("FT15 upgrades that are refused leave polling, for those who may", async () => {
      await cluster().set({ upgrades: false, transports: ["polling", "websocket"] });
      await settled();
      const after = await cluster().traceEnd();
      expect((await send("web-sockets", "by polling")).status).toBe(201);
      await delivered("web-sockets", CLIENTS);
      const events = await cluster().untilTrace("a packet by polling", after, (all) =>
        all.some(
          ({ kind, info, messageIds }) =>
            kind === "packet" && info?.transport === "polling" && messageIds !== undefined,
        ),
      );
      expect(
        events.some(({ kind, from }) => kind === "socket.open" && from.startsWith("client:")),
      ).toBe(false);
      await cluster().set({ upgrades: true, transports: ["websocket"] });
      await settled();
      await send("web-sockets", "by WebSocket");
      await delivered("web-sockets", CLIENTS);
    });

    it("FT16 without the adapter clients of other replicas hear nothing, until theirs reads the store", async () => {
      await cluster().set({ adapter: false });
      await settled();
      const after = await cluster().traceEnd();
      await send("web-sockets", "to my own");
      await cluster().untilTrace("pushes that are lost", after, (all) =>
        all.some(
          ({ kind, to, perturbed }) =>
            kind === "redis.push" && to === "replica:ws-2" && perturbed === "dropped",
        ),
      );
      expect((await cluster().figures("web-sockets")).deliveries).toBe(1);
      await cluster().set({ adapter: true });
      await send("web-sockets", "to all");
      await delivered("web-sockets", 2 * CLIENTS);
    });

    it("FT12 says in words what cannot be, and changes nothing", async () => {
      const link = { from: "replica:lp-1", to: "broker" };
      for (const [body, status, words] of [
        [{}, 400, /kind must be one of/],
        [{ kind: "magic", link }, 400, /kind must be one of delay/],
        [{ kind: "delay", link }, 400, /delayMs: is needed/],
        [{ kind: "delay", link, delayMs: -1 }, 400, /at least 0/],
        [{ kind: "delay", link, delayMs: 10, color: "red" }, 400, /color/],
        [{ kind: "stall" }, 400, /link: is needed/],
        [
          { kind: "stall", link: { from: "moon", to: "broker" } },
          400,
          /link.from: must be client:/,
        ],
        [
          { kind: "stall", link: { from: "client:*", to: "store" } },
          400,
          /There is no link between/,
        ],
        [{ kind: "duplicate", link, direction: "up" }, 400, /answered in order/],
        [{ kind: "stall", link: { ...link, from: "replica:lp-9" } }, 404, /lp-9/],
        [{ kind: "freeze", target: "broker" }, 400, /target/],
      ] as const) {
        const answer = await call("POST", "/api/faults", body);
        expect(answer.status, JSON.stringify([body, answer.body])).toBe(status);
        expect(answer.body).toMatchObject({ error: { message: expect.stringMatching(words) } });
      }
      expect((await call("DELETE", "/api/faults/fault-0")).status).toBe(404);
      expect((await faults()).faults).toEqual([]);
    });
  });
}

function isCut({ kind, info }: { kind: string; info?: { reason?: string } }): boolean {
  return kind === "socket.close" && info?.reason === "its link is cut";
}
