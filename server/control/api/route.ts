/**
 * A route of the control API as data: what it takes, what it answers, and the function that does
 * it. One table of routes makes both the HTTP server and the OpenAPI document, so that they cannot
 * disagree. Input is checked against the route's own schemas before `handle` sees it.
 */
import type { z } from "zod";
import { Refusal } from "../refusal.ts";
import type { Surroundings } from "./surroundings.ts";
import { wordsOf } from "./zod-words.ts";

export type Method = "get" | "put" | "post" | "patch" | "delete";

export interface Answer {
  description: string;
  schema?: z.ZodType;
  /** Default `application/json`. */
  type?: string;
}

/** An answer that is not simply 200 with JSON. */
export class Reply {
  readonly status: number;
  readonly body: unknown;
  readonly type: string;
  readonly headers: Record<string, string>;

  constructor(
    status: number,
    body: unknown,
    type = "application/json",
    headers: Record<string, string> = {},
  ) {
    this.status = status;
    this.body = body;
    this.type = type;
    this.headers = headers;
  }
}

interface RouteSpec<Params, Query, Body> {
  method: Method;
  /** As OpenAPI writes it: `/api/replicas/{id}/kill`. */
  path: string;
  summary: string;
  tag: string;
  params?: z.ZodType<Params>;
  query?: z.ZodType<Query>;
  body?: z.ZodType<Body>;
  answers: Record<number, Answer>;
  handle(input: { params: Params; query: Query; body: Body }, around: Surroundings): unknown;
}

export interface RawInput {
  params: unknown;
  query: unknown;
  body: unknown;
}

export interface Route
  extends Pick<
    RouteSpec<unknown, unknown, unknown>,
    "method" | "path" | "summary" | "tag" | "params" | "query" | "body" | "answers"
  > {
  run(input: RawInput, around: Surroundings): Promise<Reply>;
}

/** 404 for a place that does not exist, 400 for what was said there. */
function check<T>(schema: z.ZodType<T> | undefined, value: unknown, part: keyof RawInput): T {
  if (schema === undefined) return undefined as T;
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  const status = part === "params" ? 404 : 400;
  throw new Refusal(status, part === "params" ? "not-found" : `bad-${part}`, wordsOf(result.error));
}

export function route<Params = undefined, Query = undefined, Body = undefined>(
  spec: RouteSpec<Params, Query, Body>,
): Route {
  return {
    ...spec,
    async run(input, around) {
      const checked = {
        params: check(spec.params, input.params, "params"),
        query: check(spec.query, input.query, "query"),
        body: check(spec.body, input.body, "body"),
      };
      const answer = await spec.handle(checked, around);
      return answer instanceof Reply ? answer : new Reply(200, answer);
    },
  };
}
