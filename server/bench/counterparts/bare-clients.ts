/** `socket.io-client` alone, as many as asked for in one process: what a virtual client is measured against. */
import { io } from "socket.io-client";

const { URL: url = "", CLIENTS = "0" } = process.env;

let connected = 0;
for (let count = 0; count < Number(CLIENTS); count++) {
  const socket = io(url, { transports: ["websocket"], forceNew: true, query: { room: "lobby" } });
  socket.on("message", () => undefined);
  socket.on("connect", () => {
    connected += 1;
    if (connected === Number(CLIENTS)) process.send?.({ type: "connected" });
  });
}
process.on("disconnect", () => process.exit(0));
process.send?.({ type: "started" });
