import type { IncomingMessage } from "node:http";
import { describe, expect, it } from "vitest";
import { Access, isLoopback, knownHostNames } from "./access.ts";

const ask = (headers: Record<string, string>, url = "/") => ({ headers, url }) as IncomingMessage;
const local = new Access({ hostNames: knownHostNames("127.0.0.1"), port: 4000, token: undefined });
const open = new Access({ hostNames: ["10.0.0.1", "localhost"], port: 4000, token: "secret" });

describe("access", () => {
  it.each(["127.0.0.1:4000", "localhost:4000", "LOCALHOST:4000", "[::1]:4000"])(
    "CT27 %s is a name of ours",
    (host) => expect(local.refusal(ask({ host }))).toBeUndefined(),
  );

  it.each(["", "localhost", "localhost:4001", "evil.example:4000", "localhost.evil.example:4000"])(
    "CT27 “%s” is not",
    (host) => expect(local.refusal(ask({ host }))).toMatchObject({ status: 403 }),
  );

  it.each(["http://localhost:4001", "https://localhost:4000", "http://evil.example", "null", ""])(
    "CT27 the origin “%s” is another's",
    (origin) => {
      const refusal = local.refusal(ask({ host: "localhost:4000", origin }));
      expect(refusal).toMatchObject({ status: 403, code: "other-origin" });
    },
  );

  it("CT28 where others can come, a token is needed: in the URL, as bearer, or as cookie", () => {
    const host = "10.0.0.1:4000";
    expect(open.refusal(ask({ host }))).toMatchObject({ status: 401 });
    expect(open.refusal(ask({ host }, "/?token=guess"))).toMatchObject({ status: 401 });
    expect(open.refusal(ask({ host }, "/?token=secret"))).toBeUndefined();
    expect(open.refusal(ask({ host, authorization: "Bearer secret" }))).toBeUndefined();
    expect(open.refusal(ask({ host, cookie: "a=b; playground_token=secret" }))).toBeUndefined();
    expect(open.refusal(ask({ host, cookie: "not_playground_token=secret" }))).toBeDefined();
  });

  it("CT28 only the token in the URL is worth a cookie", () => {
    expect(open.cameWithToken(ask({}, "/?token=secret"))).toBe(true);
    expect(open.cameWithToken(ask({ authorization: "Bearer secret" }))).toBe(false);
    expect(local.cameWithToken(ask({}, "/?token="))).toBe(false);
  });

  it("CT28 loopback is what only this machine can reach", () => {
    expect(["localhost", "127.0.0.1", "127.1.2.3", "::1"].every(isLoopback)).toBe(true);
    expect(["0.0.0.0", "::", "10.0.0.1", "127.evil.example"].some(isLoopback)).toBe(false);
  });
});
