/**
 * What the message store answers: one hop for each result, matched to its statement first in first out,
 * with the keys of the messages its rows hold. Rows are read as they pass and not kept.
 */
import {
  isPattern,
  isRoom,
  type MessageKey,
  messageKey,
} from "../../../../shared/contracts/ids.ts";
import type { EventInfo } from "../../../../shared/trace/event.ts";
import { PgFramer, type PgPart, PgReader } from "../../../protocols/postgres.ts";
import type { HopDraft, StreamDecoder, Unit } from "../unit.ts";
import { shorten } from "./chat-words.ts";
import type { Column, Execution, PostgresSession } from "./postgres-session.ts";
import { valueText } from "./postgres-statements.ts";
import { counted } from "./words.ts";

const MAX_KEYS = 1_000;
const MAX_RAW_BYTES = 8 * 1024;
/** Authentication, and copying in: after these the server waits for the client. */
const ASKING = new Set(["R", "G", "W"]);

export class PostgresResults implements StreamDecoder {
  readonly #session: PostgresSession;
  readonly #framer = new PgFramer("typed");
  #length = 0;
  #raw: Buffer[] = [];
  #rawBytes = 0;
  #rows = 0;
  #keys: MessageKey[] = [];
  /** A statement is being described, not run. */
  #describing = false;
  /** The rows, or the error, of a statement that speaks of a password. */
  #secret = false;

  constructor(session: PostgresSession) {
    this.#session = session;
  }

  push(chunk: Buffer): Unit[] {
    const units: Unit[] = [];
    if (this.#session.sslAsked) this.#framer.mode = "bare";
    this.#framer.push(chunk, (part) => {
      const last = units.at(-1);
      const hop = this.#part(part);
      if (part.type === "Z" && !hop && this.#length === 0 && last?.hop) {
        last.length += part.length;
        last.hop.bytes += part.length;
        return;
      }
      this.#gather(part);
      if (hop || part.type === "Z" || this.#asks(part)) units.push(this.#unit(hop));
    });
    return units;
  }

