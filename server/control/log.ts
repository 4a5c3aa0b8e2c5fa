/**
 * Logs go to stderr as JSON lines (pino; LOG_LEVEL, default `warn`), progress as plain words for
 * the person who waits. Standard output carries one line only: `ready http://…`.
 */
import { type Logger, pino } from "pino";

export type Log = Logger;

export function createLog(level: string | undefined): Log {
  const known = level !== undefined && level in pino.levels.values;
  return pino(
    { level: known ? level : "warn", base: null },
    pino.destination({ fd: 2, sync: true }),
  );
}

/** One line of progress on stderr. */
export function say(text: string): void {
  process.stderr.write(`${text}\n`);
}
