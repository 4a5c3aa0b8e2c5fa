/**
 * Held traffic on a whole cluster: real taps, balancers and clients of both patterns, stepped
 * through the control API as the page does it.
 */
import { afterEach, describe, expect, it } from "vitest";
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { HoldState, WaitingStep } from "../../shared/hold/hold-state.ts";
import { until } from "../control/testing/until.ts";
import type { WholeCluster } from "./whole-cluster.ts";

type Stepped = HoldState & { released: WaitingStep[] };

const CLIENTS = 2;
/** Far shorter than a test keeps a poll waiting. */
const SHORT_POLL_MS = 400;

export function holdSuite(cluster: () => WholeCluster): void {
  const { call, get } = {
    call: (method: string, path: string, body?: unknown) =>
      cluster().playground.call(method, path, body),
    get: () => cluster().playground.get<HoldState>("/api/hold"),
  };

  async function put(order: object): Promise<HoldState> {
    const { status, body } = await call("PUT", "/api/hold", order);
    expect(status).toBe(200);
    return body;
  }

  async function step(choice: object = {}): Promise<Stepped> {
    const { status, body } = await call("POST", "/api/hold/next", choice);
    expect(status, JSON.stringify(body)).toBe(200);
    return body;
  }

  const send = (pattern: Pattern, text: string) =>
    call("POST", "/api/messages", { pattern, text }) as Promise<{
      status: number;
      body: ChatMessage;
    }>;

  const untilWaits = (what: string, isSo: (step: WaitingStep) => boolean) =>
    until(what, get, ({ waiting }) => waiting.some(isSo));

  const settled = () => cluster().settle(CLIENTS);

  async function leave(): Promise<void> {
    await put({ held: false, paceMs: 0, autoStepMs: 0, breakpoints: [] });
    await call("PUT", "/api/fleet", { "long-polling": 0, "web-sockets": 0 });
  }

  describe("held traffic", () => {
    afterEach(leave);

    it.each(PATTERNS)(
      "HD1 HD3 HD15 %s: a message goes hop by hop, and reaches everybody once",
      async (pattern) => {
        await settled();
        await cluster().resetFigures();
        const after = await cluster().traceEnd();
        await put({ held: true });
        const sent = send(pattern, "step by step");
        const kinds: string[] = [];
        const reached = async (): Promise<number> => (await cluster().figures(pattern)).deliveries;
        await untilWaits("the POST", ({ kind }) => kind === "http.request");
        // The last hop may be counted a moment after it was let go, and no other follows it.
        await until(
          "all deliveries, hop by hop",
          async () => {
            kinds.push(...(await step()).released.map(({ kind }) => kind));
            return reached();
          },
          (deliveries) => deliveries >= CLIENTS,
        );
        expect(kinds.slice(0, 4)).toEqual([
          "http.request",
          "sql.statement",
          "sql.result",
          "redis.command",
        ]);
        expect(kinds.indexOf("redis.push")).toBeGreaterThan(3);
        await put({ held: false });
        expect(await sent).toMatchObject({ status: 201, body: { text: "step by step" } });
        const figures = await cluster().figures(pattern);
        expect(figures).toMatchObject({ deliveries: CLIENTS, lost: 0, duplicates: 0, late: 0 });
        expect(figures.latencyMs.count).toBe(0);
        expect(figures.perturbed).toBeGreaterThanOrEqual(kinds.length);
        const stored = await cluster().untilTrace("a held INSERT", after, (events) =>
          events.some(({ label, perturbed }) => label.startsWith("INSERT") && perturbed === "held"),
        );
        expect(stored.some(({ info }) => info?.lost)).toBe(false);
      },
    );

    it("HD9 no protocol timer fires while traffic is held, and all go on afterwards", async () => {
      await cluster().set({ pollTimeoutMs: SHORT_POLL_MS, pollGapMs: 100 });
      await settled();
      await put({ held: true });
      const before = await until("the waiting hops", get, ({ steps }) => steps >= 0);
      const heldAt = Date.now();
      await until("several poll timeouts", get, () => Date.now() - heldAt > 4 * SHORT_POLL_MS);
      const now = await get();
      const isAnswer = ({ kind }: WaitingStep): boolean => kind === "http.response";
      expect(now.waiting.filter(isAnswer)).toEqual(before.waiting.filter(isAnswer));
      await cluster().resetFigures();
      await put({ held: false });
      await until(
        "idle answers",
        () => cluster().figures("long-polling"),
        ({ idleRequests }) => idleRequests > 0,
      );
      await cluster().set({ pollTimeoutMs: 25_000, pollGapMs: 0 });
    });

    it("HD6 a packet that is dropped reaches nobody; the others get theirs", async () => {
      await settled();
      await cluster().resetFigures();
      await put({ held: true });
      const sent = send("web-sockets", "one gets lost");
      const isPacket = ({ kind, messageIds, to }: WaitingStep): boolean =>
        kind === "packet" && messageIds !== undefined && to.startsWith("client:");
      const { waiting } = await until(
        "a packet",
        async () => step().then(() => get()),
        (state) => state.waiting.some(isPacket),
      );
      const packet = waiting.find(isPacket);
      expect(packet?.drop).toBe("lost");
      await step({ id: packet?.id, drop: true });
      await put({ held: false });
      expect((await sent).status).toBe(201);
      const lost = packet?.count ?? 0;
      await until(
        "the other deliveries",
        () => cluster().figures("web-sockets"),
        ({ deliveries }) => deliveries === CLIENTS - lost,
      );
    });

    it("HD13 replicas and wire that are killed meanwhile come back, and hold again", async () => {
      const { playground } = cluster();
      await settled();
      await put({ held: true });
      await call("POST", "/api/replicas/lp-1/kill");
      await playground.untilReplica(
        "lp-1",
        ({ state, restarts }) => state === "ready" && restarts > 0,
      );
      const pid = (await playground.cluster()).wire.pid;
      process.kill(pid ?? 0, "SIGKILL");
      await until(
        "another wire",
        () => playground.cluster(),
        ({ wire }) => wire.state === "up" && wire.pid !== pid,
      );
      expect((await get()).held).toBe(true);
      // Their back-off stands still as well: they come back once traffic flows.
      await put({ held: false });
      await settled();
      expect((await send("long-polling", "as before")).status).toBe(201);
    });

    it("HD10 a breakpoint holds the traffic, and says which it was", async () => {
      await settled();
      await put({ breakpoints: [{ kind: "hop", hop: "redis.push" }] });
      const sent = send("long-polling", "into the trap");
      const state = await until("the hit", get, ({ held }) => held);
      expect(state).toMatchObject({ hit: { kind: "hop", hop: "redis.push" } });
      expect(state.waiting[0]).toMatchObject({ kind: "redis.push", next: expect.any(String) });
      // The push to the other replica may come later than this: it is not to be held anew.
      await put({ held: false, breakpoints: [] });
      expect((await sent).status).toBe(201);
    });

    it("HD11 at a pace a message takes its time and arrives by itself", async () => {
      await settled();
      await put({ paceMs: 50 });
      const startMs = Date.now();
      expect((await send("web-sockets", "slowly")).status).toBe(201);
      expect(Date.now() - startMs).toBeGreaterThanOrEqual(200);
    });

    it("HD14 says in words what cannot be", async () => {
      expect(await call("POST", "/api/hold/next")).toMatchObject({
        status: 409,
        body: { error: { code: "not-held" } },
      });
      await put({ held: true });
      expect(await call("POST", "/api/hold/next", { id: 1_000_000 })).toMatchObject({
        status: 404,
      });
      for (const [path, method, body] of [
        ["/api/hold", "PUT", {}],
        ["/api/hold", "PUT", { held: "yes" }],
        ["/api/hold", "PUT", { paceMs: -1 }],
        ["/api/hold", "PUT", { breakpoints: [{ kind: "magic" }] }],
        ["/api/hold/next", "POST", { count: 0 }],
        ["/api/hold/next", "POST", { count: 1, id: 1 }],
        ["/api/hold/next", "POST", { drop: true }],
      ] as const) {
        expect((await call(method, path, body)).status, JSON.stringify(body)).toBe(400);
      }
      expect((await get()).held).toBe(true);
      await put({ held: false });
      expect(await get()).toMatchObject({ held: false, waiting: [], steps: 0 });
    });
  });
}
