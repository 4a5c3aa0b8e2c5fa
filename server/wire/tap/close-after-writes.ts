/** How a link's end passes a reset on: behind what it has taken for that side, which may read slowly. */
import type { Socket } from "node:net";

/** Resets, once what was taken for this side has been handed on. */
export function closeAfterWrites(socket: Socket): void {
  if (socket.destroyed) return;
  if (socket.connecting) socket.destroy();
  else if (socket.writableLength === 0) socket.resetAndDestroy();
  else if (socket.writableEnded) socket.once("finish", () => socket.resetAndDestroy());
  // No "drain": below the high-water mark there is none.
  else socket.write("", () => socket.resetAndDestroy());
}
