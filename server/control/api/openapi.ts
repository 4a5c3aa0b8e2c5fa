/** The table of routes as an OpenAPI 3.1 document; schemas come from the routes' own. */
import { z } from "zod";
import type { Answer, Route } from "./route.ts";
import { errorSchema } from "./schemas.ts";

type Json = Record<string, unknown>;

function jsonSchema(schema: z.ZodType, io: "input" | "output"): Json {
  const { $schema, ...rest } = z.toJSONSchema(schema, { io, unrepresentable: "any" });
  return rest;
}

/** Each property of an object schema as a parameter of its own. */
function parametersOf(schema: z.ZodType | undefined, place: "path" | "query"): Json[] {
  if (schema === undefined) return [];
  const { properties = {}, required = [] } = jsonSchema(schema, "input") as {
    properties?: Record<string, Json>;
    required?: string[];
  };
  return Object.entries(properties).map(([name, property]) => ({
    name,
    in: place,
    required: place === "path" || required.includes(name),
    schema: property,
  }));
}

function responseOf({ description, schema, type = "application/json" }: Answer): Json {
  if (schema === undefined && type === "application/json") return { description };
  const body = schema === undefined ? { type: "string" } : jsonSchema(schema, "output");
  return { description, content: { [type]: { schema: body } } };
}

function operationOf(route: Route): Json {
  const { summary, tag, params, query, body, answers } = route;
  const parameters = [...parametersOf(params, "path"), ...parametersOf(query, "query")];
  const isChecked = params !== undefined || query !== undefined || body !== undefined;
  const responses = Object.entries(answers).map(([status, answer]) => [status, responseOf(answer)]);
  return {
    operationId: `${route.method} ${route.path}`.replace(/[^A-Za-z0-9]+/g, "-").replace(/-$/, ""),
    summary,
    tags: [tag],
    ...(parameters.length > 0 && { parameters }),
    ...(body && {
      requestBody: {
        required: true,
        content: { "application/json": { schema: jsonSchema(body, "input") } },
      },
    }),
    responses: {
      ...Object.fromEntries(responses),
      ...(isChecked && { "4XX": { $ref: "#/components/responses/Refused" } }),
    },
  };
}

export function openApiOf(routes: readonly Route[], version: string): Json {
  const paths: Record<string, Json> = {};
  for (const route of routes) {
    paths[route.path] = { ...paths[route.path], [route.method]: operationOf(route) };
  }
  return {
    openapi: "3.1.0",
    info: {
      title: "Realtime Playground: control API",
      version,
      description:
        "Drives a real cluster of two messaging patterns. Loopback only, unless started otherwise.",
    },
    paths,
    components: {
      responses: {
        Refused: {
          description: "Nothing was changed; the message says why.",
          content: { "application/json": { schema: jsonSchema(errorSchema, "output") } },
        },
      },
    },
  };
}
