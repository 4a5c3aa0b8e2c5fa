import type { AddressInfo } from "node:net";
import { createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { clearMessageStore } from "./store-admin.ts";

let server: Server;
afterEach(() => {
  server.close();
});

/** A store that lets everybody in, and then does what the test says with the first statement. */
function open(onStatement: (socket: Socket) => void): Promise<string> {
  const ready = Buffer.from("5200000008000000005a0000000549", "hex"); // AuthenticationOk, ReadyForQuery
  server = createServer((socket) => {
    socket.on("error", () => undefined);
    socket.once("data", () => {
      socket.write(ready);
      socket.once("data", () => onStatement(socket));
    });
  });
  return new Promise((resolve) => {
    server.listen(0, "127.0.0.1", () => {
      const { port } = server.address() as AddressInfo;
      resolve(`postgres://a:b@127.0.0.1:${port}/c`);
    });
  });
}

// An "error" event that nobody hears would end the whole playground; here it fails the run.
it("CT23 a store that dies while it is cleared fails the call, and nothing else", async () => {
  const url = await open((socket) => socket.resetAndDestroy());
  await expect(clearMessageStore(url)).rejects.toThrow();
  await new Promise((resolve) => setImmediate(resolve));
});
