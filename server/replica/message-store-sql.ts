/**
 * The message store's statements. Each is prepared once per connection under its name.
 */
import type { ChatMessage } from "../../shared/contracts/chat-message.ts";

export interface Statement {
  name: string;
  text: string;
}

export interface MessageRow {
  id: string;
  room: string;
  text: string;
  time: Date;
  server: string;
  traceparent: string | null;
}

export function toMessage(row: MessageRow): ChatMessage {
  const message: ChatMessage = {
    id: Number(row.id),
    text: row.text,
    time: row.time.toISOString(),
    server: row.server,
    room: row.room,
  };
  if (row.traceparent) message.traceparent = row.traceparent;
  return message;
}

/** One transaction; the lock lets replicas that start together take turns. */
export const MAKE_TABLES = `
  SELECT pg_advisory_xact_lock(hashtext('realtime-playground tables'));
  CREATE TABLE IF NOT EXISTS rooms (
    pattern text   NOT NULL,
    room    text   NOT NULL,
    last    bigint NOT NULL,
    PRIMARY KEY (pattern, room)
  );
  CREATE TABLE IF NOT EXISTS messages (
    pattern     text        NOT NULL,
    room        text        NOT NULL,
    id          bigint      NOT NULL,
    text        text        NOT NULL,
    time        timestamptz NOT NULL,
    server      text        NOT NULL,
    traceparent text,
    PRIMARY KEY (pattern, room, id)
  );
`;

/** Counter and message in one statement: see the head of message-store.ts. */
export const APPEND: Statement = {
  name: "append",
  text: `
    WITH counter AS (
      INSERT INTO rooms (pattern, room, last) VALUES ($1, $2, 1)
      ON CONFLICT (pattern, room) DO UPDATE SET last = rooms.last + 1
      RETURNING last
    )
    INSERT INTO messages (pattern, room, id, text, time, server, traceparent)
    SELECT $1, $2, counter.last, $3, clock_timestamp(), $4, $5 FROM counter
    RETURNING id, room, text, time, server, traceparent`,
};

export const AFTER: Statement = {
  name: "after",
  text: `
    SELECT id, room, text, time, server, traceparent FROM messages
    WHERE pattern = $1 AND room = $2 AND id > $3
    ORDER BY id LIMIT $4`,
};

export const NEWEST: Statement = {
  name: "newest",
  text: `
    SELECT id, room, text, time, server, traceparent FROM messages
    WHERE pattern = $1 AND room = $2
    ORDER BY id DESC LIMIT $3`,
};

export const NEWEST_OF_MINE: Statement = {
  name: "newest-of-mine",
  text: `
    SELECT id, room, text, time, server, traceparent
    FROM rooms JOIN messages USING (pattern, room)
    WHERE pattern = $1 AND id = last AND server = $2
      AND time > clock_timestamp() - interval '1 hour'
    ORDER BY time DESC LIMIT $3`,
};

export const LAST: Statement = {
  name: "last",
  text: "SELECT last FROM rooms WHERE pattern = $1 AND room = $2",
};

export const PRUNE: Statement = {
  name: "prune",
  text: "DELETE FROM messages WHERE pattern = $1 AND room = $2 AND id <= $3",
};

export const CHECK: Statement = { name: "check", text: "SELECT 1" };
