/**
 * Engine.IO packets that travel in HTTP bodies: each is a hop of its own, told before the one that
 * carries it. From the handshake the balancer learns which replica knows the session.
 */
import type { Participant } from "../../../shared/contracts/ids.ts";
import type { Hop } from "../hop.ts";
import type { PacketWords } from "../tap/decoders/engine-io-decoder.ts";
import type { BalancerContext } from "./balancer-context.ts";

/** A client may call a session anything. */
const MAX_SID = 64;

interface PollingSession {
  /** Of the request; a handshake has none yet. */
  sid: string | undefined;
  client: Participant;
}

/** Returns their seqs. */
export function tellPollingPackets(
  context: BalancerContext,
  packets: readonly { bytes: Buffer; words: PacketWords }[],
  carrier: Hop,
  { sid, client }: PollingSession,
): number[] {
  return packets.map(({ bytes, words }) => {
    if (words.sid !== undefined && carrier.to === client) {
      const replica = carrier.from.slice("replica:".length);
      context.upstreams.sessions.learn(words.sid, { replica, client });
    }
    const { at, doneAt, from, to, pattern } = carrier;
    const hop: Hop = {
      kind: "packet",
      at,
      doneAt,
      from,
      to,
      label: words.label,
      bytes: bytes.length,
    };
    if (pattern) hop.pattern = pattern;
    hop.conn = `session ${(sid ?? words.sid ?? "unknown").slice(0, MAX_SID)}`;
    hop.info = { ...words.info, transport: "polling" };
    hop.raw = [bytes];
    if (words.messageIds) hop.messageIds = words.messageIds;
    if (words.traceId !== undefined) hop.traceId = words.traceId;
    if (carrier.perturbed !== undefined) hop.perturbed = carrier.perturbed;
    return context.recorder.record(hop);
  });
}

/** Only what surely is no heartbeat and opens nothing may wait without harm to its session. */
export function isHeldApart(packets: readonly PacketWords[] | undefined): boolean {
  if (packets === undefined) return false;
  return packets.every(({ info }) => info.heartbeat !== true && info.setup !== true);
}
