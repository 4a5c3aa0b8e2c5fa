/** What a fold holds, for one half: `7 idle polls in 1 min 10 s`. */
import type { Side } from "../../../shared/contracts/ids.ts";
import type { FoldRow } from "../../../shared/trace/rows.ts";
import { counted } from "../../ui/numbers.ts";
import { quietWords } from "./quiet-words.ts";

export function foldWords(row: FoldRow, side: Side): string {
  const parts: string[] = [];
  const idle = side === "web-sockets" ? 0 : row.idlePolls;
  const beats = row.heartbeats[side];
  if (idle > 0) parts.push(counted(idle, "idle poll"));
  if (beats > 0) parts.push(counted(beats, "heartbeat"));
  const what = parts.length === 0 ? "quiet" : parts.join(", ");
  return row.spanMs < 1_000 ? what : `${what} in ${quietWords(row.spanMs)}`;
}
