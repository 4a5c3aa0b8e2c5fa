/**
 * The store link, decoded: statements and results in short form. The statement and result halves
 * share one session, because a result can only be read knowing what was asked.
 */
import type { Side } from "../../../../shared/contracts/ids.ts";
import type { ConnectionDecoder } from "../unit.ts";
import { PostgresResults } from "./postgres-results.ts";
import { PostgresSession } from "./postgres-session.ts";
import { PostgresStatements } from "./postgres-statements.ts";

export function createPostgresDecoder(options: { pattern: Side }): ConnectionDecoder {
  const session = new PostgresSession(options.pattern);
  return { requests: new PostgresStatements(session), replies: new PostgresResults(session) };
}
