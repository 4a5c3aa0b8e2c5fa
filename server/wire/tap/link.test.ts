import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { afterEach, expect, it } from "vitest";
import { OPEN_GATE } from "./gate.ts";
import { Link } from "./link.ts";

const servers: Server[] = [];
const sockets: Socket[] = [];
afterEach(() => {
  for (const socket of sockets.splice(0)) socket.destroy();
  for (const server of servers.splice(0)) server.close();
});

/** Both ends of one TCP connection. */
async function socketPair(): Promise<[Socket, Socket]> {
  const server = createServer();
  servers.push(server);
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" && address ? address.port : 0;
  const accepted = once(server, "connection");
  const near = connect(port, "127.0.0.1");
  const [far] = (await accepted) as [Socket];
  sockets.push(near, far);
  return [near, far];
}

it("TAP2 a link stops reading while the other side does not, and goes on when it does", async () => {
  const [sender, source] = await socketPair();
  const [target, reader] = await socketPair();
  reader.pause();
  const lengths: number[] = [];
  new Link({
    source,
    target,
    gate: OPEN_GATE,
    now: () => performance.now(),
    decoder: {
      push: (chunk) => [
        { length: chunk.length, hop: { kind: "raw", label: "", bytes: chunk.length } },
      ],
    },
    report: (hop) => lengths.push(hop.bytes),
  });
  const total = 32 * 1024 * 1024;
  sender.write(Buffer.alloc(total));
  await expect.poll(() => source.isPaused()).toBe(true);
  expect(target.writableLength).toBeLessThan(1024 * 1024);
  let received = 0;
  reader.on("data", (chunk) => {
    received += chunk.length;
  });
  reader.resume();
  await expect.poll(() => received, { timeout: 10_000 }).toBe(total);
  await expect.poll(() => lengths.reduce((sum, length) => sum + length, 0)).toBe(total);
});
