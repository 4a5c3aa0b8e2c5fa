/** The one thing the control plane does to the message store itself: empty it. */
import pg from "pg";

const ANSWER_WITHIN_MS = 10_000;

/** Rooms and messages of both patterns. Nobody may be writing. */
export async function clearMessageStore(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: 5_000,
    query_timeout: ANSWER_WITHIN_MS,
  });
  client.on("error", () => undefined); // A connection that breaks rejects what is asked, too.
  try {
    await client.connect();
    await client.query("TRUNCATE messages, rooms");
  } finally {
    // A store that hangs does not say good-bye either.
    client.end().catch(() => undefined);
  }
}
