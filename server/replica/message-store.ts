/**
 * The message store: a Postgres database that all replicas of a pattern share. It gives each
 * message its id and keeps it; nothing counts as sent before it is in here.
 *
 * Ids count 1, 2, 3 … in each room, in the order in which messages become visible: the room's
 * counter and the message are written by one statement, so the counter's row stays locked until
 * the message is committed, and no reader can see 42 before 41. (Ids from a sequence become
 * visible out of order, and a reader who has seen 42 would never ask for 41 again.)
 */
import pg from "pg";
import type { Clock } from "../../shared/clock.ts";
import { type ChatMessage, MAX_BATCH } from "../../shared/contracts/chat-message.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import { within } from "./deadlines.ts";
import * as sql from "./message-store-sql.ts";
import { Refusal } from "./refusal.ts";
import { isRefusedStatement, isTableMissing, unavailable } from "./store-failure.ts";

export interface Draft {
  room: string;
  text: string;
  traceparent: string | undefined;
}

const KEPT_PER_ROOM = 100_000;
const PRUNE_EVERY = 1_000;
const ANSWER_WITHIN_MS = 5_000;

export interface MessageStoreOptions {
  url: string;
  pattern: Pattern;
  /** The replica's name, which its messages carry. */
  server: string;
  clock: Clock;
  /** Called when nobody can say whether a message was stored in the room. */
  onDoubt?: (room: string) => void;
}

export class MessageStore {
  readonly #pattern: Pattern;
  readonly #server: string;
  readonly #clock: Clock;
  readonly #onDoubt: (room: string) => void;
  readonly #pool: pg.Pool;
  #tablesMade: Promise<unknown> | undefined;
  #isUp = false;

  constructor(options: MessageStoreOptions) {
    this.#pattern = options.pattern;
    this.#server = options.server;
    this.#clock = options.clock;
    this.#onDoubt = options.onDoubt ?? (() => undefined);
    this.#pool = new pg.Pool({
      connectionString: options.url,
      application_name: options.server,
      max: 10,
      idleTimeoutMillis: 0,
      connectionTimeoutMillis: 3_000,
      statement_timeout: ANSWER_WITHIN_MS,
      keepAlive: true,
    });
    // A connection broke. The pool drops it and opens another when needed; who waits for it is told.
    const broke = () => {
      this.#isUp = false;
    };
    this.#pool.on("error", broke);
    this.#pool.on("connect", (client) => client.on("error", broke));
  }

  /** Whether the store answered when it was last asked. */
  get isUp(): boolean {
    return this.#isUp;
  }

  /** Keeps a message and gives it its id and time. */
  async append(draft: Draft): Promise<ChatMessage> {
    const values = [this.#pattern, draft.room, draft.text, this.#server, draft.traceparent ?? null];
    const [message] = await this.#messages(sql.APPEND, values).catch((error: unknown) => {
      if (error instanceof Refusal && error.code === "maybe-stored") this.#onDoubt(draft.room);
      throw error;
    });
    if (!message) throw new Error("the message store returned no message");
    if (message.id % PRUNE_EVERY === 0) this.#prune(message);
    return message;
  }

  /** The first messages after the cursor, oldest first. */
  after(room: string, cursor: number, limit = MAX_BATCH): Promise<ChatMessage[]> {
    return this.#messages(sql.AFTER, [this.#pattern, room, cursor, limit]);
  }

  /** The newest messages of the room, oldest first. */
  async newest(room: string, limit = MAX_BATCH): Promise<ChatMessage[]> {
    const newestFirst = await this.#messages(sql.NEWEST, [this.#pattern, room, limit]);
    return newestFirst.reverse();
  }

  /** The newest message of each room, where it is this replica's, and of the last hour. */
  newestOfMine(): Promise<ChatMessage[]> {
    return this.#messages(sql.NEWEST_OF_MINE, [this.#pattern, this.#server, MAX_BATCH]);
  }

  /** The id of the room's last message; 0 where there is none. */
  async last(room: string): Promise<number> {
    const [row] = await this.#ask<{ last: string }>(sql.LAST, [this.#pattern, room]);
    return Number(row?.last ?? 0);
  }

  /** Asks anything, to learn whether the store answers (again). */
  async check(): Promise<void> {
    await this.#ask(sql.CHECK, []).catch(() => undefined);
  }

  async close(): Promise<void> {
    await this.#pool.end();
  }

  async #messages(statement: sql.Statement, values: unknown[]): Promise<ChatMessage[]> {
    const rows = await this.#ask<sql.MessageRow>(statement, values);
    return rows.map(sql.toMessage);
  }

  async #ask<Row extends pg.QueryResultRow>(
    statement: sql.Statement,
    values: unknown[],
  ): Promise<Row[]> {
    let wasSent = false;
    try {
      await this.#makeTables();
      const client = await this.#pool.connect();
      wasSent = true;
      const rows = await this.#askBy<Row>(client, { ...statement, values });
      this.#isUp = true;
      return rows;
    } catch (error) {
      this.#isUp = false;
      if (isTableMissing(error)) this.#tablesMade = undefined;
      throw unavailable(error, statement === sql.APPEND ? "write" : "read", wasSent);
    }
  }

  /** A connection that did not answer in time is not asked again. */
  async #askBy<Row extends pg.QueryResultRow>(
    client: pg.PoolClient,
    query: pg.QueryConfig,
  ): Promise<Row[]> {
    const late = () => new Error(`the message store did not answer within ${ANSWER_WITHIN_MS} ms`);
    try {
      const result = await within(this.#clock, ANSWER_WITHIN_MS, client.query<Row>(query), late);
      client.release();
      return result.rows;
    } catch (error) {
      client.release(isRefusedStatement(error) ? undefined : true);
      throw error;
    }
  }

  #makeTables(): Promise<unknown> {
    this.#tablesMade ??= this.#pool
      .connect()
      .then((client) => this.#askBy(client, { text: sql.MAKE_TABLES }))
      .catch((error: unknown) => {
        this.#tablesMade = undefined;
        throw error;
      });
    return this.#tablesMade;
  }

  /** Now and then, and never while somebody waits for it. */
  #prune(message: ChatMessage): void {
    const oldestKept = message.id - KEPT_PER_ROOM;
    if (oldestKept <= 0) return;
    this.#ask(sql.PRUNE, [this.#pattern, message.room, oldestKept]).catch((error: unknown) =>
      console.error("old messages could not be pruned:", error),
    );
  }
}
