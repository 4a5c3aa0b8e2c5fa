/**
 * What a replica says to the message store: one hop for each statement it runs. Parse, Bind and
 * Describe belong to the Execute they prepare, and Sync to what it ends.
 */
import { isRoom } from "../../../../shared/contracts/ids.ts";
import type { EventInfo } from "../../../../shared/trace/event.ts";
import { PgFramer, type PgPart, PgReader } from "../../../protocols/postgres.ts";
import type { HopDraft, Mark, StreamDecoder, Unit } from "../unit.ts";
import { quote, textFacts, traceIdOf } from "./chat-words.ts";
import { bounded, type PostgresSession, type Prepared } from "./postgres-session.ts";
import { readSql, type SqlShape } from "./sql-shape.ts";

const SSL_REQUEST = 80_877_103;
const GSS_REQUEST = 80_877_104;
const CANCEL_REQUEST = 80_877_102;
const BLANK_PASSWORD = Buffer.from("p (password blanked)");
const MAX_PORTALS = 1_000;
const MAX_RAW_BYTES = 8 * 1024;

interface Portal {
  prepared: Prepared;
  params: string[];
}

const UNKNOWN: Prepared = { shape: readSql("") };

export class PostgresStatements implements StreamDecoder {
  readonly #session: PostgresSession;
  readonly #framer = new PgFramer("startup");
  readonly #portals = new Map<string, Portal>();
  /** Parts of the statement that is not executed yet. */
  #length = 0;
  #raw: Buffer[] = [];
  #rawBytes = 0;

  constructor(session: PostgresSession) {
    this.#session = session;
  }

  push(chunk: Buffer): Unit[] {
    const units: Unit[] = [];
    this.#framer.push(chunk, (part) => {
      const last = units.at(-1);
      if (part.type === "S" && this.#length === 0 && last?.hop) {
        this.#session.await({ kind: "sync" });
        last.length += part.length;
        last.hop.bytes += part.length;
        return;
      }
      this.#gather(part);
      const ended = this.#part(part);
      if (ended) units.push(this.#unit(ended === "silent" ? undefined : ended));
    });
    return units;
  }

  #gather(part: PgPart): void {
    this.#length += part.length;
    if (this.#rawBytes >= MAX_RAW_BYTES) return;
    const bytes = part.type === "p" ? BLANK_PASSWORD : part.bytes;
    this.#raw.push(bytes);
    this.#rawBytes += bytes.length;
  }

  #unit(hop: HopDraft | undefined): Unit {
    const unit: Unit = { length: this.#length };
    if (hop) unit.hop = { ...hop, bytes: this.#length };
    this.#length = 0;
    this.#raw = [];
    this.#rawBytes = 0;
    return unit;
  }

  /** The hop that this part completes, if it completes one; `silent` ends a unit without a hop. */
  #part(part: PgPart): HopDraft | "silent" | undefined {
    const reader = new PgReader(part);
    switch (part.type) {
      case "startup":
        return this.#startup(reader.int32());
      case "p":
        return this.#setup("password");
      case "Q":
        return this.#execute({ prepared: { shape: readSql(reader.text()) }, params: [] }, true);
      case "P":
        this.#session.prepare(reader.text(), readSql(reader.text()));
        return undefined;
      case "B":
        this.#bind(reader);
        return undefined;
      case "E":
        return this.#execute(
          this.#portals.get(reader.text()) ?? { prepared: UNKNOWN, params: [] },
          false,
        );
      case "F":
        return this.#execute({ prepared: UNKNOWN, params: [] }, true);
      case "S":
        this.#session.await({ kind: "sync" });
        return "silent";
      case "C":
        (reader.letter() === "S" ? this.#session.prepared : this.#portals).delete(reader.text());
        return undefined;
      case "X":
        return this.#setup("terminate");
      case "D":
        return undefined;
      default: // Flush, and copied data
        return "silent";
    }
  }

  #startup(code: number): HopDraft {
    if (code === SSL_REQUEST || code === GSS_REQUEST) {
      const mark: Mark = {};
      this.#session.sslAsked = true;
      this.#session.await({ kind: "startup", mark });
      return { ...this.#setup("encryption?"), mark };
    }
    if (code === CANCEL_REQUEST) return this.#setup("cancel");
    const mark: Mark = {};
    this.#framer.mode = "typed";
    this.#session.await({ kind: "startup", mark });
    return { ...this.#setup("startup"), mark };
  }

  #setup(label: string): HopDraft {
    return {
      kind: "sql.statement",
      label,
      bytes: 0,
      info: { statement: label, setup: true },
      raw: this.#raw,
    };
  }

  #bind(reader: PgReader): void {
    const portal = reader.text();
    const prepared = this.#session.prepared.get(reader.text()) ?? UNKNOWN;
    const formats = Array.from({ length: Math.max(0, reader.int16()) }, () => reader.int16());
    const params: string[] = [];
    for (let count = reader.int16(); count > 0 && !reader.atEnd; count--) {
      const format = formats.length === 1 ? formats[0] : formats[params.length];
      params.push(valueText(reader.value(), format === 1));
    }
    bounded(this.#portals, MAX_PORTALS);
    this.#portals.delete(portal);
    this.#portals.set(portal, { prepared, params });
  }

  #execute({ prepared, params }: Portal, simple: boolean): HopDraft {
    const { shape } = prepared;
    const mark: Mark = {};
    const param = (number: number | undefined): string | undefined =>
      number === undefined ? undefined : params[number - 1];
    const room = param(shape.params.get("room"));
    const traceId = params.map(traceIdOf).find((id) => id !== undefined);
    const info: EventInfo = { statement: [shape.verb, shape.table].join(" ").trim() };
    const text = shape.verb === "INSERT" ? param(shape.params.get("text")) : undefined;
    const after = param(shape.afterParam);
    if (text !== undefined) Object.assign(info, textFacts(text));
    if (isRoom(room)) info.room = room;
    if (after !== undefined && /^\d{1,16}$/.test(after)) info.after = Number(after);
    if (shape.setup) info.setup = true;
    if (shape.heartbeat) info.heartbeat = true;
    this.#session.await({
      kind: "execution",
      execution: {
        mark,
        shape,
        simple,
        prepared,
        ...(isRoom(room) && { room }),
        ...(traceId !== undefined && { traceId }),
        ...(prepared.columns && { columns: prepared.columns }),
      },
    });
    return {
      kind: "sql.statement",
      label: label(shape, info),
      bytes: 0,
      info,
      mark,
      ...(traceId !== undefined && { traceId }),
      ...(!shape.secret && { raw: this.#raw }),
    };
  }
}

function label(shape: SqlShape, info: EventInfo): string {
  if (info.text !== undefined) return `INSERT ${quote(info.text)}`;
  if (shape.verb === "SELECT" && info.after !== undefined) return `SELECT after ${info.after}`;
  if (shape.verb === "SELECT" && shape.newest) return "SELECT newest";
  if (shape.last) return "SELECT last";
  return shape.table === undefined ? shape.words : (info.statement ?? shape.verb);
}

/** A parameter or column as text; binary ones are whole numbers or nothing we show. */
export function valueText(value: Buffer | null, binary: boolean): string {
  if (value === null) return "";
  if (!binary) return value.toString();
  if (value.length === 8) return String(value.readBigInt64BE());
  return value.length === 4 ? String(value.readInt32BE()) : "";
}
