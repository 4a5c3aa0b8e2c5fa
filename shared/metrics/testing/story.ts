/**
 * Hand-made event sequences for the metrics: says in one word what a wire would report, on a
 * clock that only moves when told. Each call folds the events at once.
 */
import { messageKey, type Pattern } from "../../contracts/ids.ts";
import type { PatternMetrics } from "../../contracts/metrics.ts";
import type { TraceEvent } from "../../trace/event.ts";
import { createMetricsFold, type MetricsFold } from "../metrics-fold.ts";

type Draft = Partial<TraceEvent> & Pick<TraceEvent, "kind" | "from" | "to">;

export class Story {
  readonly fold: MetricsFold;
  readonly #pattern: Pattern;
  #nowMs = 100_000;
  #seq = 0;

  constructor(pattern: Pattern) {
    this.#pattern = pattern;
    this.fold = createMetricsFold({ now: () => this.#nowMs });
  }

  pass(ms: number): this {
    this.#nowMs += ms;
    return this;
  }

  tell(draft: Draft): this {
    this.#seq += 1;
    const base = { seq: this.#seq, at: this.#nowMs, doneAt: this.#nowMs, label: "", bytes: 100 };
    this.fold.fold({ ...base, pattern: this.#pattern, ...draft });
    return this;
  }

  metrics(): PatternMetrics {
    return this.fold.snapshot({ held: {}, limits: {} }).patterns[this.#pattern];
  }

  /** A POST reaches the balancer. */
  post(trace: string, text = "hi", from = "visitor"): this {
    const info = { method: "POST", path: "/messages", room: "lobby", text };
    return this.tell({
      kind: "http.request",
      from: `client:${from}`,
      to: this.#replica,
      traceId: trace,
      info,
    });
  }

  /** The store gives it its id, which the trace shows. */
  stored(trace: string, id: number): this {
    return this.tell({
      kind: "sql.result",
      from: "store",
      to: this.#replica,
      traceId: trace,
      messageIds: [this.key(id)],
    });
  }

  /** Accepted and named in the same moment. */
  accept(...ids: number[]): this {
    for (const id of ids) {
      const trace = `trace-${this.#seq}`;
      this.post(trace).stored(trace, id);
    }
    return this;
  }

  poll(client: string, after?: number): this {
    const info = { method: "GET", path: "/messages", poll: true, room: "lobby" };
    return this.tell({
      kind: "http.request",
      from: `client:${client}`,
      to: this.#replica,
      info: after === undefined ? info : { ...info, after },
    });
  }

  answer(client: string, ...ids: number[]): this {
    return this.tell({
      kind: "http.response",
      from: this.#replica,
      to: `client:${client}`,
      outcome: ids.length > 0 ? "messages" : "idle",
      ...(ids.length > 0 && { messageIds: ids.map((id) => this.key(id)) }),
      info: { status: 200, poll: true },
    });
  }

  /** Opens a socket and is let in. */
  connect(client: string, conn = `conn-${client}`): this {
    return this.tell({
      kind: "socket.open",
      from: `client:${client}`,
      to: this.#replica,
      conn,
      info: { path: `/socket.io/?room=lobby&client=${client}&transport=websocket` },
    }).tell({
      kind: "packet",
      from: this.#replica,
      to: `client:${client}`,
      label: "CONNECTED",
      conn,
      info: { packet: "connect", setup: true, transport: "websocket" },
    });
  }

  push(client: string, ...ids: number[]): this {
    const event = ids.length === 1 ? "message" : "messages";
    return this.tell({
      kind: "packet",
      from: this.#replica,
      to: `client:${client}`,
      ...(ids.length > 0 && { messageIds: ids.map((id) => this.key(id)) }),
      info: { packet: "event", event, transport: "websocket" },
    });
  }

  close(client: string, closedBy: "client" | "server", conn = `conn-${client}`): this {
    return this.tell({
      kind: "socket.close",
      from: `client:${client}`,
      to: this.#replica,
      conn,
      info: { closedBy },
    });
  }

  key(id: number) {
    return messageKey(this.#pattern, "lobby", id);
  }

  get #replica(): `replica:${string}` {
    return this.#pattern === "long-polling" ? "replica:lp-1" : "replica:ws-1";
  }
}
