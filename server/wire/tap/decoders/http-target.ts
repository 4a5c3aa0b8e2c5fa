/**
 * Reads a request target (`/messages?room=lobby&after=41`) as far as balancer and decoders need it.
 * The first of two equal parameters counts; what cannot be percent-decoded is left as it came.
 */

/** The query parameters that mean something here. */
const READ = ["room", "after", "client", "replica", "sid", "EIO", "transport"] as const;
type Parameter = (typeof READ)[number];

export interface HttpTarget {
  /** Without query. */
  path: string;
  query: { [P in Parameter]?: string };
  /** Of an absolute-form target (`http://host/path`): what it says the host is, in lower case. */
  authority: string | undefined;
  /** Whether it belongs to an Engine.IO session, and on which transport. */
  engine: "polling" | "websocket" | undefined;
}

const MAX_PARAMETERS = 32;
const ABSOLUTE = /^http:\/\/([^/?#]*)(.*)$/i;

function isRead(name: string): name is Parameter {
  return (READ as readonly string[]).includes(name);
}

function decode(text: string): string {
  if (!text.includes("%") && !text.includes("+")) return text;
  try {
    return decodeURIComponent(text.replaceAll("+", " "));
  } catch {
    // Malformed escapes: the replica will say what it thinks of them.
    return text;
  }
}

function readQuery(text: string, from: number): HttpTarget["query"] {
  const query: HttpTarget["query"] = {};
  let at = from;
  for (let count = 0; at < text.length && count < MAX_PARAMETERS; count++) {
    let end = text.indexOf("&", at);
    if (end < 0) end = text.length;
    let equals = text.indexOf("=", at);
    if (equals < 0 || equals > end) equals = end;
    const name = decode(text.slice(at, equals));
    if (isRead(name) && query[name] === undefined)
      query[name] = decode(text.slice(equals + 1, end));
    at = end + 1;
  }
  return query;
}

function engineOf({ EIO, transport }: HttpTarget["query"]): HttpTarget["engine"] {
  if (EIO === undefined) return undefined;
  return transport === "polling" || transport === "websocket" ? transport : undefined;
}

export function readTarget(target: string): HttpTarget {
  const absolute = target.startsWith("/") ? null : ABSOLUTE.exec(target);
  const local = absolute ? (absolute[2] ?? "") : target;
  const mark = local.indexOf("?");
  const query = mark < 0 ? {} : readQuery(local, mark + 1);
  return {
    path: (mark < 0 ? local : local.slice(0, mark)) || "/",
    query,
    authority: absolute?.[1]?.toLowerCase(),
    engine: engineOf(query),
  };
}
