/** Reads a poll's query: which room, and up to where its sender has everything. */
import { DEFAULT_ROOM, isRoom } from "../../shared/contracts/ids.ts";
import { parseCursor } from "../../shared/contracts/long-poll.ts";
import { refusals } from "./refusal.ts";

export function readPoll(url: string): { room: string; after: number | undefined } {
  const query = new URLSearchParams(url.slice(url.indexOf("?") + 1 || url.length));
  const rooms = query.getAll("room");
  const cursors = query.getAll("after");
  const room = rooms[0] ?? DEFAULT_ROOM;
  if (rooms.length > 1 || !isRoom(room)) throw refusals.badRoom();
  const after = parseCursor(cursors[0]);
  if (cursors.length > 1 || after === "bad") throw refusals.badCursor();
  return { room, after };
}
