import { describe, expect, it } from "vitest";
import { messageKey, type Participant, type Pattern } from "../contracts/ids.ts";
import type { TraceEvent } from "./event.ts";
import { type Receipt, receiptTable } from "./receipts.ts";
import { SampleTraffic } from "./testing/sample-traffic.ts";

const START_MS = 50_000;

function traffic(): SampleTraffic {
  const sample = new SampleTraffic(START_MS);
  sample.setUp();
  for (const name of ["a", "b"]) {
    sample.poll(name);
    sample.connect(name);
  }
  return sample;
}

function receipt(
  events: TraceEvent[],
  pattern: Pattern,
  who: string,
  id = 41,
  nowMs = START_MS + 60_000,
): Receipt | undefined {
  const { messages } = receiptTable(events, { pattern, nowMs });
  const row = messages.find(({ key }) => key === messageKey(pattern, "lobby", id));
  return row?.receipts.get(`client:${who}`);
}

const isTo = (who: string, id: number) => (event: TraceEvent) =>
  event.to === `client:${who}` && event.messageIds?.some((key) => key.endsWith(`/${id}`)) === true;

describe("who got what", () => {
  it.each<Pattern>(["long-polling", "web-sockets"])(
    "VD1 %s: each message and each client that was there, once, with the time it took",
    (pattern) => {
      const sample = traffic();
      sample.send(pattern, "a", "hello");
      const { clients, messages } = receiptTable(sample.events, { pattern, nowMs: sample.nowMs });
      expect(clients).toEqual<Participant[]>(["client:a", "client:b"]);
      expect(messages).toMatchObject([{ text: "hello", from: "client:a" }]);
      for (const who of ["a", "b"]) {
        expect(receipt(sample.events, pattern, who)).toMatchObject({ kind: "once", times: 1 });
        expect(receipt(sample.events, pattern, who)?.afterMs).toBeGreaterThan(0);
      }
    },
  );

  it("VD2 what was accepted before a client first appeared is replayed, or the client is absent", () => {
    const sample = traffic();
    sample.send("long-polling", "a", "before");
    sample.poll("late");
    expect(receipt(sample.events, "long-polling", "late")).toMatchObject({ kind: "absent" });
    sample.add(answer("late", 41));
    expect(receipt(sample.events, "long-polling", "late")).toMatchObject({ kind: "replayed" });
  });

  it("VD3 a second time is a duplicate, an older one after a newer is out of order", () => {
    const sample = traffic();
    sample.send("long-polling", "a", "one");
    sample.send("long-polling", "a", "two");
    sample.add(answer("a", 41));
    expect(receipt(sample.events, "long-polling", "a")).toMatchObject({
      kind: "duplicate",
      times: 2,
    });
    const without = sample.events.filter((event) => !isTo("b", 41)(event));
    const swapped = [
      ...without,
      { ...answer("b", 41), seq: 9_999, at: 51_000, doneAt: 51_000, bytes: 9 },
    ];
    expect(receipt(swapped, "long-polling", "b")).toMatchObject({ kind: "out-of-order" });
  });

  it("VD4 a cursor that moved past a message says that it is lost; until then it is awaited", () => {
    const sample = traffic();
    sample.send("long-polling", "a", "into the gap");
    const withoutAnswer = sample.events.filter((event) => !isTo("b", 41)(event));
    const beforeNextPoll = withoutAnswer.filter(
      (event) => !(event.from === "client:b" && event.info?.after === 41),
    );
    expect(receipt(beforeNextPoll, "long-polling", "b")).toMatchObject({ kind: "awaited" });
    expect(receipt(withoutAnswer, "long-polling", "b")).toMatchObject({ kind: "lost" });
  });

  it.each<[string, (event: TraceEvent) => boolean, RegExp, RegExp]>([
    ["on the way to the client", isTo("b", 41), /^replica:ws-/, /^client:b$/],
    [
      "between broker and replica",
      (event) => event.kind === "redis.push",
      /^broker$/,
      /^replica:ws-/,
    ],
  ])("VD5 a lost message says where it died: %s", (_where, isGone, from, to) => {
    const sample = traffic();
    sample.send("web-sockets", "a", "lost");
    const events = sample.events.filter((event) => !isGone(event) && !isTo("b", 41)(event));
    const lost = receipt(events, "web-sockets", "b");
    expect(lost?.kind).toBe("lost");
    expect(lost?.died?.from).toMatch(from);
    expect(lost?.died?.to).toMatch(to);
  });

  it("VD5 a packet that was dropped is the hop where its message died", () => {
    const sample = traffic();
    sample.send("web-sockets", "a", "dropped");
    const events = sample.events.map((event) =>
      isTo("b", 41)(event) ? { ...event, perturbed: "dropped" as const } : event,
    );
    const dropped = events.find(isTo("b", 41));
    expect(receipt(events, "web-sockets", "b")).toMatchObject({ kind: "lost", seq: dropped?.seq });
  });

  it("VD6 a client whose socket is away may still catch up; one that left awaits nothing", () => {
    const sample = traffic();
    const away = {
      kind: "socket.close",
      from: "replica:ws-1",
      to: "client:b",
      label: "cut",
    } as const;
    sample.add({ ...away, pattern: "web-sockets", info: { closedBy: "balancer" } });
    sample.send("web-sockets", "a", "while away");
    const events = sample.events.filter((event) => !isTo("b", 41)(event));
    expect(receipt(events, "web-sockets", "b")).toMatchObject({ kind: "awaited" });
    const left = events.map((event) =>
      event.label === "cut" ? { ...event, info: { closedBy: "client" as const } } : event,
    );
    expect(receipt(left, "web-sockets", "b")).toMatchObject({ kind: "absent" });
  });
});

function answer(who: string, id: number): Omit<TraceEvent, "seq" | "at" | "doneAt" | "bytes"> {
  return {
    kind: "http.response",
    pattern: "long-polling",
    from: "replica:lp-1",
    to: `client:${who}`,
    label: `200 [${id}]`,
    outcome: "messages",
    messageIds: [messageKey("long-polling", "lobby", id)],
    info: { status: 200, poll: true },
  };
}
