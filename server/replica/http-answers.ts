/** Answers as JSON, and who may read them: any page that was itself loaded from this machine. */
import type { IncomingMessage, ServerResponse } from "node:http";
import type { Refusal } from "./refusal.ts";

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/i;

/** Origins besides the local ones: the playground's own, when it is opened from another machine. */
export type IsAllowedOrigin = (origin: string) => boolean;

export function allowOrigins(others: readonly string[]): IsAllowedOrigin {
  return (origin) => LOCAL_ORIGIN.test(origin) || others.includes(origin);
}

/** CORS. A request without `Origin`, or from a page we do not know, gets no such headers. */
export function shareWithOrigin(
  request: IncomingMessage,
  response: ServerResponse,
  isAllowed: IsAllowedOrigin,
): void {
  const { origin } = request.headers;
  if (origin === undefined || !isAllowed(origin)) return;
  response.setHeader("Access-Control-Allow-Origin", origin);
  response.setHeader("Vary", "Origin");
}

/** A JSON body that was serialised before, so that a thousand polls can be answered with one. */
export function answer(response: ServerResponse, status: number, body: Buffer): void {
  response.writeHead(status, {
    "Content-Type": "application/json; charset=utf-8",
    "Content-Length": body.length,
    "Cache-Control": "no-store",
  });
  response.end(body);
}

export function toBody(value: unknown): Buffer {
  return Buffer.from(JSON.stringify(value));
}

export function refuse(response: ServerResponse, refusal: Refusal): void {
  if (refusal.code === "draining") response.setHeader("Connection", "close");
  answer(response, refusal.status, toBody(refusal.toBody()));
}
