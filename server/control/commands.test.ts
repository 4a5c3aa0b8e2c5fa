/** What people ask for at the same time: the later wish wins, whatever is going on. */
import { expect, it } from "vitest";
import type { Fleet } from "../../shared/contracts/control.ts";
import type { SendResult } from "../fleet/contract.ts";
import { Unanswered } from "./ask-link.ts";
import { Commands } from "./commands.ts";
import type { ControlPlane } from "./control-plane.ts";
import { SettingsInForce } from "./settings.ts";

function make() {
  const marks: string[] = [];
  const clients: Fleet = { "long-polling": 0, "web-sockets": 0 };
  const gates: (() => void)[] = [];
  /** Goes on when the test lets it. */
  const gate = () => new Promise<void>((resolve) => void gates.push(resolve));
  const plane = {
    clients,
    load: { "long-polling": 0, "web-sockets": 0 },
    settings: new SettingsInForce(),
    isWelcomed: false,
    replicas: {
      of: () => [{}, {}],
      scale: async () => undefined,
      applySettings: gate,
      renew: gate,
    },
    fleet: {
      steer: async () => undefined,
      state: { state: "up", note: "running" },
      send: async (): Promise<SendResult> => stored,
    },
    costs: { limits: {} },
    steerWire: async () => undefined,
    faults: { settle: async () => undefined },
    mark: (text: string) => void marks.push(text),
    changed: () => undefined,
  };
  const commands = new Commands(plane as unknown as ControlPlane, async () => undefined);
  const settle = () => new Promise<void>((resolve) => setImmediate(resolve));
  const letOn = async () => {
    await settle();
    gates.shift()?.();
  };
  return { commands, plane, clients, marks, letOn, settle };
}

const stored: SendResult = {
  ok: true,
  status: 201,
  message: { id: 1, text: "hi", time: "2026-01-01T00:00:00Z", server: "lp-1", room: "lobby" },
};

it("CT22 clients that somebody wants while a page is welcomed stay as wanted", async () => {
  const { commands, clients, letOn } = make();
  const welcomed = commands.welcome();
  const wanted = commands.setFleet({ "long-polling": 50 });
  await letOn();
  await Promise.all([welcomed, wanted]);
  expect(clients).toEqual({ "long-polling": 50, "web-sockets": 3 });
});

it("CT23 clients that somebody wants while messages are cleared come after it", async () => {
  const { commands, clients, letOn, settle } = make();
  await commands.setFleet({ "long-polling": 2, "web-sockets": 1 });
  const cleared = commands.clearMessages();
  const wanted = commands.setFleet({ "web-sockets": 5 });
  await settle();
  expect(clients).toEqual({ "long-polling": 0, "web-sockets": 0 });
  await letOn();
  await Promise.all([cleared, wanted]);
  expect(clients).toEqual({ "long-polling": 2, "web-sockets": 5 });
});

it("CT37 what the replica, the balancer or the fleet said of a message is passed on", async () => {
  const { commands, plane } = make();
  const message = { pattern: "long-polling", text: "hi" } as const;
  expect(await commands.send(message)).toEqual({ status: 201, message: stored.message });
  const words = "The message may have been stored.";
  const refusal = { status: 504, code: "maybe-stored", message: words };
  plane.fleet.send = async () => ({ ok: false, ...refusal });
  await expect(commands.send(message)).rejects.toMatchObject(refusal);
});

it("CT37 a message is not sent while the fleet is down, and may be stored when it went with it", async () => {
  const { commands, plane } = make();
  const message = { pattern: "long-polling", text: "hi" } as const;
  plane.fleet.send = () => Promise.reject(new Unanswered("The fleet was ended by SIGKILL."));
  await expect(commands.send(message)).rejects.toMatchObject({
    status: 502,
    message: expect.stringContaining("may have been stored"),
  });
  plane.fleet.state = { state: "down", note: "The fleet was ended by SIGKILL." };
  await expect(commands.send(message)).rejects.toMatchObject({
    status: 503,
    message: "The fleet was ended by SIGKILL. The message was not sent.",
  });
});

it("CT31 counts are told as a person would", async () => {
  const { commands, marks } = make();
  await commands.setLoad("long-polling", 1);
  await commands.setLoad("long-polling", 0.5);
  await commands.setLoad("web-sockets", 0);
  await commands.setFleet({ "web-sockets": 1 });
  await commands.scale("long-polling", 1);
  expect(marks).toEqual([
    "Long polling: 1 message a second.",
    "Long polling: 0.5 messages a second.",
    "WebSockets: no load.",
    "WebSockets: 0 → 1 client.",
    "Long polling: 2 → 1 replica.",
  ]);
});
