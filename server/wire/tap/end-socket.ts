/** How a connection ends whose link is cut: at once, with a reset or in good order. */
import type { Socket } from "node:net";
import type { CutEnding } from "../../../shared/faults/cut.ts";

export function endSocket(socket: Socket, how: CutEnding): void {
  // One that is still connecting has nobody to send a reset to.
  if (how === "reset" && !socket.connecting) socket.resetAndDestroy();
  else socket.destroy();
}
