/** Does it answer? One connection a question, so that an answer speaks for new connections too. */
import { Redis } from "ioredis";
import pg from "pg";
import { PROBE_TIMEOUT_MS } from "./probed-part.ts";

export async function probeRedis(url: string): Promise<void> {
  const redis = new Redis(url, {
    lazyConnect: true,
    connectTimeout: PROBE_TIMEOUT_MS,
    commandTimeout: PROBE_TIMEOUT_MS,
    retryStrategy: null,
    connectionName: "playground-probe",
  });
  let reason: Error | undefined;
  redis.on("error", (problem) => {
    reason = problem; // says more than the rejection ("Connection is closed.")
  });
  try {
    await redis.connect();
    await redis.ping();
  } catch (problem) {
    throw reason ?? problem;
  } finally {
    redis.disconnect();
  }
}

export async function probePostgres(url: string): Promise<void> {
  const client = new pg.Client({
    connectionString: url,
    connectionTimeoutMillis: PROBE_TIMEOUT_MS,
    query_timeout: PROBE_TIMEOUT_MS,
    application_name: "playground-probe",
  });
  client.on("error", () => {}); // an open question rejects with it as well
  try {
    await client.connect();
    await client.query("SELECT 1");
  } finally {
    await client.end().catch(() => {}); // it never was connected
  }
}
