import { once } from "node:events";
import { connect, createServer, type Server, type Socket } from "node:net";
import { setImmediate as nextTurn } from "node:timers/promises";
import { afterEach, expect, it } from "vitest";
import { createByteBudget } from "../tap/byte-budget.ts";
import { BytesMemo } from "../tap/decoders/bytes-memo.ts";
import { EngineIoDecoder } from "../tap/decoders/engine-io-decoder.ts";
import { ResponseDecoder } from "../tap/decoders/http-decoder.ts";
import { readTarget } from "../tap/decoders/http-target.ts";
import { OPEN_GATE } from "../tap/gate.ts";
import { Scribe } from "../testing/scribe.ts";
import { Access } from "./access.ts";
import type { BalancerContext } from "./balancer-context.ts";
import { OUR_HEADS } from "./http-head.ts";

import { listen, portOf } from "./testing/start-balancer.ts";
import { Tunnel } from "./tunnel.ts";
import { UpstreamPool } from "./upstream-pool.ts";
import { Place, Upstreams } from "./upstreams.ts";

const closing: (() => unknown)[] = [];
afterEach(() => {
  for (const close of closing.splice(0).reverse()) close();
});

/** Both ends of a new connection: the one that connects, the one that is accepted. */
async function dial(server: Server): Promise<[Socket, Socket]> {
  const accepted = once(server, "connection");
  const near = connect(portOf(server), "127.0.0.1");
  const [far] = (await accepted) as [Socket];
  closing.push(() => near.destroy() && far.destroy());
  return [near, far];
}

function context(): BalancerContext {
  const making = {
    gate: OPEN_GATE,
    heads: new BytesMemo<never>(),
    headLimits: OUR_HEADS,
    now: () => performance.now(),
  };
  const config = { host: "127.0.0.1", port: 0, balancing: "round-robin" } as const;
  return {
    pattern: "web-sockets",
    name: "balancer:web-sockets",
    recorder: new Scribe(),
    protocolNow: () => 0,
    refusesUpgrades: false,
    upstreams: new Upstreams(
      { ...config, pattern: "web-sockets", sticky: true, upstreams: [] },
      making,
    ),
    access: new Access([], []),
    stranger: undefined,
    gate: OPEN_GATE,
    budget: createByteBudget(),
    responses: new ResponseDecoder("web-sockets"),
    engineIo: new EngineIoDecoder("web-sockets"),
    traceparents: () => "",
    nextConn: () => "",
  };
}

it("LB17 a replica's reset reaches a client for which only little waits", async () => {
  const server = await listen(createServer({ allowHalfOpen: true }));
  closing.push(() => server.close());
  const [client, clientSide] = await dial(server);
  client.on("error", () => undefined).pause(); // The reset is what this is about.
  const [upstream, replica] = await dial(server);
  const place = new Place(
    { replica: "ws-1", state: "ready", host: "127.0.0.1", port: 0 },
    new UpstreamPool({
      host: "127.0.0.1",
      port: 0,
      ends: { from: "balancer:web-sockets", to: "replica:ws-1" },
      gate: OPEN_GATE,
      heads: new BytesMemo(),
      headLimits: OUR_HEADS,
      now: () => 0,
    }),
  );
  new Tunnel(context(), clientSide, "client:ws-client-1", {
    upstream,
    rest: Buffer.alloc(0),
    place,
    conn: "",
    openSeq: 1,
    target: readTarget("/"),
  });
  // Small pieces fill the system's buffers, until one of them has to wait in ours.
  for (let sent = 0; clientSide.writableLength === 0; ) {
    replica.write(Buffer.alloc(4_096, "x"));
    sent += 4_096;
    while (clientSide.bytesWritten < sent) await nextTurn();
  }
  expect(clientSide.writableNeedDrain).toBe(false);
  replica.resetAndDestroy();
  const closed = once(client, "close");
  client.resume();
  await closed;
  await expect.poll(() => place.held).toBe(0);
});
