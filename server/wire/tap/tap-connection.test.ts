import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { OPEN_GATE } from "./gate.ts";
import { TapConnection } from "./tap-connection.ts";

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

async function listen(): Promise<{ server: Server; port: number }> {
  const server = createServer().listen(0, "127.0.0.1");
  closing.push(() => server.close());
  await once(server, "listening");
  const address = server.address();
  return { server, port: typeof address === "object" && address ? address.port : 0 };
}

/** Both ends of a new connection to `port`: the one that connects, the one that is accepted. */
async function dial({ server, port }: { server: Server; port: number }): Promise<[Socket, Socket]> {
  const accepted = once(server, "connection");
  const near = connect(port, "127.0.0.1");
  const [far] = (await accepted) as [Socket];
  closing.push(() => near.destroy().unref() && far.destroy());
  return [near, far];
}

it("TAP3 a reset is passed on also when little waits for a side that read slowly", async () => {
  const [replica, replicaSide] = await dial(await listen());
  replica.on("error", () => undefined).pause(); // the reset is what this is about
  const broker = await listen();
  const accepted = once(broker.server, "connection");
  const nothing = { push: () => [] };
  const connection = new TapConnection({
    replica: replicaSide,
    target: { host: "127.0.0.1", port: broker.port },
    decoder: { requests: nothing, replies: nothing },
    gate: OPEN_GATE,
    names: { replica: "replica:lp-1", target: "broker" },
    now: () => performance.now(),
    report: () => undefined,
    onClose: () => undefined,
    onUndecodable: () => undefined,
  });
  closing.push(() => connection.destroy());
  const [target] = (await accepted) as [Socket];
  // Small pieces fill the system's buffers, until one of them has to wait in ours.
  for (let sent = 0; replicaSide.writableLength === 0; ) {
    target.write(Buffer.alloc(4_096));
    sent += 4_096;
    while (replicaSide.bytesWritten < sent) await nextTurn();
  }
  expect(replicaSide.writableNeedDrain).toBe(false);
  target.resetAndDestroy();
  const closed = once(replica, "close");
  replica.resume();
  await closed;
});
