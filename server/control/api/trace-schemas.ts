/** Trace events and metrics as schemas; the types are those of shared/, checked here. */
import { z } from "zod";
import type {
  DeliveryCost,
  FleetFigures,
  LoadFigures,
  Metrics,
  PatternMetrics,
  Percentiles,
  ProcessCost,
} from "../../../shared/contracts/metrics.ts";
import { EVENT_KINDS, PERTURBATIONS, type TraceBatch } from "../../../shared/trace/event.ts";
import { sideSchema } from "./schemas.ts";

/** Names that have a form (`replica:lp-1`, `long-polling/lobby/42`): the wire makes them. */
export const named = <T extends string>(form = /^/) =>
  z.string().regex(form) as unknown as z.ZodType<T>;

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
  pattern: sideSchema.exactOptional(),
  traceId: z.string().exactOptional(),
  causes: z.array(z.number().int()).exactOptional(),
  messageIds: z.array(named<MessageKey>()).exactOptional(),
  outcome: z.enum(["messages", "idle", "created", "error", "other"]).exactOptional(),
  conn: z.string().exactOptional(),
  info: z.looseObject({}).exactOptional(),
  perturbed: z.enum(PERTURBATIONS).exactOptional(),
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
  perturbed: number,
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

const processSchema = z.object({
  kind: z.enum(["control", "wire", "replica", "fleet", "broker", "store"]),
  pid: number.exactOptional(),
  cpuPercent: number.exactOptional(),
  rssBytes: number.exactOptional(),
  loopLagMs: number.exactOptional(),
}) satisfies z.ZodType<ProcessCost>;

const costMs = number.exactOptional();
const deliveryCostSchema = z
  .object({
    windowMs: number,
    replicas: z.object({ "long-polling": costMs, "web-sockets": costMs }),
    shared: z.object({
      control: costMs,
      wire: costMs,
      fleet: costMs,
      broker: costMs,
      store: costMs,
    }),
  })
  .describe(
    "CPU-ms for 1,000 deliveries over the last minute: of a pattern's replicas for its own deliveries, of the shared processes for those of both.",
  ) satisfies z.ZodType<DeliveryCost>;

const loadFigures = z.object({
  rate: number,
  arrivals: number,
  sentLate: number,
  notSent: number,
  underWay: number,
  failed: number,
  answerMs: percentiles,
}) satisfies z.ZodType<LoadFigures>;

const fleetFigures = z.object({
  wanted: number,
  started: number,
  connected: number,
  trouble: z.string().exactOptional(),
  load: loadFigures,
}) satisfies z.ZodType<FleetFigures>;

export const metricsSchema = z.object({
  at: number,
  since: z
    .object({ at: number, why: z.enum(["start", "reset", "wire-restart"]) })
    .describe("From when counts are: what crossed before is in no figure."),
  patterns: z.object({
    "long-polling": patternMetricsSchema,
    "web-sockets": patternMetricsSchema,
    target: patternMetricsSchema
      .describe("The server given with --target: counted, not judged.")
      .exactOptional(),
  }),
  publishesPerSecond: number,
  insertsPerSecond: number,
  replicas: z.record(z.string(), z.object({ held: number, requestsPerSecond: number })),
  limits: z.record(z.string(), z.object({ used: number, limit: number })),
  processes: z.record(z.string(), processSchema),
  cpuMsPerThousand: deliveryCostSchema,
  fleet: z.object({ "long-polling": fleetFigures, "web-sockets": fleetFigures }).exactOptional(),
}) satisfies z.ZodType<Metrics>;
