/**
 * The part of the HTTP API that both patterns share, on Express:
 *
 *   POST /messages?room=   {"message": "text"} → 201 and the stored message
 *   GET  /test             a greeting
 *
 * Bad input is refused before anything happens. How the message reaches the clients is not known here.
 */
import { isUtf8 } from "node:buffer";
import express, { type ErrorRequestHandler, type Express, type RequestHandler } from "express";
import { MAX_BODY_BYTES, whyNotText } from "../../shared/contracts/chat-message.ts";
import { DEFAULT_ROOM, isRoom } from "../../shared/contracts/ids.ts";
import { MESSAGES_PATH, TEST_PATH } from "../../shared/contracts/long-poll.ts";
import { type IsAllowedOrigin, refuse, shareWithOrigin } from "./http-answers.ts";
import type { RealtimePattern } from "./realtime-pattern.ts";
import { Refusal, refusals } from "./refusal.ts";
import { readTraceparent } from "./trace-context.ts";

export interface MessagesApiOptions {
  replica: string;
  send: RealtimePattern["send"];
  isDraining: () => boolean;
  isAllowedOrigin: IsAllowedOrigin;
}

export function messagesApi(options: MessagesApiOptions): Express {
  const app = express();
  app.disable("x-powered-by");
  app.disable("etag");

  app.use((request, response, next) => {
    shareWithOrigin(request, response, options.isAllowedOrigin);
    if (options.isDraining()) throw refusals.draining();
    next();
  });
  app.options("/{*any}", preflight);

  app.get(TEST_PATH, (_request, response) => {
    response.json({ ok: true, message: `Hello from ${options.replica}!` });
  });

  app.post(MESSAGES_PATH, requireJson, readJson, async (request, response) => {
    const message = await options.send({
      room: readRoom(request.query.room),
      text: readText(messageIn(request.body)),
      traceparent: readTraceparent(request.headers.traceparent),
    });
    if (options.isDraining()) response.set("Connection", "close");
    response.status(201).json(message);
  });

  app.all([MESSAGES_PATH, TEST_PATH], (request) => {
    const words = `${request.method} ${request.path} means nothing here.`;
    throw new Refusal(405, "method-not-allowed", words);
  });
  app.use((request) => {
    throw new Refusal(404, "not-found", `There is nothing at ${request.path}.`);
  });
  app.use(refuseError);
  return app;
}

function readRoom(room: unknown): string {
  if (room === undefined) return DEFAULT_ROOM;
  if (!isRoom(room)) throw refusals.badRoom();
  return room;
}

export function readText(text: unknown): string {
  const whyNot = whyNotText(text);
  if (typeof text !== "string" || whyNot) throw new Refusal(400, "bad-text", whyNot ?? "");
  return text;
}

function messageIn(body: unknown): unknown {
  if (typeof body === "object" && body !== null && "message" in body) return body.message;
  throw new Refusal(400, "bad-text", 'The body has no "message". Send {"message": "text"}.');
}

const requireJson: RequestHandler = (request, _response, next) => {
  const hasBody =
    request.headers["transfer-encoding"] !== undefined ||
    Number(request.headers["content-length"] ?? 0) > 0;
  if (!hasBody)
    throw new Refusal(400, "no-body", 'The request has no body. Send {"message": "text"}.');
  if (!request.is("application/json")) {
    throw new Refusal(415, "wrong-content-type", "The body must be JSON (application/json).");
  }
  next();
};

const readJson = express.json({
  limit: MAX_BODY_BYTES,
  strict: false,
  // Decoded all the same, it would be stored with other characters than were sent.
  verify: (_request, _response, body, encoding) => {
    if (encoding === "utf-8" && !isUtf8(body)) throw new Error("not UTF-8");
  },
});

const preflight: RequestHandler = (_request, response) => {
  response
    .set("Access-Control-Allow-Methods", "GET, POST, OPTIONS")
    .set("Access-Control-Allow-Headers", "Content-Type, traceparent")
    .set("Access-Control-Max-Age", "600")
    .status(204)
    .end();
};

const refuseError: ErrorRequestHandler = (error, _request, response, _next) => {
  if (response.headersSent) response.destroy();
  else refuse(response, readJsonRefusal(error) ?? Refusal.from(error));
};

/** What Express' JSON reader means by its errors. */
function readJsonRefusal(error: { type?: unknown; status?: unknown }): Refusal | undefined {
  if (error instanceof Refusal || typeof error.type !== "string") return undefined;
  if (error.type === "entity.too.large") {
    const words = `The body is larger than ${MAX_BODY_BYTES} bytes.`;
    return new Refusal(413, "body-too-large", words);
  }
  if (error.status === 415) {
    const words = "The body must be JSON in UTF-8, uncompressed or gzipped.";
    return new Refusal(415, "wrong-content-type", words);
  }
  return new Refusal(400, "not-json", "The body is not valid JSON.");
}
