import { describe, expect, it } from "vitest";
import type { MessageKey } from "../../shared/contracts/ids.ts";
import type { TraceEvent } from "../../shared/trace/event.ts";
import { Joiner } from "./joiner.ts";

const TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

/** Numbers and joins what a test says crossed. */
class Wire {
  readonly #joiner = new Joiner();
  #seq = 0;
  atMs = 0;

  cross(route: string, kind: TraceEvent["kind"], facts: Partial<TraceEvent> = {}): TraceEvent {
    const [from, to] = route.split(" → ") as [TraceEvent["from"], TraceEvent["to"]];
    const seq = ++this.#seq;
    const at = ++this.atMs;
    const event: TraceEvent = {
      seq,
      at,
      doneAt: at,
      kind,
      from,
      to,
      label: "",
      bytes: 1,
      ...facts,
    };
    this.#joiner.join(event);
    return event;
  }

  insert(replica: string, traceId: string, text = "lunch?"): TraceEvent {
    return this.cross(`replica:${replica} → store`, "sql.statement", {
      traceId,
      info: { statement: "INSERT messages", text },
    });
  }

  inserted(replica: string, statement: TraceEvent, key: MessageKey): TraceEvent {
    return this.cross(`store → replica:${replica}`, "sql.result", {
      causes: [statement.seq],
      ...(statement.traceId !== undefined && { traceId: statement.traceId }),
      messageIds: [key],
      info: { statement: "INSERT messages" },
    });
  }

  publish(replica: string, key: MessageKey, traceId = TRACE): TraceEvent {
    const messageIds = [key];
    return this.cross(`replica:${replica} → broker`, "redis.command", { messageIds, traceId });
  }

  push(replica: string, key: MessageKey): TraceEvent {
    return this.cross(`broker → replica:${replica}`, "redis.push", { messageIds: [key] });
  }

  poll(replica: string): TraceEvent {
    return this.cross(`client:lp-client-1 → replica:${replica}`, "http.request", {
      info: { method: "GET", poll: true },
    });
  }

  answer(replica: string, request: TraceEvent, messageIds: MessageKey[]): TraceEvent {
    return this.cross(`replica:${replica} → client:lp-client-1`, "http.response", {
      causes: [request.seq],
      messageIds,
    });
  }
}

const KEY = "long-polling/lobby/42";

