/** The other half of the contract of long polling: what is sent, and what is around it (LP10–LP17). */
import { describe, expect, it } from "vitest";
import { refusedPosts } from "./testing/bad-input.ts";
import { newRoom, poll, send } from "./testing/long-poll-client.ts";
import type { Ways } from "./testing/setting.ts";

const TRACEPARENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
const ORIGIN = "http://localhost:5173";

export function longPollingPosts({ url, anyUrl }: Ways): void {
  describe("messages", () => {
    it("LP10 answers 201 with the stored message", async () => {
      const room = newRoom();
      const { status, message } = await send(url(), room, "lunch?");
      expect(status).toBe(201);
      expect(message).toMatchObject({ id: 1, text: "lunch?", room });
      expect(new Date(message.time).toISOString()).toBe(message.time);
      expect(message.server).toMatch(/^lp-/);
      expect((await poll(anyUrl(1), { room, after: 0 })).messages).toEqual([message]);
    });

    it("LP11 counts without gaps, however many send at once to all replicas", async () => {
      const room = newRoom();
      const sent = await Promise.all(
        Array.from({ length: 100 }, (_, n) => send(anyUrl(n), room, `text ${n}`)),
      );
      const ids = sent.map(({ message }) => message.id).sort((a, b) => a - b);
      expect(ids).toEqual(Array.from({ length: 100 }, (_, index) => index + 1));
    });

    it.each([
      ["emoji and scripts", "żółć 漢字 👩‍👩‍👧 ﷽ \u202e"],
      ["control characters", "a\tb\nc\u0001\u007f"],
      ["SQL and HTML", `'; DROP TABLE messages; -- <script>alert("1")</script> \\`],
      ["4,096 bytes", `${"é".repeat(2_047)}ab`],
    ])("LP12 keeps %s to the byte", async (_what, text) => {
      const room = newRoom();
      const { status, message } = await send(url(), room, text);
      expect([status, message.text]).toEqual([201, text]);
      expect((await poll(anyUrl(1), { room, after: 0 })).messages[0]?.text).toBe(text);
    });

    it.each(refusedPosts)("LP13 refuses $what", async ({ query, init, status, code }) => {
      const room = newRoom();
      const response = await fetch(`${url()}/messages?${query ?? `room=${room}`}`, {
        method: "POST",
        ...init,
      });
      const { error } = (await response.json()) as { error: { code: string; message: string } };
      expect([response.status, error.code]).toEqual([status, code]);
      expect(error.message).toMatch(/^[A-Z].*\.$/);
      expect((await send(url(), room, "first")).message.id).toBe(1);
    });

    it("LP14 carries a valid traceparent with the message", async () => {
      const room = newRoom();
      const waiting = poll(url(), { room, after: 0 });
      const { message } = await send(anyUrl(1), room, "traced", { traceparent: TRACEPARENT });
      const trace = TRACEPARENT.split("-")[1] ?? "";
      expect(message.traceparent).toContain(trace);
      expect((await waiting).messages[0]?.traceparent).toContain(trace);
    });

    it.each(["nonsense", `00-${"0".repeat(32)}-00f067aa0ba902b7-01`, "x".repeat(5_000)])(
      "LP14 ignores an invalid traceparent",
      async (traceparent) => {
        const { status, message } = await send(url(), newRoom(), "x", { traceparent });
        expect(status).toBe(201);
        expect(message.traceparent).not.toBe(traceparent);
      },
    );
  });

  describe("around them", () => {
    it("LP15 lets pages of localhost origins read and send", async () => {
      const room = newRoom();
      const headers = { origin: ORIGIN };
      const preflight = await fetch(`${url()}/messages?room=${room}`, {
        method: "OPTIONS",
        headers: {
          ...headers,
          "access-control-request-method": "POST",
          "access-control-request-headers": "content-type",
        },
      });
      expect(preflight.status).toBe(204);
      expect(preflight.headers.get("access-control-allow-origin")).toBe(ORIGIN);
      expect(preflight.headers.get("access-control-allow-headers")).toMatch(/content-type/i);
      await send(url(), room, "from a page", headers);
      const answer = await poll(url(), { room, after: 0, headers });
      expect(answer.headers.get("access-control-allow-origin")).toBe(ORIGIN);
      const refused = await poll(url(), { room, after: 9, headers });
      expect([refused.status, refused.headers.get("access-control-allow-origin")]).toEqual([
        409,
        ORIGIN,
      ]);
    });

    it("LP15 gives other origins no leave", async () => {
      const response = await fetch(`${url()}/test`, {
        headers: { origin: "http://evil.example" },
      });
      expect(response.headers.get("access-control-allow-origin")).toBeNull();
    });

    it("LP16 greets in the replica's name", async () => {
      const response = await fetch(`${url()}/test`);
      expect(await response.json()).toEqual({
        ok: true,
        message: expect.stringMatching(/^Hello from lp-\S+!$/),
      });
    });

    it.each([
      ["DELETE", "/messages", 405, "method-not-allowed"],
      ["PUT", "/messages", 405, "method-not-allowed"],
      ["POST", "/test", 405, "method-not-allowed"],
      ["GET", "/nothing", 404, "not-found"],
    ])("LP17 answers %s %s with %i", async (method, path, status, code) => {
      const response = await fetch(`${url()}${path}`, { method });
      expect(response.status).toBe(status);
      expect(await response.json()).toMatchObject({ error: { code } });
    });

    it("LP17 does not park a HEAD request", async () => {
      const response = await fetch(`${url()}/messages?after=0`, { method: "HEAD" });
      expect(response.status).toBe(405);
    });
  });
}
