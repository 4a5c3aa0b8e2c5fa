import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { EngineIoDecoder, type Sender } from "./engine-io-decoder.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
const message = (id: number) =>
  `{"id":${id},"text":"x","room":"lobby","traceparent":"00-${TRACE}-00f067aa0ba902b7-01"}`;

function describeText(text: string, sender: Sender) {
  return new EngineIoDecoder("web-sockets").describe(Buffer.from(text), false, sender);
}

describe("Engine.IO packets in words", () => {
  it.each<[string, Sender, string, object]>([
    ['0{"sid":"abc","upgrades":[]}', "server", "open", { packet: "open", setup: true }],
    ["2", "server", "ping", { packet: "ping", heartbeat: true }],
    ["3", "client", "pong", { packet: "pong", heartbeat: true }],
    ["2probe", "client", "probe", { packet: "ping", setup: true }],
    ["3probe", "server", "probe", { packet: "pong", setup: true }],
    ["5", "client", "upgrade", { packet: "upgrade", setup: true }],
    ["1", "client", "close", { packet: "close" }],
    ['40{"after":3}', "client", "CONNECT", { packet: "connect", setup: true }],
    ['40{"sid":"x"}', "server", "CONNECTED", { packet: "connect", setup: true }],
    ["41", "client", "DISCONNECT", { packet: "disconnect" }],
    ['42["messages",[]]', "server", "messages [ ]", { packet: "event", event: "messages" }],
    [
      `42["messages",[${message(1)},${message(2)},${message(3)}]]`,
      "server",
      "messages [1–3]",
      { event: "messages" },
    ],
    [`42["message",${message(42)}]`, "server", "message 42", { event: "message" }],
    [
      '420["send-message",{"text":"lunch?"}]',
      "client",
      "send-message “lunch?”",
      { event: "send-message", text: "lunch?" },
    ],
    [`430[${message(42)}]`, "server", "ack 42", { packet: "ack" }],
    ['430[{"error":{"code":"bad-text"}}]', "server", "ack bad-text", { packet: "ack" }],
    ['42["reconnect-soon",{"afterMs":5}]', "server", "reconnect-soon", { event: "reconnect-soon" }],
    [
      '451-["file",{"_placeholder":true,"num":0}]',
      "client",
      "binary event, 1 attachments",
      { packet: "event" },
    ],
    ["4anything else", "client", "“anything else”", { packet: "message" }],
  ])("LB15 reads %s from the %s as “%s”", (text, sender, label, info) => {
    const words = describeText(text, sender);
    expect(words?.label).toBe(label);
    expect(words?.info).toMatchObject(info);
  });

  it("LB15 says how long a sent text was before it was shortened", () => {
    const words = describeText(`42["send-message",{"text":"${"é".repeat(1_000)}"}]`, "client");
    expect(words?.info.text?.length).toBeLessThan(100);
    expect(words?.info.textBytes).toBe(2_000);
  });

  it("LB15 finds keys and the trace of the messages that a packet carries", () => {
    expect(describeText(`42["message",${message(42)}]`, "server")).toMatchObject({
      messageIds: ["web-sockets/lobby/42"],
      traceId: TRACE,
    });
  });

  it("LB15 takes a polling body apart at its separators", () => {
    const decoder = new EngineIoDecoder("web-sockets");
    const packets = decoder.describeBody(
      Buffer.from(`2\x1e42["message",${message(7)}]\x1e6`),
      "server",
    );
    expect(packets?.map(({ words }) => words.label)).toEqual(["ping", "message 7", "noop"]);
    expect(decoder.describeBody(Buffer.from("<html>"), "server")).toBeUndefined();
  });

  it("LB21 reads the same bytes once", () => {
    const decoder = new EngineIoDecoder("web-sockets");
    const bytes = `42["message",${message(42)}]`;
    const first = decoder.describe(Buffer.from(bytes), false, "server");
    expect(decoder.describe(Buffer.from(bytes), false, "server")).toBe(first);
    expect(decoder.describe(Buffer.from(bytes), false, "client")).not.toBe(first);
  });

  it("LB15 says nothing of what is no packet, and never throws", () => {
    fc.assert(
      fc.property(
        fc.string({ unit: "binary" }),
        fc.constantFrom<Sender>("client", "server"),
        (text, sender) => {
          for (const prefix of ["", "4", "42", "43", "45", "40"])
            describeText(prefix + text, sender);
        },
      ),
    );
  });
});
