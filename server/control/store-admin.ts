/** The one thing the control plane does to the message store itself: empty it. */
import pg from "pg";

/** Rooms and messages of both patterns. Nobody may be writing. */
export async function clearMessageStore(url: string): Promise<void> {
  const client = new pg.Client({ connectionString: url, connectionTimeoutMillis: 5_000 });
  await client.connect();
  try {
    await client.query("TRUNCATE messages, rooms");
  } finally {
    await client.end();
  }
}
