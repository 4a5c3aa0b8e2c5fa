/** Trace events and metrics as schemas; the types are those of shared/, checked here. */
import { z } from "zod";
import type { Metrics, PatternMetrics, Percentiles } from "../../../shared/contracts/metrics.ts";
import { EVENT_KINDS, type TraceBatch } from "../../../shared/trace/event.ts";
import { patternSchema } from "./schemas.ts";

/** Names that have a form (`replica:lp-1`, `long-polling/lobby/42`): the wire makes them. */
const named = <T extends string>() => z.string() as unknown as z.ZodType<T>;

const number = z.number();
type Participant = TraceBatch["events"][number]["from"];
type MessageKey = NonNullable<TraceBatch["events"][number]["messageIds"]>[number];

export const traceEventSchema = z.object({
  seq: z.number().int(),
  at: number,
  doneAt: number,
  kind: z.enum(EVENT_KINDS),
  from: named<Participant>(),
  to: named<Participant>(),
  label: z.string(),
  bytes: z.number().int(),
  pattern: patternSchema.exactOptional(),
  traceId: z.string().exactOptional(),
  causes: z.array(z.number().int()).exactOptional(),
  messageIds: z.array(named<MessageKey>()).exactOptional(),
  outcome: z.enum(["messages", "idle", "created", "error", "other"]).exactOptional(),
  conn: z.string().exactOptional(),
  info: z.looseObject({}).exactOptional(),
});

export const traceBatchSchema = z.object({
  events: z.array(traceEventSchema),
  next: z.number().int(),
  dropped: z.number().int(),
}) satisfies z.ZodType<TraceBatch>;

const percentiles = z.object({
  count: number,
  p50: number,
  p95: number,
  p99: number,
  max: number,
}) satisfies z.ZodType<Percentiles>;

const patternMetricsSchema = z.object({
  requests: number,
  polls: number,
  idleRequests: number,
  idleBytes: number,
  messages: number,
  deliveries: number,
  late: number,
  replayed: number,
  lost: number,
  duplicates: number,
  outOfOrder: number,
  held: number,
  clients: number,
  frames: number,
  wireBytes: number,
  payloadBytes: number,
  latencyMs: percentiles,
  window: z.object({
    ms: number,
    latencyMs: percentiles,
    requestsPerSecond: number,
    framesPerSecond: number,
    idlePerClientMinute: number,
    idlePerDelivery: number,
    wireBytesPerPayloadByte: number,
    deliveriesPerSecond: number,
  }),
}) satisfies z.ZodType<PatternMetrics>;

export const metricsSchema = z.object({
  at: number,
  patterns: z.object({ "long-polling": patternMetricsSchema, "web-sockets": patternMetricsSchema }),
  publishesPerSecond: number,
  insertsPerSecond: number,
  replicas: z.record(z.string(), z.object({ held: number, requestsPerSecond: number })),
  limits: z.record(z.string(), z.object({ used: number, limit: number })),
}) satisfies z.ZodType<Metrics>;
