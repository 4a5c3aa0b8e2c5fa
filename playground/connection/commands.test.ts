import { afterEach, beforeEach, describe, expect, it, vi } from "vitest";
import { clusterStore } from "../stores/cluster-store.ts";
import { noticesStore } from "../stores/notices-store.ts";
import { healthySnapshot } from "../stores/testing/snapshots.ts";
import { commands, welcome } from "./commands.ts";

interface Asked {
  method: string;
  path: string;
  body: unknown;
}

/** Stands for the control API; answers each call with what `answers` gives. */
function serve(answer: (asked: Asked) => [status: number, body: unknown] | "gone"): Asked[] {
  const asked: Asked[] = [];
  vi.stubGlobal("fetch", async (path: string, init: RequestInit) => {
    const body = typeof init.body === "string" ? JSON.parse(init.body) : undefined;
    const one = { method: init.method ?? "GET", path, body };
    asked.push(one);
    const said = answer(one);
    if (said === "gone") throw new TypeError("fetch failed");
    return new Response(JSON.stringify(said[1]), { status: said[0] });
  });
  return asked;
}

function notice() {
  return noticesStore.getState().notices.at(-1);
}

describe("commands", () => {
  beforeEach(() => {
    clusterStore.setState({ snapshot: healthySnapshot(), feed: "open" });
    noticesStore.setState({ notices: [] });
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  it("PG3 a change goes through the API and is confirmed by its answer", async () => {
    const asked = serve(({ body }) => [
      200,
      { ...healthySnapshot().settings, ...(body as object) },
    ]);
    expect(await commands.changeSettings({ pollTimeoutMs: 10_000 })).toBe(true);
    expect(asked).toEqual([
      { method: "PATCH", path: "/api/settings", body: { pollTimeoutMs: 10_000 } },
    ]);
    expect(clusterStore.getState().snapshot?.settings.pollTimeoutMs).toBe(10_000);
  });

  it("PG5 undo puts back what was there before", async () => {
    const asked = serve(({ body }) => [
      200,
      { ...healthySnapshot().settings, ...(body as object) },
    ]);
    await commands.changeSettings({ pollTimeoutMs: 10_000 });
    notice()?.action?.run();
    await vi.waitFor(() =>
      expect(clusterStore.getState().snapshot?.settings.pollTimeoutMs).toBe(25_000),
    );
    expect(asked.at(-1)?.body).toEqual({ pollTimeoutMs: 25_000 });
  });

  it("PG3 a refused change says why, and leaves the store alone", async () => {
    serve(() => [400, { error: { code: "out-of-range", message: "At least 100." } }]);
    expect(await commands.changeSettings({ pollTimeoutMs: 1 })).toBe(false);
    expect(clusterStore.getState().snapshot?.settings.pollTimeoutMs).toBe(25_000);
    expect(notice()).toMatchObject({ tone: "bad", advice: "Nothing was changed." });
    expect(notice()?.text).toContain("At least 100.");
  });

  it("PG1 nobody answering is told, not thrown", async () => {
    serve(() => "gone");
    vi.spyOn(console, "debug").mockReturnValue();
    vi.spyOn(console, "warn").mockReturnValue();
    expect(await commands.setReplicas("long-polling", 3)).toBe(false);
    expect(notice()?.text).toContain("did not answer");
    expect(await commands.rawHop(7)).toBeNull();
    expect(await welcome()).toBe(false);
  });

  it("PG7 a message taken by one pattern and refused by the other is not called sent", async () => {
    serve(({ body }) =>
      (body as { pattern: string }).pattern === "long-polling"
        ? [201, {}]
        : [503, { error: { code: "no-replica", message: "No replica." } }],
    );
    const sent = await commands.send([
      { pattern: "long-polling", text: "a" },
      { pattern: "web-sockets", text: "a" },
    ]);
    expect(sent).toBe(false);
    expect(notice()?.text).toBe("WebSockets: not sent. No replica.");
  });

  it("PG7 a message of which nobody can tell whether it was stored is not called unsent", async () => {
    const error = { code: "replica-silent", message: "Replica lp-1 has said nothing for 12 s." };
    serve(() => [504, { error }]);
    expect(await commands.send([{ pattern: "long-polling", text: "a" }])).toBe(false);
    expect(notice()).toMatchObject({
      text: "Long polling: perhaps sent. Replica lp-1 has said nothing for 12 s.",
      advice: "Look whether it is there before you try again.",
    });
  });

  it("PG3 the other pattern's clients are left as they are", async () => {
    const asked = serve(() => [200, {}]);
    await commands.setClients("web-sockets", 13);
    // Not even named: what this page last heard of them may be old.
    expect(asked[0]?.body).toEqual({ "web-sockets": 13 });
    expect(clusterStore.getState().snapshot?.fleet).toEqual({
      "long-polling": 3,
      "web-sockets": 13,
    });
  });
});
