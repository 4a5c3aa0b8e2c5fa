/**
 * HTTP of a server that we did not write, in words: nothing is known of its paths or bodies, so only
 * what can be seen counts. A request that was left waiting makes a poll of its path; an answer with
 * nothing in it is idle. Rules TG10 and TG11 (docs/spec/target.md).
 */
import { BoundedMap } from "../../../../shared/bounded-map.ts";
import type { Pattern } from "../../../../shared/contracts/ids.ts";
import { asRecord, shorten } from "./chat-words.ts";
import type { RequestWords, ResponseWords } from "./http-decoder.ts";
import type { HttpTarget } from "./http-target.ts";
import { blankQuery } from "./secret-words.ts";

/** Left waiting for so long, on purpose: no server takes that time to find an answer. */
const PARKED_MS = 1_000;
const MAX_PATHS = 1_000;
const MAX_PATH = 256;
/** Of a page rather than of its program: nothing that is asked again and again for news. */
const PAGE_PART = /(?:^\/|\.(?:html?|m?js|css|map|json|ico|png|jpe?g|gif|svg|webp|woff2?|txt))$/i;

export interface StrangerAnswer {
  status: number;
  /** Absent when it was too large, or encoded, to be looked at. */
  body: Buffer | undefined;
  /** From the request's last byte to the answer's first. */
  waitedMs: number;
  /** `text/event-stream` and the like: it goes on for as long as both want. */
  isStream: boolean;
}

export class StrangerHttp {
  readonly #looksLike: Pattern | undefined;
  /** Method and path of what was left waiting once. */
  readonly #polled = new BoundedMap<string, true>(MAX_PATHS);

  /** `looksLike`: what the server was said to be; without it, only what is seen counts. */
  constructor(looksLike: Pattern | undefined) {
    this.#looksLike = looksLike;
  }

  isPoll(method: string, target: HttpTarget): boolean {
    if (this.#looksLike === "web-sockets" || target.engine !== undefined) return false;
    if (this.#polled.has(`${method} ${target.path}`)) return true;
    return this.#looksLike === "long-polling" && method === "GET" && !PAGE_PART.test(target.path);
  }

  describeRequest(method: string, url: string, target: HttpTarget): RequestWords {
    const path = blankQuery(shorten(url, MAX_PATH));
    const info: RequestWords["info"] = { method, path };
    if (target.engine !== undefined) info.transport = target.engine;
    if (this.isPoll(method, target)) info.poll = true;
    return { label: `${method} ${shorten(target.path)}`, info };
  }

  /** `isPoll`: whether the request was one, as far as is known by now. */
  describeAnswer(
    method: string,
    target: HttpTarget,
    answer: StrangerAnswer,
  ): ResponseWords & { isPoll: boolean } {
    this.#learn(method, target, answer);
    const isPoll = this.isPoll(method, target) && !answer.isStream;
    const { status, body } = answer;
    if (isPoll && bringsNothing(status, body)) {
      return { label: `${status} idle`, outcome: "idle", isPoll };
    }
    const label = answer.isStream ? `${status} stream` : `${status}`;
    return { label, outcome: status >= 400 ? "error" : "other", isPoll };
  }

  #learn(method: string, target: HttpTarget, { status, waitedMs, isStream }: StrangerAnswer): void {
    const isAsking = method === "GET" || method === "POST";
    const isAnswered = status < 400 || status === TIMED_OUT;
    if (waitedMs < PARKED_MS || !isAsking || !isAnswered || isStream) return;
    if (this.#looksLike !== "web-sockets" && target.engine === undefined)
      this.#polled.set(`${method} ${target.path}`, true);
  }
}

const TIMED_OUT = 408;
const EMPTY_STATUS = new Set([204, 304, TIMED_OUT]);
const MAX_DEPTH = 8;

function bringsNothing(status: number, body: Buffer | undefined): boolean {
  if (EMPTY_STATUS.has(status)) return true;
  if (status >= 400 || body === undefined) return false;
  const text = body.toString("utf8").trim();
  if (text === "") return true;
  try {
    return isEmpty(JSON.parse(text), 0);
  } catch {
    return false; // Not JSON: whatever it is, it is something.
  }
}

/** `null`, `[]`, `{}`, `{"messages":[],"cursor":41}`, `{"timeout":true}`. */
function isEmpty(value: unknown, depth: number): boolean {
  if (value === null || value === "") return true;
  if (Array.isArray(value)) return value.length === 0;
  const record = asRecord(value);
  if (record === undefined || depth > MAX_DEPTH) return false;
  if (record.timeout === true || record.timedOut === true) return true;
  const parts = Object.values(record).filter((part) => typeof part === "object");
  return parts.length > 0
    ? parts.every((part) => isEmpty(part, depth + 1))
    : Object.keys(record).length === 0;
}