  /** The server has said what it had to say: what would wait here for a result might wait for ever. */
  #asks(part: PgPart): boolean {
    if (part.type === "t") this.#describing = true;
    const described = this.#describing && (part.type === "T" || part.type === "n");
    return described || ASKING.has(part.type);
  }

  #gather(part: PgPart): void {
    this.#length += part.length;
    // What authentication says is nobody's business.
    if (part.type === "R" || this.#rawBytes >= MAX_RAW_BYTES) return;
    this.#raw.push(part.bytes);
    this.#rawBytes += part.bytes.length;
  }

  #unit(hop: HopDraft | undefined): Unit {
    const unit: Unit = { length: this.#length };
    if (hop) {
      unit.hop = { ...hop, bytes: this.#length };
      if (!this.#secret) unit.hop.raw = this.#raw;
    }
    this.#describing = false;
    this.#secret = false;
    this.#length = 0;
    this.#raw = [];
    this.#rawBytes = 0;
    return unit;
  }

  #part(part: PgPart): HopDraft | undefined {
    switch (part.type) {
      case "bare":
        return this.#encryption(part.bytes.toString("latin1"));
      case "T":
        this.#describe(part);
        return undefined;
      case "D":
        this.#row(part);
        return undefined;
      case "C":
        return this.#complete(new PgReader(part).text());
      case "I":
        return this.#complete("nothing to do");
      case "s":
        return this.#complete("more rows wait");
      case "E":
        return this.#error(new PgReader(part));
      case "A":
        return { kind: "sql.result", label: "notification", bytes: 0 };
      case "Z":
        return this.#ready();
      default:
        return undefined;
    }
  }

  #encryption(answer: string): HopDraft {
    if (answer === "S" || answer === "G") throw new Error("encrypted from here on");
    this.#session.sslAsked = false;
    this.#framer.mode = "typed";
    return this.#started("no encryption");
  }

  #started(label: string): HopDraft {
    const front = this.#session.awaited.shift();
    const causes = front?.kind === "startup" ? [front.mark] : [];
    return { kind: "sql.result", label, bytes: 0, info: { setup: true }, causes };
  }

  #describe(part: PgPart): void {
    const execution = this.#front();
    if (!execution) return;
    execution.columns = readColumns(new PgReader(part));
    if (execution.prepared) execution.prepared.columns = execution.columns;
  }

  #row(part: PgPart): void {
    this.#rows += 1;
    const execution = this.#front();
    if (
      !execution ||
      this.#keys.length >= MAX_KEYS ||
      !/message/i.test(execution.shape.table ?? "")
    ) {
      return;
    }
    const key = readKey(new PgReader(part), execution, this.#session);
    if (key !== undefined) this.#keys.push(key);
  }

  #complete(tag: string): HopDraft {
    const execution = this.#front();
    const keys = this.#keys;
    const rows = this.#rows;
    this.#keys = [];
    this.#rows = 0;
    if (execution && !execution.simple) this.#session.awaited.shift();
    this.#secret = execution?.shape.secret === true;
    const info: EventInfo = execution ? resultInfo(execution) : {};
    info.rows = rows;
    return {
      kind: "sql.result",
      label: resultLabel(tag, rows, keys, execution),
      bytes: 0,
      info,
      ...(keys.length > 0 && { messageIds: keys }),
      ...(execution?.traceId !== undefined && { traceId: execution.traceId }),
      ...(execution && { causes: [execution.mark] }),
    };
  }

  #error(reader: PgReader): HopDraft {
    const fields = new Map<string, string>();
    while (!reader.atEnd) {
      const field = reader.letter();
      if (field === "\0" || field === "") break;
      fields.set(field, reader.text());
    }
    const code = fields.get("C") ?? "";
    const awaited = this.#session.awaited;
    const front = awaited[0];
    const execution = this.#front();
    this.#secret = execution?.shape.secret === true;
    // An error quotes the statement.
    const words = this.#secret ? code : shorten(fields.get("M") ?? "unknown", 100);
    this.#keys = [];
    this.#rows = 0;
    // The server skips what was asked before the next Sync; a simple query is its own.
    while (awaited[0]?.kind === "execution" && !awaited[0].execution.simple) awaited.shift();
    if (front?.kind === "startup") awaited.shift();
    const mark = front?.kind === "startup" ? front.mark : execution?.mark;
    return {
      kind: "sql.result",
      label: `error: ${words}`,
      bytes: 0,
      outcome: "error",
      info: { ...(execution && resultInfo(execution)), reason: code },
      ...(mark && { causes: [mark] }),
    };
  }

  #ready(): HopDraft | undefined {
    const awaited = this.#session.awaited;
    if (awaited[0]?.kind === "startup") return this.#started("ready");
    const ends = awaited.findIndex(
      (one) => one.kind === "sync" || (one.kind === "execution" && one.execution.simple),
    );
    if (ends >= 0) awaited.splice(0, ends + 1);
    return undefined;
  }

  #front(): Execution | undefined {
    const front = this.#session.awaited[0];
    return front?.kind === "execution" ? front.execution : undefined;
  }
}

function resultInfo({ shape }: Execution): EventInfo {
  const info: EventInfo = { statement: [shape.verb, shape.table].join(" ").trim() };
  if (shape.setup) info.setup = true;
  if (shape.heartbeat) info.heartbeat = true;
  return info;
}

function resultLabel(
  tag: string,
  rows: number,
  keys: readonly MessageKey[],
  execution: Execution | undefined,
): string {
  const [key] = keys;
  if (execution?.shape.verb === "INSERT" && key !== undefined && keys.length === 1) {
    return `id ${key.slice(key.lastIndexOf("/") + 1)}`;
  }
  if (execution?.shape.verb === "SELECT" || rows > 0) return counted(rows, "row");
  return shorten(tag, 40);
}

function readColumns(reader: PgReader): Column[] {
  const columns: Column[] = [];
  for (let count = reader.int16(); count > 0 && !reader.atEnd; count--) {
    const name = reader.text();
    reader.int32(); // table
    reader.int16(); // column number
    reader.int32(); // type
    reader.int16(); // size
    reader.int32(); // modifier
    columns.push({ name, binary: reader.int16() === 1 });
  }
  return columns;
}

function readKey(
  reader: PgReader,
  execution: Execution,
  session: PostgresSession,
): MessageKey | undefined {
  let id: number | undefined;
  let room: string | undefined = execution.room;
  let left = reader.int16();
  for (const { name, binary } of execution.columns ?? []) {
    if (--left < 0) break;
    if (name === "id") id = Number(valueText(reader.value(), binary));
    else if (name === "room") room = valueText(reader.value(), false);
    else reader.skipValue();
    if (id !== undefined && room !== undefined) break;
  }
  const { pattern } = session;
  if (id === undefined || !Number.isSafeInteger(id) || id < 1 || !isRoom(room)) return undefined;
  return isPattern(pattern) ? messageKey(pattern, room, id) : undefined;
}
