/**
 * Reads one direction of an upgraded connection: WebSocket frames, and the packets in them.
 * A frame is the unit that may be held; bytes are only looked at, client frames are unmasked in a
 * copy. Compressed and fragmented frames pass and are shown as frames: deflate keeps context between
 * frames, so what is in them is not decoded.
 */
import type { ByteBudget } from "../byte-budget.ts";
import type { HopDraft, Mark, StreamDecoder, Unit } from "../unit.ts";
import { quote } from "./chat-words.ts";
import type { EngineIoDecoder, PacketWords, Sender } from "./engine-io-decoder.ts";
import { blankText } from "./secret-words.ts";
import { type Frame, FrameScanner } from "./websocket-frames.ts";

const CONTROL: Record<number, string> = { 8: "close", 9: "ping frame", 10: "pong frame" };
const MAX_OPEN_ASKS = 64;

/** What both directions of one socket know of each other. */
export class SocketMemory {
  /** Events that asked for an acknowledgement, by id; the oldest goes when there are too many. */
  readonly #asks = new Map<string, Mark>();
  readonly #last = new Map<string, Mark>();

  /** The hop that led to this packet, if an earlier one proves it. */
  causeOf(words: PacketWords, sender: Sender): Mark | undefined {
    const { packet } = words.info;
    if (packet === "ack") return this.#take(this.#asks, `${other(sender)} ${words.ackId}`);
    if (packet === "pong") return this.#take(this.#last, `${other(sender)} ping`);
    if (packet === "connect") return this.#take(this.#last, `${other(sender)} connect`);
    return undefined;
  }

  remember(words: PacketWords, sender: Sender, mark: Mark): void {
    const { packet } = words.info;
    if (packet === "ping" || packet === "connect") this.#last.set(`${sender} ${packet}`, mark);
    if (packet !== "event" || words.ackId === undefined) return;
    this.#asks.set(`${sender} ${words.ackId}`, mark);
    const oldest = this.#asks.keys().next();
    if (this.#asks.size > MAX_OPEN_ASKS && !oldest.done) this.#asks.delete(oldest.value);
  }

  #take(marks: Map<string, Mark>, key: string): Mark | undefined {
    const mark = marks.get(key);
    marks.delete(key);
    return mark;
  }
}

const other = (sender: Sender): Sender => (sender === "client" ? "server" : "client");

export interface WebSocketDecoderOptions {
  sender: Sender;
  memory: SocketMemory;
  /** Room for frames that come in pieces. */
  budget: ByteBudget;
  /** Absent in front of a socket that does not speak Engine.IO. */
  engineIo: EngineIoDecoder | undefined;
}

export class WebSocketDecoder implements StreamDecoder {
  readonly #scanner: FrameScanner;
  readonly #options: WebSocketDecoderOptions;

  constructor(options: WebSocketDecoderOptions) {
    this.#options = options;
    this.#scanner = new FrameScanner(options.budget);
  }

  /** The connection has ended. */
  drop(): void {
    this.#scanner.drop();
  }

  push(chunk: Buffer): Unit[] {
    const units: Unit[] = [];
    for (const frame of this.#scanner.push(chunk)) {
      units.push({ length: frame.bytes, hop: this.#describe(frame) });
    }
    return units;
  }

  #describe(frame: Frame): HopDraft {
    const { engineIo, sender, memory } = this.#options;
    const whole = frame.isFinal && frame.opcode !== 0;
    const isData = frame.opcode === 1 || frame.opcode === 2;
    if (!engineIo || !whole || !isData || frame.isCompressed || !frame.payload)
      return describeFrame(frame);
    const words = engineIo.describe(frame.payload, frame.opcode === 2, sender);
    if (!words) return describeFrame(frame);
    const mark: Mark = {};
    const cause = memory.causeOf(words, sender);
    memory.remember(words, sender, mark);
    const hop: HopDraft = {
      kind: "packet",
      label: words.label,
      bytes: frame.bytes,
      info: { ...words.info, transport: "websocket" },
      mark,
      raw: [frame.payload],
    };
    if (words.messageIds) hop.messageIds = words.messageIds;
    if (words.traceId !== undefined) hop.traceId = words.traceId;
    if (cause) hop.causes = [cause];
    return hop;
  }
}

function frameLabel(frame: Frame): string {
  const control = CONTROL[frame.opcode];
  const payload = frame.payload;
  if (control === "close" && payload && payload.length >= 2)
    return `close ${payload.readUInt16BE(0)}`;
  if (control !== undefined) return control;
  if (frame.isCompressed) return `compressed, ${frame.bytes} bytes`;
  if (!frame.isFinal || frame.opcode === 0) return `fragment, ${frame.bytes} bytes`;
  if (frame.opcode === 1 && payload) return quote(blankText(payload.toString("utf8", 0, 256)));
  return `${frame.opcode === 1 ? "text" : "binary"}, ${frame.bytes} bytes`;
}

function describeFrame(frame: Frame): HopDraft {
  const isHeartbeat = frame.opcode === 9 || frame.opcode === 10;
  const hop: HopDraft = {
    kind: "frame",
    label: frameLabel(frame),
    bytes: frame.bytes,
    info: isHeartbeat ? { transport: "websocket", heartbeat: true } : { transport: "websocket" },
  };
  if (frame.payload) hop.raw = [frame.payload];
  return hop;
}
