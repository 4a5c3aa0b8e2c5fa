/** The control API's JSON as schemas; the types are those of shared/contracts, checked here. */
import { z } from "zod";
import { whyNotText } from "../../../shared/contracts/chat-message.ts";
import type {
  ApiError,
  Cluster,
  Fleet,
  Health,
  ProcessState,
  Replica,
} from "../../../shared/contracts/control.ts";
import { isClientId, isRoom, PATTERNS, SIDES } from "../../../shared/contracts/ids.ts";
import type { SendRequest } from "../../fleet/contract.ts";
import { MAX_REPLICAS } from "../replicas.ts";

const count = z.number().int().nonnegative();
export const patternSchema = z.enum(PATTERNS);
export const sideSchema = z.enum(SIDES);

export const errorSchema = z.object({
  error: z.object({ code: z.string(), message: z.string() }),
}) satisfies z.ZodType<ApiError>;

const part = {
  url: z.string(),
  state: z.enum(["up", "down"]),
  given: z.boolean().exactOptional(),
  note: z.string(),
};
export const healthSchema = z.object({
  status: z.enum(["ok", "degraded"]),
  version: z.string(),
  broker: z.object({ kind: z.enum(["redis", "embedded"]), ...part }),
  store: z.object({ kind: z.enum(["postgres", "embedded"]), ...part }),
}) satisfies z.ZodType<Health>;

export const replicaSchema = z.object({
  id: z.string(),
  pid: count.exactOptional(),
  state: z.enum(["starting", "ready", "draining", "frozen", "restarting", "stopped", "failed"]),
  restarts: count,
  held: count,
  note: z.string().exactOptional(),
  retryAt: z.number().exactOptional(),
  cpuPercent: z.number().exactOptional(),
  rssBytes: z.number().exactOptional(),
  loopLagMs: z.number().exactOptional(),
}) satisfies z.ZodType<Replica>;

const processSchema = z.object({
  state: z.enum(["up", "down"]),
  note: z.string(),
  pid: count.exactOptional(),
}) satisfies z.ZodType<ProcessState>;

const clusterHalf = z.object({ url: z.string(), replicas: z.array(replicaSchema) });
const target = clusterHalf
  .extend({
    server: z.string(),
    looksLike: patternSchema.exactOptional(),
    broker: z.object({ tap: z.string(), address: z.string() }).exactOptional(),
  })
  .describe("The server given with --target: a balancer in front of it, and a tap for its Redis.");
export const clusterSchema = z.object({
  patterns: z.object({
    "long-polling": clusterHalf,
    "web-sockets": clusterHalf,
    target: target.exactOptional(),
  }),
  welcomed: z.boolean(),
  wire: processSchema,
  fleet: processSchema.exactOptional(),
}) satisfies z.ZodType<Cluster>;

export const scaleSchema = z.strictObject({ count: z.number().int().min(0).max(MAX_REPLICAS) });

const clients = z.number().int().min(0).max(20_000);
export const fleetSchema = z.strictObject({
  "long-polling": clients,
  "web-sockets": clients,
}) satisfies z.ZodType<Fleet>;
export const fleetPatchSchema = z.strictObject({
  "long-polling": clients.exactOptional(),
  "web-sockets": clients.exactOptional(),
});

export const loadSchema = z.strictObject({
  pattern: patternSchema,
  rate: z.number().min(0).max(10_000),
});
export const loadsSchema = z.object({ "long-polling": z.number(), "web-sockets": z.number() });

const text = z.string().refine((value) => whyNotText(value) === undefined, {
  error: ({ input }) => whyNotText(input) ?? "",
});
const room = z.string().refine(isRoom, "must be 1 to 64 of A–Z, a–z, 0–9, _ and -");
const name = z.string().refine(isClientId, "must be 1 to 64 of A–Z, a–z, 0–9 and _ . : -");
export const sendSchema = z.strictObject({
  pattern: patternSchema,
  text,
  room: room.exactOptional(),
  client: name.exactOptional(),
  replica: name.exactOptional(),
}) satisfies z.ZodType<SendRequest>;

export const messageSchema = z.looseObject({
  id: count,
  text: z.string(),
  time: z.string(),
  server: z.string(),
  room: z.string(),
});
