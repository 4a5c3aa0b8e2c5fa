/**
 * Puts Engine.IO packets, and the Socket.IO packets inside of them, into words. The same packets
 * travel in WebSocket frames and, several to a body, in HTTP polling; both ask here.
 * It keeps no state of a session: attachments of binary events are shown apart from their event.
 */
import { decodePacket } from "engine.io-parser";
import { Decoder, type Packet, PacketType } from "socket.io-parser";
import type { MessageKey, Side } from "../../../../shared/contracts/ids.ts";
import type { EventInfo } from "../../../../shared/trace/event.ts";
import { BytesMemo } from "./bytes-memo.ts";
import {
  asRecord,
  findMessage,
  findMessages,
  listWords,
  messageFacts,
  quote,
  shorten,
  textFacts,
} from "./chat-words.ts";
import { blankText } from "./secret-words.ts";

export interface PacketWords {
  label: string;
  info: EventInfo;
  messageIds?: MessageKey[];
  traceId?: string;
  /** Joins an acknowledgement to the event that asked for it. */
  ackId?: number;
  /** From an `open` packet: the session it opens. */
  sid?: string;
}

export type Sender = "client" | "server";

/** Between packets of one polling body. */
const SEPARATOR = 0x1e;
const MAX_PACKETS = 1_000;
/** Of a text in no known form: a label shows less. */
const MAX_READ = 256;

export class EngineIoDecoder {
  readonly #side: Side;
  readonly #memo = new BytesMemo<PacketWords | undefined>();

  constructor(side: Side) {
    this.#side = side;
  }

  /** Undefined: these bytes are no Engine.IO packet. */
  describe(bytes: Buffer, isBinary: boolean, sender: Sender): PacketWords | undefined {
    if (isBinary) return attachment(bytes.length);
    return this.#memo.get(sender, bytes, () =>
      describeText(bytes.toString("utf8"), sender, this.#side),
    );
  }

  /** The packets of a polling body, each with its bytes; undefined when one of them is none. */
  describeBody(body: Buffer, sender: Sender): { bytes: Buffer; words: PacketWords }[] | undefined {
    const packets: { bytes: Buffer; words: PacketWords }[] = [];
    for (let from = 0; from <= body.length; ) {
      const mark = body.indexOf(SEPARATOR, from);
      const bytes = body.subarray(from, mark < 0 ? body.length : mark);
      const words = this.describe(bytes, false, sender);
      if (!words || packets.length >= MAX_PACKETS) return undefined;
      packets.push({ bytes, words });
      if (mark < 0) break;
      from = mark + 1;
    }
    return packets;
  }
}

function attachment(bytes: number): PacketWords {
  return { label: `attachment, ${bytes} bytes`, info: { packet: "attachment" } };
}

function describeText(text: string, sender: Sender, side: Side): PacketWords | undefined {
  const packet = decodePacket(text, "nodebuffer");
  switch (packet.type) {
    case "open":
      return describeOpen(packet.data);
    case "ping":
    case "pong":
      if (packet.data === "probe")
        return { label: "probe", info: { packet: packet.type, setup: true } };
      return { label: packet.type, info: { packet: packet.type, heartbeat: true } };
    case "upgrade":
    case "noop":
      return { label: packet.type, info: { packet: packet.type, setup: true } };
    case "close":
      return { label: "close", info: { packet: "close" } };
    case "message":
      if (Buffer.isBuffer(packet.data)) return attachment(packet.data.length);
      return describeSocketIo(String(packet.data ?? ""), sender, side);
    case "error":
      return undefined;
    default:
      packet.type satisfies never;
      return undefined;
  }
}

function describeOpen(data: unknown): PacketWords {
  const words: PacketWords = { label: "open", info: { packet: "open", setup: true } };
  try {
    const sid = typeof data === "string" ? asRecord(JSON.parse(data))?.sid : undefined;
    return typeof sid === "string" ? { ...words, sid } : words;
  } catch {
    // An open packet without a readable handshake: shown as one, nothing learnt from it.
    return words;
  }
}

function parse(text: string): Packet | undefined {
  let parsed: Packet | undefined;
  const decoder = new Decoder();
  decoder.on("decoded", (packet) => {
    parsed = packet;
  });
  try {
    decoder.add(text);
  } catch {
    // No Socket.IO packet: the caller shows it as a plain Engine.IO one.
    return undefined;
  }
  return parsed;
}

/** Binary events end in attachments that come later; their own text says how many. */
const BINARY = /^[56](\d+)-/;

function describeSocketIo(text: string, sender: Sender, side: Side): PacketWords {
  const binary = BINARY.exec(text);
  if (binary) return { label: `binary event, ${binary[1]} attachments`, info: { packet: "event" } };
  const packet = parse(text);
  if (!packet) {
    const shown = blankText(text.slice(0, MAX_READ));
    return { label: quote(shown), info: { packet: "message", text: shorten(shown) } };
  }
  switch (packet.type) {
    case PacketType.CONNECT:
      return {
        label: sender === "client" ? "CONNECT" : "CONNECTED",
        info: { packet: "connect", setup: true },
      };
    case PacketType.DISCONNECT:
      return { label: "DISCONNECT", info: { packet: "disconnect" } };
    case PacketType.CONNECT_ERROR:
      return { label: "CONNECT_ERROR", info: { packet: "connect-error", setup: true } };
    case PacketType.ACK:
      return describeAck(packet, side);
    default:
      return describeEvent(packet, sender, side);
  }
}

function argumentsOf(packet: Packet): unknown[] {
  return Array.isArray(packet.data) ? packet.data : [];
}

function describeAck(packet: Packet, side: Side): PacketWords {
  const answer = argumentsOf(packet)[0];
  const found = findMessage(answer, side);
  const code = asRecord(asRecord(answer)?.error)?.code;
  const words = found ? ` ${found.id}` : typeof code === "string" ? ` ${shorten(code)}` : "";
  return {
    label: `ack${words}`,
    info: { packet: "ack" },
    ...(found ? messageFacts([found]) : {}),
    ...(packet.id === undefined ? {} : { ackId: packet.id }),
  };
}

function describeEvent(packet: Packet, sender: Sender, side: Side): PacketWords {
  const [name, argument] = argumentsOf(packet);
  const event = shorten(String(name ?? ""), 64);
  const info: EventInfo = { packet: "event", event };
  const ask = packet.id === undefined ? {} : { ackId: packet.id };
  if (sender === "client") {
    const text = event === "send-message" ? asRecord(argument)?.text : undefined;
    if (typeof text !== "string") return { label: event, info, ...ask };
    return { label: `send-message ${quote(text)}`, info: { ...info, ...textFacts(text) }, ...ask };
  }
  if (event === "messages") {
    const found = findMessages(argument, side);
    return {
      label: `messages ${listWords(found.map((each) => each.id))}`,
      info,
      ...messageFacts(found),
    };
  }
  const found = event === "message" ? findMessage(argument, side) : undefined;
  return found
    ? { label: `message ${found.id}`, info, ...messageFacts([found]) }
    : { label: event, info, ...ask };
}
