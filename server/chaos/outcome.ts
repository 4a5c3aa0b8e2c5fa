/**
 * What the sender of a message may conclude from what it was told: stored, surely not, or unknown.
 * Read from the status and the words alone, as somebody else's client would.
 */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";

export type Outcome =
  | { kind: "acknowledged"; id: number }
  | { kind: "not-stored"; why: string }
  | { kind: "unknown"; why: string };

export interface Sent {
  text: string;
  outcome: Outcome;
}

const NO_ANSWER_MS = 30_000;

export async function post(url: string, text: string): Promise<Sent> {
  try {
    const response = await fetch(`${url}/messages`, {
      method: "POST",
      headers: { "content-type": "application/json" },
      body: JSON.stringify({ message: text }),
      signal: AbortSignal.timeout(NO_ANSWER_MS),
    });
    const body: unknown = await response.json();
    return { text, outcome: conclude(response.status, body) };
  } catch (error) {
    const reason = (error as Error & { cause?: { code?: string } }).cause?.code;
    const why = reason ?? (error as Error).message;
    // Nobody took the connection, so nobody took the message.
    return { text, outcome: { kind: reason === "ECONNREFUSED" ? "not-stored" : "unknown", why } };
  }
}

function conclude(status: number, body: unknown): Outcome {
  if (status === 201) return { kind: "acknowledged", id: (body as ChatMessage).id };
  const words = (body as { error?: { message?: string } }).error?.message ?? "";
  const why = `${status} ${words}`;
  return { kind: status >= 500 && /may have/i.test(words) ? "unknown" : "not-stored", why };
}
