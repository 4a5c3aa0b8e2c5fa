import { createServer, type Server } from "node:net";
import { afterEach, describe, expect, it } from "vitest";
import type { TraceEvent } from "../../../shared/trace/event.ts";
import { findFreePort } from "../../processes/free-ports.ts";
import { systemClock } from "../../processes/system-clock.ts";
import { WatchedTarget } from "./watched-target.ts";

let server: Server | undefined;
let target: WatchedTarget | undefined;
afterEach(() => {
  target?.stop();
  server?.close();
});

function listen(port: number, onConnection: () => void = () => undefined): Promise<void> {
  server = createServer((socket) => {
    onConnection();
    socket.destroy();
  });
  return new Promise((resolve) => void server?.listen(port, "127.0.0.1", resolve));
}

function watch(port: number): { marks: string[] } {
  const marks: string[] = [];
  target = new WatchedTarget({
    wish: { server: { host: "127.0.0.1", port }, broker: { host: "::1", port: 6379 } },
    clock: systemClock,
    host: "127.0.0.1",
    controlPort: 4000,
    mark: (text) => marks.push(text),
  });
  target.start();
  return { marks };
}

const state = () => target?.view(0).replicas[0]?.state;
const refused: TraceEvent = {
  seq: 1,
  at: 0,
  doneAt: 0,
  kind: "http.response",
  from: "balancer:target",
  to: "client:127.0.0.1:5000",
  label: "503 no replica",
  bytes: 100,
  pattern: "target",
  info: { status: 503, reason: "nothing there" },
};

describe("a watched target", () => {
  it("TG1 TG2 says where clients, and its Redis, are to be pointed", () => {
    watch(3000);
    expect(target?.view(2)).toMatchObject({
      url: "http://127.0.0.1:4003",
      server: "http://127.0.0.1:3000",
      replicas: [{ id: "target", held: 2 }],
      broker: { tap: "127.0.0.1:4004", address: "[::1]:6379" },
    });
    expect(target?.instructions({ host: "::1", port: 6379 })).toEqual([
      "Watching http://127.0.0.1:3000: use it at http://127.0.0.1:4003.",
      "Point your server's Redis at 127.0.0.1:4004.",
      "The playground's replicas use that Redis too: each hears what the other says.",
    ]);
  });

  it("TG5 is found when it comes, and missed when its balancer says so", async () => {
    const port = await findFreePort("127.0.0.1", Math.random);
    const { marks } = watch(port);
    await expect.poll(state, { timeout: 5_000 }).toBe("failed");
    await listen(port);
    await expect.poll(state, { timeout: 5_000 }).toBe("ready");
    await new Promise((resolve) => server?.close(resolve));
    target?.heard([refused]);
    await expect.poll(state, { timeout: 5_000 }).toBe("failed");
    expect(marks).toEqual([
      `Nothing answers at 127.0.0.1:${port} (ECONNREFUSED). Start your server.`,
      `Your server answers at 127.0.0.1:${port}.`,
      `Nothing answers at 127.0.0.1:${port} (ECONNREFUSED). Start your server.`,
    ]);
  });

  it("TG4 TG5 one that is up is not asked again", async () => {
    const port = await findFreePort("127.0.0.1", Math.random);
    let asked = 0;
    await listen(port, () => asked++);
    watch(port);
    await expect.poll(state, { timeout: 5_000 }).toBe("ready");
    target?.heard([{ ...refused, from: "replica:target", label: "200", info: { status: 200 } }]);
    expect(asked).toBe(1);
  });
});