describe("joining hops", () => {
  it("TR2 follows one message from the POST to every client", () => {
    const wire = new Wire();
    const parked = [wire.poll("lp-1"), wire.poll("lp-2")] as const;
    const post = wire.cross("client:visitor → replica:lp-1", "http.request", {
      traceId: TRACE,
      info: { method: "POST" },
    });
    const insert = wire.insert("lp-1", TRACE);
    const result = wire.inserted("lp-1", insert, KEY);
    const publish = wire.publish("lp-1", KEY);
    const pushes = [wire.push("lp-1", KEY), wire.push("lp-2", KEY)] as const;
    const answers = [
      wire.answer("lp-1", parked[0], [KEY]),
      wire.answer("lp-2", parked[1], [KEY]),
    ] as const;
    const created = wire.answer("lp-1", post, [KEY]);

    expect(insert.causes).toEqual([post.seq]);
    expect(publish.causes).toEqual([result.seq]);
    expect(pushes.map((push) => push.causes)).toEqual([[publish.seq], [publish.seq]]);
    // The replica that took it knew it from the store; the other one from the broker.
    expect(answers[0].causes).toEqual([parked[0].seq, result.seq]);
    expect(answers[1].causes).toEqual([parked[1].seq, pushes[1].seq]);
    expect(created.causes).toEqual([post.seq, result.seq]);
    expect(answers.map((answer) => answer.traceId)).toEqual([TRACE, TRACE]);
  });

  it("TR3 joins a sent packet to the INSERT of its text at the same replica, once each", () => {
    const wire = new Wire();
    const send = () =>
      wire.cross("client:ws-client-1 → replica:ws-1", "packet", {
        info: { event: "send-message", text: "hi" },
      });
    const packets = [send(), send()];
    const elsewhere = wire.insert("ws-2", "1".repeat(32), "hi");
    const inserts = [
      wire.insert("ws-1", "2".repeat(32), "hi"),
      wire.insert("ws-1", "3".repeat(32), "hi"),
    ];
    const extra = wire.insert("ws-1", "4".repeat(32), "hi");
    expect(inserts.map((insert) => insert.causes)).toEqual(packets.map((packet) => [packet.seq]));
    expect(elsewhere.causes).toBeUndefined();
    expect(extra.causes).toBeUndefined();
  });

  it("TR3 forgets a packet that no INSERT followed in time", () => {
    const wire = new Wire();
    wire.cross("client:ws-client-1 → replica:ws-1", "packet", {
      info: { event: "send-message", text: "hi" },
    });
    wire.atMs += 20_000;
    expect(wire.insert("ws-1", TRACE, "hi").causes).toBeUndefined();
  });

  it("TR4 a history is caused by the read made for it", () => {
    const wire = new Wire();
    const insert = wire.insert("lp-1", TRACE);
    const result = wire.inserted("lp-1", insert, KEY);
    wire.publish("lp-1", KEY);
    wire.push("lp-2", KEY);
    const request = wire.poll("lp-2");
    const read = wire.cross("store → replica:lp-2", "sql.result", {
      messageIds: ["long-polling/lobby/41", KEY],
      info: { statement: "SELECT messages" },
    });
    const answer = wire.answer("lp-2", request, ["long-polling/lobby/41", KEY]);
    expect(answer.causes).toEqual([request.seq, read.seq]);
    // A later answer that no read was made for comes from what the replica knew.
    const again = wire.poll("lp-1");
    expect(wire.answer("lp-1", again, [KEY]).causes).toEqual([again.seq, result.seq]);
  });

  it("TR4 begins a message's story anew when its id is given again", () => {
    const wire = new Wire();
    const tell = (traceId: string) => {
      const result = wire.inserted("lp-1", wire.insert("lp-1", traceId), KEY);
      const publish = wire.publish("lp-1", KEY, traceId);
      const push = wire.push("lp-2", KEY);
      const poll = wire.poll("lp-2");
      return { result, publish, push, poll, answer: wire.answer("lp-2", poll, [KEY]) };
    };
    tell(TRACE);
    const again = tell("6".repeat(32));
    expect(again.publish.causes).toEqual([again.result.seq]);
    expect(again.push.causes).toEqual([again.publish.seq]);
    expect(again.answer.causes).toEqual([again.poll.seq, again.push.seq]);
    expect(again.answer.traceId).toBe("6".repeat(32));
  });

  it("TR4 keeps what a replica read of a message before the INSERT's own result was seen", () => {
    const wire = new Wire();
    const statement = wire.insert("lp-1", TRACE);
    const poll = wire.poll("lp-2");
    const read = wire.cross("store → replica:lp-2", "sql.result", {
      messageIds: [KEY],
      info: { statement: "SELECT messages" },
    });
    wire.inserted("lp-1", statement, KEY);
    expect(wire.answer("lp-2", poll, [KEY]).causes).toEqual([poll.seq, read.seq]);
  });

  it("TR5 invents nothing: what nothing proves has no cause", () => {
    const wire = new Wire();
    expect(wire.push("lp-1", KEY).causes).toBeUndefined();
    expect(wire.insert("lp-1", TRACE).causes).toBeUndefined();
    expect(wire.publish("lp-2", "long-polling/lobby/7", "5".repeat(32)).causes).toBeUndefined();
    const request = wire.poll("lp-2");
    expect(wire.answer("lp-2", request, ["long-polling/lobby/99"]).causes).toEqual([request.seq]);
  });

  it("TR6 remembers a bounded number of messages, traces and causes", () => {
    const wire = new Wire();
    const joiner = new Joiner();
    for (let seq = 1; seq <= 25_000; seq++) {
      joiner.join({
        seq,
        at: seq,
        doneAt: seq,
        kind: "redis.command",
        from: "replica:lp-1",
        to: "broker",
        label: "",
        bytes: 1,
        messageIds: [`long-polling/lobby/${seq}`],
      });
    }
    expect(joiner.messages.size).toBe(joiner.messages.limit);
    const keys = Array.from({ length: 1_000 }, (_, i): MessageKey => `long-polling/lobby/${i + 1}`);
    for (const key of keys) wire.push("lp-1", key);
    expect(wire.answer("lp-1", wire.poll("lp-1"), keys).causes?.length).toBe(16);
  });
});
