import { type ChildProcess, fork } from "node:child_process";
import { once } from "node:events";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, it } from "vitest";
import type { FromFleet, ToFleet } from "./contract.ts";
import { startPollServer } from "./testing/poll-server.ts";
import { until } from "./testing/until.ts";

const MAIN = fileURLToPath(new URL("main.ts", import.meta.url));
let child: ChildProcess | undefined;

afterEach(() => {
  child?.kill("SIGKILL");
  child = undefined;
});

function startFleet() {
  const heard: FromFleet[] = [];
  const started = fork(MAIN, [], { execArgv: ["--import", "tsx"] });
  child = started;
  started.on("message", (said: FromFleet) => heard.push(said));
  const tell = (asked: ToFleet) => started.send(asked);
  return { child: started, heard, tell };
}

describe("fleet process", () => {
  it("FL24 says that it started, answers what it is asked, and ends with its parent", async () => {
    const server = await startPollServer();
    const { child, heard, tell } = startFleet();
    await until("it started", () => heard.some(({ type }) => type === "started"));
    tell({
      type: "configure",
      ask: 1,
      config: {
        urls: { "long-polling": server.url, "web-sockets": server.url },
        counts: { "long-polling": 1, "web-sockets": 0 },
        load: { "long-polling": 0, "web-sockets": 0 },
        settings: {
          pollGapMs: 0,
          pollCursor: true,
          pollTimeoutMs: 25_000,
          transports: ["websocket"],
          catchUp: true,
        },
        followed: 1,
        generation: 0,
        clockRate: 1,
      },
    });
    tell({ type: "send", ask: 2, send: { pattern: "long-polling", text: "hi" } });
    await until("both are answered", () => heard.filter((s) => s.type === "answer").length === 2);
    expect(heard).toContainEqual({ type: "answer", ask: 1, answer: { type: "configured" } });
    await until("it polls", () => server.parked.length === 1);
    await until("it reports", () => heard.some(({ type }) => type === "views"));

    child.kill("SIGINT");
    tell({ type: "send", ask: 3, send: { pattern: "long-polling", text: "still here" } });
    await until("SIGINT was ignored", () => server.posts.length === 2);

    const ended = once(child, "exit");
    child.disconnect();
    expect(await ended).toEqual([0, null]);
    await until("its poll is gone", () => server.parked.length === 0);
    await server.stop();
  });
});
