/**
 * Follows each WebSockets client's connection: it is opened, the server says that it is connected,
 * then messages come by themselves, each once, until one side closes it.
 *
 *   opening ──CONNECTED──► connected ──message──► connected      any ──close──► gone
 */
import type { Participant } from "../../contracts/ids.ts";
import type { TraceEvent } from "../../trace/event.ts";
import type { Check, Finding } from "../conformance.ts";
import { nameOf } from "../names.ts";

interface Connection {
  isConnected: boolean;
  /** The first hop with a message, while nothing has said yet that the client is connected. */
  early: number | undefined;
  given: Set<string>;
}

/** Messages of one connection that are told apart. */
const MOST_GIVEN = 2_000;

export const checkWebSockets: Check = (events) => {
  const connections = new Map<Participant, Connection>();
  const findings: Finding[] = [];
  let followed = 0;
  const open = (client: Participant): Connection => {
    const connection = { isConnected: false, early: undefined, given: new Set<string>() };
    connections.set(client, connection);
    followed += 1;
    return connection;
  };
  for (const event of events) {
    if (event.pattern !== "web-sockets") continue;
    const { kind, from, to, seq, info } = event;
    if (kind === "socket.open" && from.startsWith("client:")) open(from);
    else if (kind === "socket.close") {
      const client = from.startsWith("client:") ? from : to;
      if (connections.delete(client) && info?.closedBy !== "client") {
        const words = `${nameOf(client)}’s connection is closed, and not by the client`;
        findings.push({ seq, weight: "beyond", words });
      }
    } else if (kind === "packet" && to.startsWith("client:")) {
      const found = follow(event, connections.get(to) ?? open(to));
      if (found !== undefined) findings.push({ weight: "breaks", ...found });
    }
  }
  return { followed, findings };
};

function follow(
  { seq, to, label, messageIds, info }: TraceEvent,
  connection: Connection,
): Pick<Finding, "seq" | "words"> | undefined {
  if (label === "CONNECTED") {
    const { early } = connection;
    connection.isConnected = true;
    connection.early = undefined;
    if (early === undefined) return undefined;
    const words = `${nameOf(to)} is given a message before its server says that it is connected`;
    return { seq: early, words };
  }
  if (messageIds === undefined || info?.packet === "ack") return undefined;
  if (!connection.isConnected) connection.early ??= seq;
  // History comes in one piece, and may repeat what a lost connection had brought.
  if (info?.event === "messages") return undefined;
  const again = messageIds.find((key) => connection.given.has(key));
  for (const key of messageIds) connection.given.add(key);
  if (connection.given.size > MOST_GIVEN) connection.given.clear();
  if (again === undefined) return undefined;
  const words = `${nameOf(to)} is given message ${again.split("/").at(-1)} a second time on one connection`;
  return { seq, words };
}
