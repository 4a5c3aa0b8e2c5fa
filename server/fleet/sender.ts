/**
 * Sends messages as a virtual client does: `POST /messages` at the pattern's balancer. Every
 * outcome is a result with words; it never throws.
 */
import { Agent, request } from "undici";
import type { Clock } from "../../shared/clock.ts";
import { DEFAULT_ROOM } from "../../shared/contracts/ids.ts";
import { MESSAGES_PATH } from "../../shared/contracts/long-poll.ts";
import { asRecord, isChatMessage } from "../../shared/patterns/read-chat.ts";
import type { SendRequest, SendResult } from "./contract.ts";
import { failureWords, lateWords } from "./poll-connection.ts";

const ANSWER_MS = 15_000;
/** Shorter than the balancer's 120 s. */
const KEEP_ALIVE_MS = 60_000;
const MOST_CONNECTIONS = 256;

export interface Sender {
  /** `client`: who sends it. */
  send(url: string, client: string, what: SendRequest): Promise<SendResult>;
  close(): void;
}

/** `clock`: what its patience is measured by. */
export function createSender(clock: Clock): Sender {
  const agent = new Agent({
    connections: MOST_CONNECTIONS,
    keepAliveTimeout: KEEP_ALIVE_MS,
    keepAliveMaxTimeout: KEEP_ALIVE_MS,
    headersTimeout: 0,
    bodyTimeout: ANSWER_MS,
  });
  return {
    async send(url, client, { text, room = DEFAULT_ROOM, replica }) {
      const patience = new AbortController();
      const timer = clock.after(ANSWER_MS, () => patience.abort(new Error(lateWords(ANSWER_MS))));
      const query = new URLSearchParams({ client, room, ...(replica && { replica }) });
      try {
        const { statusCode, body } = await request(`${url}${MESSAGES_PATH}?${query}`, {
          dispatcher: agent,
          signal: patience.signal,
          method: "POST",
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ message: text }),
        });
        return readResult(statusCode, await body.text());
      } catch (error) {
        const words = error instanceof Error ? failureWords(error) : String(error);
        return { ok: false, status: 502, code: "unreachable", message: words };
      } finally {
        timer.cancel();
      }
    },
    close() {
      // It only rejects where it is destroyed already.
      agent.destroy().catch(() => undefined);
    },
  };
}

/** What a replica or the balancer answered. */
function readResult(status: number, body: string): SendResult {
  let said: unknown;
  try {
    said = JSON.parse(body);
  } catch {
    return { ok: false, status, code: "not-json", message: `status ${status} without JSON` };
  }
  if (status === 201 && isChatMessage(said)) return { ok: true, status, message: said };
  const { code, message } = asRecord(asRecord(said).error);
  return {
    ok: false,
    status,
    code: typeof code === "string" ? code : "unexpected",
    message: typeof message === "string" ? message : `status ${status}`,
  };
}
