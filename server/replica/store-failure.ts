/**
 * What it means when the message store fails: did the statement happen or not? Whoever sent a
 * message must be told, because sending again what did happen makes two.
 *
 *   never sent (no connection)             it did not happen
 *   Postgres refused the statement         it did not happen: one statement is one transaction
 *   the connection broke, or no answer     it may have happened: 504 instead of 503
 */
import { Refusal } from "./refusal.ts";

/** SQLSTATE classes in which Postgres reports the end of a connection rather than of a statement. */
const CONNECTION_ENDS = /^(08|57P)/;
const UNDEFINED_TABLE = "42P01";

function sqlState(error: unknown): string | undefined {
  const code = error instanceof Error && "code" in error ? error.code : undefined;
  return typeof code === "string" && /^[0-9A-Z]{5}$/.test(code) ? code : undefined;
}

/** Whether Postgres itself said no: nothing happened, and the connection is as good as before. */
export function isRefusedStatement(error: unknown): boolean {
  const state = sqlState(error);
  return state !== undefined && !CONNECTION_ENDS.test(state);
}

export function isTableMissing(error: unknown): boolean {
  return sqlState(error) === UNDEFINED_TABLE;
}

/** `what` the store was asked to do, and whether the question was on its way when it failed. */
export function unavailable(error: unknown, what: "read" | "write", wasSent: boolean): Refusal {
  const reason = error instanceof Error ? error.message : String(error);
  const words = `The message store cannot be used (${reason}).`;
  if (what === "read") return new Refusal(503, "store-unavailable", words);
  return wasSent && !isRefusedStatement(error)
    ? new Refusal(504, "maybe-stored", `${words} The message may have been stored.`)
    : new Refusal(503, "store-unavailable", `${words} The message was not stored.`);
}
