import { describe, expect, it } from "vitest";
import { readTarget } from "./http-target.ts";
import { StrangerHttp } from "./stranger-http.ts";

const updates = readTarget("/updates?since=41");
const answer = (body: string, status = 200, waitedMs = 2_000) => ({
  status,
  body: Buffer.from(body),
  waitedMs,
  isStream: false,
});

describe("a stranger's HTTP", () => {
  it("TG10 a path becomes a poll once it was left waiting", () => {
    const http = new StrangerHttp(undefined);
    expect(http.isPoll("GET", updates)).toBe(false);
    http.describeAnswer("GET", updates, answer("{}", 200, 20));
    expect(http.isPoll("GET", updates)).toBe(false);
    expect(http.describeAnswer("GET", updates, answer('{"items":[7]}'))).toEqual({
      label: "200",
      outcome: "other",
      isPoll: true,
    });
    expect(http.isPoll("GET", readTarget("/updates?since=42"))).toBe(true);
    expect(http.isPoll("POST", updates)).toBe(false);
    expect(http.isPoll("GET", readTarget("/other"))).toBe(false);
  });

  it("TG10 a stream is no poll, and neither is what failed", () => {
    const http = new StrangerHttp(undefined);
    const stream = http.describeAnswer("GET", updates, { ...answer(""), isStream: true });
    expect(stream.label).toBe("200 stream");
    http.describeAnswer("GET", updates, answer("", 500));
    expect(http.isPoll("GET", updates)).toBe(false);
  });

  it("TG10 what the server was said to be decides", () => {
    const polls = new StrangerHttp("long-polling");
    expect(polls.isPoll("GET", updates)).toBe(true);
    for (const page of ["/", "/index.html", "/app.js?v=2", "/icons/a.svg"]) {
      expect(polls.isPoll("GET", readTarget(page))).toBe(false);
    }
    const sockets = new StrangerHttp("web-sockets");
    sockets.describeAnswer("GET", updates, answer("[]"));
    expect(sockets.isPoll("GET", updates)).toBe(false);
    const engine = readTarget("/socket.io/?EIO=4&transport=polling&sid=x");
    expect(polls.isPoll("GET", engine)).toBe(false);
  });

  it.each([
    ["204", answer("", 204)],
    ["304", answer("", 304)],
    ["408", answer("took too long", 408)],
    ["no body", answer("")],
    ["blanks", answer(" \n")],
    ["null", answer("null")],
    ["an empty list", answer("[]")],
    ["an empty object", answer("{}")],
    ["empty lists beside a cursor", answer('{"items":[],"next":{"gone":[]},"last":41}')],
    ["a word for it", answer('{"timeout":true,"last":41}')],
  ])("TG11 %s is an idle answer", (_what, given) => {
    const words = new StrangerHttp("long-polling").describeAnswer("GET", updates, given);
    expect(words).toMatchObject({ outcome: "idle", label: `${given.status} idle` });
  });

  it.each([
    ["a list", answer("[0]")],
    ["a list in an object", answer('{"items":[],"users":["a"]}')],
    ["a value", answer('{"last":41}')],
    ["text", answer("hello")],
    ["a failure", answer("", 500)],
    ["what could not be looked at", { ...answer(""), body: undefined }],
  ])("TG11 %s is none", (_what, given) => {
    const words = new StrangerHttp("long-polling").describeAnswer("GET", updates, given);
    expect(words.outcome).not.toBe("idle");
  });

  it("TG15 blanks what is called like a secret", () => {
    const url = "/updates?since=4&access_token=abc&API_KEY=x&name=me";
    const { info } = new StrangerHttp(undefined).describeRequest("GET", url, readTarget(url));
    expect(info.path).toBe("/updates?since=4&access_token=***&API_KEY=***&name=me");
  });
});
