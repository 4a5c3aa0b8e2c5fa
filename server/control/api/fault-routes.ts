/** Faults: done to links and parts, and healed. Inputs follow from the table in `shared/faults`. */
import { z } from "zod";
import type { LinkFaultKind, Parameter, PartFaultKind } from "../../../shared/faults/fault-kind.ts";
import { FAULT_KINDS, FAULTS, type Fault } from "../../../shared/faults/faults.ts";
import { DIRECTIONS, isSelector } from "../../../shared/faults/link.ts";
import { Reply, type Route, route } from "./route.ts";

const tag = "wire";
const HOUR_MS = 3_600_000;

const selectorSchema = z
  .string()
  .refine(isSelector, {
    error:
      "must be client:<id>, balancer:<pattern>, replica:<id>, broker or store, or a group: client:*, replica:lp-*",
  })
  .meta({ description: "A participant as in trace events, or a group of them that ends in `*`." });

const linkSchema = z
  .strictObject({ from: selectorSchema, to: selectorSchema })
  .meta({ description: "The two ends of a link, in either order." });

const count = z
  .number()
  .int()
  .min(1)
  .max(1_000_000)
  .meta({ description: "It ends by itself after it has touched that many." });
const forMs = z
  .number()
  .int()
  .min(1)
  .max(HOUR_MS)
  .meta({ description: "It ends by itself after so long. Left out: once it is healed." });
const direction = z
  .enum(DIRECTIONS)
  .meta({ description: "`up`: towards broker and store; `down`: back. Default: both." });

function parameterSchema(parameter: Parameter): z.ZodType {
  const schema =
    parameter.type === "choice"
      ? z.enum(parameter.choices)
      : z.number().int().min(parameter.min).max(parameter.max);
  const described = schema.meta({ description: parameter.explain });
  return "isNeeded" in parameter && parameter.isNeeded === true
    ? described
    : described.exactOptional();
}

type AnyKind = (LinkFaultKind<never> | PartFaultKind<never>) & {
  parameters: Record<string, Parameter>;
};

function shapeOf(kind: AnyKind): z.ZodRawShape {
  if (kind.on === "part") {
    const target = z.string().regex(kind.targets, `must match ${kind.targets.source}`);
    return { target, ...(kind.isAct === true ? {} : { forMs: forMs.exactOptional() }) };
  }
  return {
    link: linkSchema,
    direction: direction.exactOptional(),
    forMs: forMs.exactOptional(),
    ...(kind.isCounted && { count: count.exactOptional() }),
  };
}

const schemas = FAULT_KINDS.map((name) => {
  const kind = FAULTS[name] as unknown as AnyKind;
  const parameters = Object.entries(kind.parameters).map(([key, row]) => [
    key,
    parameterSchema(row),
  ]);
  return z
    .strictObject({ kind: z.literal(name), ...shapeOf(kind), ...Object.fromEntries(parameters) })
    .meta({ description: kind.about });
});

const [first, ...rest] = schemas;
if (first === undefined) throw new Error("The table of faults is empty.");
const faultSchema = z.discriminatedUnion("kind", [first, ...rest], {
  error: ({ code }) =>
    code === "invalid_union" ? `kind must be one of ${FAULT_KINDS.join(", ")}` : undefined,
}) as unknown as z.ZodType<Fault>;

const viewShape = {
  kind: z.enum(FAULT_KINDS as [Fault["kind"], ...Fault["kind"][]]),
  id: z.string(),
  words: z.string().meta({ description: "What it does to what, in plain words." }),
  since: z.number().meta({ description: "When it began, ms on the wire's clock." }),
  touched: z.number().int().meta({ description: "Hops or connections it was done to." }),
};
const viewSchema = z.looseObject({
  ...viewShape,
  waiting: z.number().int().meta({ description: "Hops that wait because of it, now." }),
});
const stateSchema = z.object({
  faults: z.array(viewSchema).meta({ description: "In force, the oldest first." }),
  past: z
    .array(z.looseObject({ ...viewShape, until: z.number() }))
    .meta({ description: "Those that ended last." }),
});

const id = z.strictObject({ id: z.string().min(1).max(64) });

export const faultRoutes: Route[] = [
  route({
    method: "get",
    path: "/api/faults",
    tag,
    summary: "All faults in force, and those that ended last.",
    answers: { 200: { description: "The faults.", schema: stateSchema } },
    handle: (_input, { plane }) => plane.faults.state,
  }),
  route({
    method: "post",
    path: "/api/faults",
    tag,
    summary:
      "Adds a fault to a link or a part. A killed replica is an act: it is over when answered.",
    body: faultSchema,
    answers: {
      201: { description: "Answered once it is in force.", schema: viewSchema },
      400: { description: "There is no such fault or link, or it cannot be done to that one." },
      404: { description: "There is no such replica." },
      409: { description: "It cannot be done now, or there are too many already." },
    },
    handle: async ({ body }, { plane }) => new Reply(201, await plane.faults.add(body)),
  }),
  route({
    method: "delete",
    path: "/api/faults",
    tag,
    summary: "Heals all. What waited goes on, in order.",
    answers: {
      200: {
        description: "How many there were, and what is left: nothing.",
        schema: stateSchema.extend({ healed: z.number().int() }),
      },
    },
    handle: async (_input, { plane }) => {
      const healed = await plane.faults.healAll();
      return { healed, ...plane.faults.state };
    },
  }),
  route({
    method: "delete",
    path: "/api/faults/{id}",
    tag,
    summary: "Heals one.",
    params: id,
    answers: {
      200: { description: "The faults that are left.", schema: stateSchema },
      404: { description: "There is no such fault, or it is healed already." },
    },
    handle: async ({ params }, { plane }) => {
      await plane.faults.heal(params.id);
      return plane.faults.state;
    },
  }),
];
