/** One replica whose process and admin port are the test's: what interleaves must not go astray. */
import type { ChildProcess } from "node:child_process";
import { EventEmitter } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterEach, beforeEach, describe, expect, it } from "vitest";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import { systemClock } from "../processes/system-clock.ts";
import { Replica } from "./replica.ts";
import { until } from "./testing/until.ts";

const SETTINGS = { pollTimeoutMs: 1, pingIntervalMs: 1, pingTimeoutMs: 1, clockRate: 1 };

class FakeChild extends EventEmitter {
  readonly pid = 1_000_000_000;
  readonly connected = false;
  readonly signals: string[] = [];

  kill(signal: NodeJS.Signals): void {
    this.signals.push(signal);
    if (signal === "SIGKILL") this.end(null, signal);
  }

  end(code: number | null, signal: string | null = null): void {
    setImmediate(() => this.emit("exit", code, signal));
  }
}

let admin: Server;
let adminPort: number;
/** What the admin port does with each request: answers, or cuts the connection. */
let onAdmin: (what: string) => "answer" | "cut";
let asked: string[];

beforeEach(async () => {
  asked = [];
  onAdmin = () => "answer";
  admin = createServer((request, response) => {
    const what = `${request.method} ${request.url}`;
    asked.push(what);
    if (onAdmin(what) === "cut") request.socket.destroy();
    else response.end("{}");
  });
  await new Promise<void>((resolve) => admin.listen(0, "127.0.0.1", resolve));
  adminPort = (admin.address() as AddressInfo).port;
});
afterEach(() => {
  admin.closeAllConnections();
  admin.close();
});

function make() {
  const children: FakeChild[] = [];
  const world = { settings: SETTINGS as ReplicaSettings, marks: [] as string[] };
  const replica = new Replica("long-polling", "lp-1", {
    clock: systemClock,
    wallMs: () => 0,
    fork: () => {
      const child = new FakeChild();
      children.push(child);
      return child as unknown as ChildProcess;
    },
    settings: () => world.settings,
    autoRestart: () => false,
    steer: async () => undefined,
    mark: (text) => void world.marks.push(text),
  });
  const sayReady = () => children.at(-1)?.emit("message", { type: "ready", port: 1, adminPort });
  return { replica, children, world, sayReady };
}

async function running() {
  const made = make();
  const started = made.replica.start();
  made.sayReady();
  await started;
  return made;
}

describe("a replica", () => {
  it("CT16 one that dies while it is given settings fails nobody", async () => {
    const { replica, children, world } = await running();
    onAdmin = () => {
      children[0]?.end(null, "SIGKILL");
      return "cut";
    };
    world.settings = { ...SETTINGS };
    await replica.apply();
    expect(replica.state).toBe("failed");
  });

  it("CT16 is given its settings again where one try fails", async () => {
    const { replica, world } = await running();
    onAdmin = () => (asked.length === 1 ? "cut" : "answer");
    world.settings = { ...SETTINGS };
    await replica.apply();
    expect(asked).toEqual(["PUT /admin/settings", "PUT /admin/settings"]);
    expect(world.marks).toEqual([]);
  });

  it("CT16 settings changed while it starts are no failure of the start, whatever becomes of them", async () => {
    const { replica, world, sayReady } = make();
    onAdmin = () => "cut";
    const started = replica.start();
    world.settings = { ...SETTINGS };
    sayReady();
    await started;
    expect(replica.state).toBe("ready");
    expect(world.marks).toEqual(["lp-1 has not taken the new settings yet."]);
  });

  it("CT10 one that leaves for good is not started again by a restart that was under way", async () => {
    const { replica, children } = await running();
    const restarted = replica.restart(1_000);
    await until(
      "it drains",
      () => replica.state,
      (state) => state === "draining",
    );
    const retired = replica.retire(1_000);
    await until(
      "it is asked to",
      () => asked,
      (calls) => calls.includes("POST /admin/drain"),
    );
    children[0]?.end(0);
    await Promise.all([restarted, retired]);
    expect(children).toHaveLength(1);
    expect(replica.state).toBe("stopped");
  });

  it("CT6 nothing is started after the end", async () => {
    const { replica, children } = make();
    replica.killNow();
    await replica.start();
    expect(children).toEqual([]);
  });
});
