/**
 * Reads a request target (`/messages?room=lobby&after=41`) as far as balancer and decoders need it.
 * The first of two equal parameters counts; what cannot be percent-decoded is left as it came.
 */

export interface HttpTarget {
  /** Without query. */
  path: string;
  query: ReadonlyMap<string, string>;
  /** Of an absolute-form target (`http://host/path`): what it says the host is, in lower case. */
  authority: string | undefined;
}

const MAX_PARAMETERS = 32;
const ABSOLUTE = /^http:\/\/([^/?#]*)(.*)$/i;
const NONE: ReadonlyMap<string, string> = new Map();

function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // Malformed escapes: the replica will say what it thinks of them.
    return text;
  }
}

function readQuery(query: string): ReadonlyMap<string, string> {
  const parameters = new Map<string, string>();
  for (const pair of query.split("&", MAX_PARAMETERS)) {
    const equals = pair.indexOf("=");
    const name = decode(equals < 0 ? pair : pair.slice(0, equals));
    if (!parameters.has(name))
      parameters.set(name, equals < 0 ? "" : decode(pair.slice(equals + 1)));
  }
  return parameters;
}

export function readTarget(target: string): HttpTarget {
  const absolute = target.startsWith("/") ? null : ABSOLUTE.exec(target);
  const local = absolute ? (absolute[2] ?? "") : target;
  const mark = local.indexOf("?");
  return {
    path: (mark < 0 ? local : local.slice(0, mark)) || "/",
    query: mark < 0 ? NONE : readQuery(local.slice(mark + 1)),
    authority: absolute?.[1]?.toLowerCase(),
  };
}

/** Whether it belongs to an Engine.IO session, and on which transport. */
export function engineTransport(target: HttpTarget): "polling" | "websocket" | undefined {
  if (!target.query.has("EIO")) return undefined;
  const transport = target.query.get("transport");
  return transport === "polling" || transport === "websocket" ? transport : undefined;
}
