/** Held traffic: holding it, letting hops through, pace and breakpoints. */
import { z } from "zod";
import { explainStep } from "../../../shared/hold/explain.ts";
import {
  type Breakpoint,
  type HoldState,
  NOTHING_ORDERED,
  type StepChoice,
  type WaitingStep,
} from "../../../shared/hold/hold-state.ts";
import { EVENT_KINDS } from "../../../shared/trace/event.ts";
import { Refusal } from "../refusal.ts";
import { type Route, route } from "./route.ts";
import { named, traceEventSchema } from "./trace-schemas.ts";

const tag = "wire";
const ms = z.number().int().min(0);

const breakpointSchema = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("hop"), hop: z.enum(EVENT_KINDS) }),
  z.strictObject({
    kind: z.literal("participant"),
    participant: named<WaitingStep["from"]>(
      /^(client|balancer|replica):.{1,128}$|^broker$|^store$/,
    ),
  }),
  z.strictObject({
    kind: z.literal("message"),
    message: named<NonNullable<WaitingStep["messageIds"]>[number]>(
      /^[a-z-]+\/[\w-]{1,64}\/\d{1,16}$/,
    ),
  }),
  z.strictObject({ kind: z.literal("idle") }),
  z.strictObject({ kind: z.literal("reconnect") }),
  z.strictObject({ kind: z.literal("loss") }),
]) satisfies z.ZodType<Breakpoint>;

const order = {
  held: z.boolean().meta({ description: "Every hop waits at its tap until it is let through." }),
  autoStepMs: ms
    .max(60_000)
    .meta({ description: "While held: lets the next hop through every so many ms; 0 does not." }),
  paceMs: ms
    .max(10_000)
    .meta({ description: "While not held: how long each hop takes; 0 is as long as it takes." }),
  breakpoints: z
    .array(breakpointSchema)
    .max(20)
    .meta({ description: "Hops that hold the traffic when they come." }),
};
const orderSchema = z.strictObject({
  held: order.held.exactOptional(),
  autoStepMs: order.autoStepMs.exactOptional(),
  paceMs: order.paceMs.exactOptional(),
  breakpoints: order.breakpoints.exactOptional(),
});

const waitingSchema = traceEventSchema
  .omit({ seq: true, doneAt: true, causes: true, conn: true, perturbed: true })
  .extend({
    id: z.number().int(),
    count: z.number().int().meta({ description: "How many hops the step is." }),
    clients: z.array(named<WaitingStep["from"]>()).exactOptional(),
    dueAt: z.number().exactOptional(),
    isBehind: z.boolean(),
    drop: z.enum(["lost", "closes"]).exactOptional(),
    words: z.string().meta({ description: "What it is, in one plain sentence." }),
    next: z.string().meta({ description: "What follows from it." }),
    reference: z.string().exactOptional(),
  });

const stateSchema = z.object({
  ...order,
  waiting: z.array(waitingSchema),
  steps: z.number().int().meta({ description: "All that wait; `waiting` has the oldest 200." }),
  full: z.number().int().meta({ description: "Connections that are not read any further." }),
  hit: breakpointSchema.exactOptional(),
});

const steppedSchema = stateSchema.extend({
  released: z.array(waitingSchema).meta({ description: "The steps that went." }),
});

const choiceSchema = z
  .strictObject({
    count: z.number().int().min(1).max(1_000).exactOptional(),
    id: z.number().int().exactOptional(),
    message: z.string().min(1).max(200).exactOptional(),
    drop: z.boolean().exactOptional(),
  })
  .refine(
    ({ count, id, message }) => [count, id, message].filter((one) => one !== undefined).length < 2,
    {
      error: "must name one of count, id and message",
    },
  )
  .refine(({ id, drop }) => drop !== true || id !== undefined, {
    error: "must name the id of what is dropped",
  });

function shown(step: WaitingStep) {
  const { label: _plain, ...words } = explainStep(step);
  return { ...step, ...words };
}

function stateShown(state: HoldState) {
  return { ...state, waiting: state.waiting.map(shown) };
}

export const holdRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/hold",
    tag,
    summary: "Whether traffic is held, and the hops that wait, the oldest first.",
    answers: { 200: { description: "What waits now.", schema: stateSchema } },
    handle: async (_input, { plane }) => stateShown(await plane.traffic.state()),
  }),
  route({
    method: "put",
    path: "/api/hold",
    tag,
    summary:
      "Holds all hops, or lets them go, in order. Protocol timers stand still while it is held. " +
      "What is left out stays as it is.",
    body: orderSchema,
    answers: { 200: { description: "Answered once it is so.", schema: stateSchema } },
    handle: async ({ body }, { plane }) => {
      if (Object.keys(body).length === 0) {
        const keys = Object.keys(NOTHING_ORDERED).join(", ");
        throw new Refusal(400, "bad-body", `The body must name at least one of ${keys}.`);
      }
      return stateShown(await plane.traffic.change(body));
    },
  }),
  route({
    method: "post",
    path: "/api/hold/next",
    tag,
    summary:
      "Lets the next step through, or the next `count`, or the one with that `id`, or the next " +
      "that carries that `message` (its key or trace id). With `drop`, leaves that `id` out.",
    body: choiceSchema.optional(),
    answers: {
      200: { description: "What went, and what waits now.", schema: steppedSchema },
      404: { description: "No such hop waits." },
      409: { description: "Traffic is not held, or this one may not go, or not be dropped." },
    },
    handle: async ({ body }, { plane }) => {
      const { steps, state } = await plane.traffic.step(choiceOf(body ?? {}));
      return { ...stateShown(state), released: steps.map(shown) };
    },
  }),
];

function choiceOf({
  count = 1,
  id,
  message,
  drop = false,
}: z.infer<typeof choiceSchema>): StepChoice {
  if (id !== undefined) return { id, drop };
  return message === undefined ? { count } : { message };
}
