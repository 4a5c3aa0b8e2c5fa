/** A bare long-poll client for contract tests; it shares no code with ours. */
import type { ChatMessage, ErrorBody } from "../../../shared/contracts/chat-message.ts";

export interface PollResult {
  status: number;
  headers: Headers;
  messages: ChatMessage[];
  ids: number[];
  error?: ErrorBody["error"];
  last?: number;
}

export interface PollOptions {
  room: string;
  after?: number | string;
  signal?: AbortSignal;
  headers?: Record<string, string>;
}

export async function poll(url: string, options: PollOptions): Promise<PollResult> {
  const { room, after, signal, headers } = options;
  const query = new URLSearchParams({ room });
  if (after !== undefined) query.set("after", String(after));
  const init = { headers: headers ?? {}, signal: signal ?? null };
  const response = await fetch(`${url}/messages?${query}`, init);
  const body = (await response.json()) as Partial<PollResult>;
  const messages = body.messages ?? [];
  const ids = messages.map(({ id }) => id);
  return { ...body, status: response.status, headers: response.headers, messages, ids };
}

export interface SendResult {
  status: number;
  message: ChatMessage;
  error?: ErrorBody["error"];
}

export async function send(
  url: string,
  room: string,
  text: string,
  headers: Record<string, string> = {},
): Promise<SendResult> {
  const response = await fetch(`${url}/messages?room=${room}`, {
    method: "POST",
    headers: { "content-type": "application/json", ...headers },
    body: JSON.stringify({ message: text }),
  });
  const body = await response.json();
  return response.status === 201
    ? { status: 201, message: body as ChatMessage }
    : { status: response.status, message: body as ChatMessage, ...(body as ErrorBody) };
}

let rooms = 0;
const RUN = Math.random().toString(36).slice(2, 8);

/** A room that no other test uses. */
export function newRoom(): string {
  rooms += 1;
  return `room-${RUN}-${rooms}`;
}
