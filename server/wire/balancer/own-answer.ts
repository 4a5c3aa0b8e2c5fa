/**
 * What the balancer answers itself, when no replica does: a status and a reason in plain words.
 */

const REASONS: Record<number, string> = {
  400: "Bad Request",
  403: "Forbidden",
  404: "Not Found",
  408: "Request Timeout",
  431: "Request Header Fields Too Large",
  501: "Not Implemented",
  502: "Bad Gateway",
  503: "Service Unavailable",
  504: "Gateway Timeout",
};

export interface OwnAnswer {
  status: number;
  /** For programs: `no-replica`, `replica-gone` … */
  code: string;
  /** For people. */
  message: string;
}

export const NO_UPGRADES: OwnAnswer = {
  status: 501,
  code: "no-upgrades",
  message: "This load balancer lets no connection become a WebSocket.",
};

/** `origin`: an allowed one that may read the answer. `closes`: the connection ends with it. */
export function encodeAnswer(
  answer: OwnAnswer,
  { origin, closes, isHead }: { origin?: string | undefined; closes: boolean; isHead?: boolean },
): Buffer {
  const { code, message, status } = answer;
  const body = JSON.stringify({ error: { code, message } });
  const lines = [
    `HTTP/1.1 ${status} ${REASONS[status] ?? "Error"}`,
    "Content-Type: application/json; charset=utf-8",
    `Content-Length: ${Buffer.byteLength(body)}`,
    `Connection: ${closes ? "close" : "keep-alive"}`,
  ];
  if (status === 503) lines.push("Retry-After: 1");
  if (origin !== undefined) lines.push(`Access-Control-Allow-Origin: ${origin}`, "Vary: Origin");
  return Buffer.from(`${lines.join("\r\n")}\r\n\r\n${isHead ? "" : body}`);
}
