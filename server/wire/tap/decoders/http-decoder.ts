/**
 * Puts HTTP requests and responses of the client link into words: the label of the hop, what folds
 * need to know (`info`), the messages a body carries. Pure but for a memo of the last bodies.
 * Engine.IO's packets inside of bodies are the business of engine-io-decoder.
 */

import {
  DEFAULT_ROOM,
  isRoom,
  type MessageKey,
  type Side,
} from "../../../../shared/contracts/ids.ts";
import { MESSAGES_PATH, parseCursor } from "../../../../shared/contracts/long-poll.ts";
import type { EventInfo, Outcome } from "../../../../shared/trace/event.ts";
import { BytesMemo } from "./bytes-memo.ts";
import {
  asRecord,
  findMessage,
  findMessages,
  listWords,
  messageFacts,
  quote,
  shorten,
  textFacts,
} from "./chat-words.ts";
import type { HttpTarget } from "./http-target.ts";

export interface RequestWords {
  label: string;
  info: EventInfo;
}

export interface ResponseWords {
  label: string;
  outcome: Outcome;
  messageIds?: MessageKey[];
  traceId?: string;
}

const MAX_PATH = 256;

/** Polls of both patterns are what a replica may park. */
export function isPoll(method: string, target: HttpTarget): boolean {
  if (method !== "GET") return false;
  return target.path === MESSAGES_PATH || target.engine === "polling";
}

export function describeRequest(
  method: string,
  url: string,
  target: HttpTarget,
  body: Buffer | undefined,
): RequestWords {
  const path = url.length <= MAX_PATH ? url : shorten(url, MAX_PATH);
  const transport = target.engine;
  if (transport || target.path !== MESSAGES_PATH) {
    const info: EventInfo = transport ? { method, path, transport } : { method, path };
    return { label: `${method} ${shorten(target.path)}`, info };
  }
  const named = target.query.room;
  const room = named === undefined ? DEFAULT_ROOM : named;
  const info: EventInfo = isRoom(room) ? { method, path, room } : { method, path };
  if (method === "GET") return describePoll(target, info);
  const text = method === "POST" && body ? readText(body) : undefined;
  if (text === undefined) return { label: `${method} ${target.path}`, info };
  return { label: `POST ${quote(text)}`, info: { ...info, ...textFacts(text) } };
}

function describePoll(target: HttpTarget, info: EventInfo): RequestWords {
  const given = target.query.after;
  const after = parseCursor(given);
  info.poll = true;
  if (after === "bad") return { label: `GET after=${shorten(given ?? "")}`, info };
  if (after === undefined) return { label: "GET", info };
  info.after = after;
  return { label: `GET after=${after}`, info };
}

function parseJson(body: Buffer): unknown {
  try {
    return JSON.parse(body.toString("utf8"));
  } catch {
    // Not JSON, or not whole: then there is nothing to say about it.
    return undefined;
  }
}

function readText(body: Buffer): string | undefined {
  const text = asRecord(parseJson(body))?.message;
  return typeof text === "string" ? text : undefined;
}

/** What a response answers, as far as its words depend on it. */
export type Answers = "poll" | "post" | "other";

export class ResponseDecoder {
  readonly #side: Side;
  readonly #memo = new BytesMemo<ResponseWords>();

  constructor(side: Side) {
    this.#side = side;
  }

  /** `body` is absent when it was too large, or encoded, to be looked at. */
  describe(answers: Answers, status: number, body: Buffer | undefined): ResponseWords {
    if (status >= 400)
      return body ? this.#remember("error", status, body, describeError) : describeError(status);
    if (body && answers === "poll") return this.#remember(answers, status, body, describeAnswer);
    if (body && answers === "post") return this.#remember(answers, status, body, describeCreated);
    return { label: `${status}`, outcome: "other" };
  }

  #remember(
    key: string,
    status: number,
    body: Buffer,
    decode: (status: number, json: unknown, side: Side) => ResponseWords,
  ): ResponseWords {
    return this.#memo.get(`${key} ${status}`, body, () =>
      decode(status, parseJson(body), this.#side),
    );
  }
}

function describeError(status: number, json?: unknown): ResponseWords {
  const code = asRecord(asRecord(json)?.error)?.code;
  const words = typeof code === "string" ? ` ${shorten(code.replaceAll("-", " "))}` : "";
  return { label: `${status}${words}`, outcome: "error" };
}

function describeAnswer(status: number, json: unknown, side: Side): ResponseWords {
  const list = asRecord(json)?.messages;
  if (!Array.isArray(list)) return { label: `${status}`, outcome: "other" };
  if (list.length === 0) return { label: `${status} [ ] idle`, outcome: "idle" };
  const found = findMessages(list, side);
  const label = `${status} ${listWords(found.map((each) => each.id))}`;
  return { label, outcome: "messages", ...messageFacts(found) };
}

function describeCreated(status: number, json: unknown, side: Side): ResponseWords {
  const found = findMessage(json, side);
  if (status !== 201 || !found) return { label: `${status}`, outcome: "other" };
  return { label: `201 id ${found.id}`, outcome: "created", ...messageFacts([found]) };
}
