/**
 * Sends messages as a virtual client does: `POST /messages` at the pattern's balancer. Every
 * outcome is a result with words, and says whether the message surely was not sent (503) or may have
 * been stored (502, 504); it never throws.
 */
import { Agent } from "undici";
import type { Clock } from "../../shared/clock.ts";
import { DEFAULT_ROOM } from "../../shared/contracts/ids.ts";
import { MESSAGES_PATH } from "../../shared/contracts/long-poll.ts";
import { asRecord, isChatMessage } from "../../shared/patterns/read-chat.ts";
import type { SendRequest, SendResult } from "./contract.ts";
import { HttpExchange } from "./http-exchange.ts";

/** Longer than the balancer waits for a replica, which can say more about it. */
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
    send(url, client, { text, room = DEFAULT_ROOM, replica }) {
      const query = new URLSearchParams({ client, room, ...(replica && { replica }) });
      return new Promise((resolve) => {
        const exchange = new HttpExchange(
          (reply) => {
            if ("failed" in reply) resolve(readFailure(reply.failed, exchange));
            else resolve(readResult(reply.status, reply.body));
          },
          clock,
          ANSWER_MS,
        );
        const request = {
          origin: url,
          path: `${MESSAGES_PATH}?${query}`,
          method: "POST" as const,
          headers: { "content-type": "application/json" },
          body: JSON.stringify({ message: text }),
        };
        agent.dispatch(request, exchange);
      });
    },
    close() {
      // It only rejects where it is destroyed already.
      agent.destroy().catch(() => undefined);
    },
  };
}

/** No answer came. */
function readFailure(reason: string, { wasSent, isLate }: HttpExchange): SendResult {
  if (!wasSent) {
    const message = `The load balancer was not reached (${reason}). The message was not sent.`;
    return { ok: false, status: 503, code: "unreachable", message };
  }
  const message = `The load balancer did not answer (${reason}). The message may have been stored: look before you send it again.`;
  return { ok: false, status: isLate ? 504 : 502, code: "unanswered", message };
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
