/** What crossed the wire: metrics, events, raw bytes, Mermaid text, recordings. */
import { z } from "zod";
import { prometheusText } from "../prometheus.ts";
import { Refusal } from "../refusal.ts";
import { Reply, type Route, route } from "./route.ts";
import { metricsSchema, traceBatchSchema, traceEventSchema } from "./trace-schemas.ts";

const tag = "trace";
const seq = z.coerce.number<string>().int().nonnegative();

export const traceRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/metrics",
    tag,
    summary: "A fresh snapshot of all figures, from the wire.",
    answers: { 200: { description: "Figures since reset.", schema: metricsSchema } },
    handle: (_input, { commands }) => commands.metrics(),
  }),
  route({
    method: "get",
    path: "/metrics",
    tag,
    summary: "The same figures for Prometheus.",
    answers: { 200: { description: "Prometheus' text format.", type: "text/plain" } },
    handle: async (_input, { commands }) => {
      const { text, type } = await prometheusText(await commands.metrics());
      return new Reply(200, text, type);
    },
  }),
  route({
    method: "get",
    path: "/api/trace",
    tag,
    summary: "Trace events after a seq, oldest first.",
    query: z.object({
      after: seq.default(0),
      limit: z.coerce.number<string>().int().min(1).max(10_000).default(1_000),
    }),
    answers: { 200: { description: "Events, and where to go on.", schema: traceBatchSchema } },
    handle: ({ query }, { journal }) => journal.read(query.after, query.limit),
  }),
  route({
    method: "get",
    path: "/api/trace/{seq}",
    tag,
    summary: "One event, and its raw bytes as long as the wire still has them.",
    params: z.object({ seq }),
    answers: {
      200: {
        description: "The event; `raw` is null when the bytes are gone.",
        schema: z.object({ event: traceEventSchema, raw: z.looseObject({}).nullable() }),
      },
    },
    handle: async ({ params }, { plane, journal }) => {
      const event = journal.find(params.seq);
      if (event === undefined) {
        throw new Refusal(
          404,
          "not-found",
          `Event ${params.seq} is not in the journal (any more).`,
        );
      }
      const isUp = plane.wire.state.state === "up";
      return { event, raw: isUp ? await plane.wire.raw(params.seq) : null };
    },
  }),
  route({
    method: "get",
    path: "/api/trace.mmd",
    tag,
    summary: "The newest hops as Mermaid text.",
    answers: { 200: { description: "A sequence diagram.", type: "text/vnd.mermaid" } },
    handle: (_input, { mermaid }) => new Reply(200, mermaid(), "text/vnd.mermaid; charset=utf-8"),
  }),
  route({
    method: "get",
    path: "/api/recording",
    tag,
    summary: "The whole journal as a recording file.",
    answers: {
      200: { description: "JSON lines: header, markers, events.", type: "application/jsonl" },
    },
    handle: (_input, { recording }) =>
      new Reply(200, recording(), "application/jsonl; charset=utf-8", {
        "content-disposition": 'attachment; filename="recording.jsonl"',
      }),
  }),
  route({
    method: "post",
    path: "/api/reset",
    tag,
    summary: "Clears journal, metrics and ledger.",
    answers: { 200: { description: "Done.", schema: z.object({ reset: z.literal(true) }) } },
    handle: async (_input, { commands }) => {
      await commands.reset();
      return { reset: true };
    },
  }),
];
