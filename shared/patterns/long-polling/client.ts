/**
 * A running long-polling client: the machine joined to HTTP and to a clock. Whoever runs it brings
 * `get` (undici in the fleet, fetch in a browser tab, a queue in tests) and reads `view()`.
 * It never throws and never rejects: what goes wrong is an event of the machine, and in the view's note.
 */
import { createActor } from "xstate";
import type { Clock, Timer } from "../../clock.ts";
import { MESSAGES_PATH } from "../../contracts/long-poll.ts";
import type { RunningClient } from "../running-client.ts";
import {
  type LongPollingEffects,
  type LongPollingEvent,
  type LongPollingSettings,
  longPollingMachine,
  longPollingStanding,
  longPollingView,
} from "./client-machine.ts";
import { type ChatReader, readPollAnswer } from "./poll-answer.ts";

export interface LongPollingClientOptions {
  id: string;
  room: string;
  settings: LongPollingSettings;
  clock: Clock;
  random(): number;
  /** Starts a GET of that path and calls back once, later, unless cancelled. */
  get(path: string, timeoutMs: number, done: (reply: HttpReply) => void): Timer;
  /** Reads an answer's body; by default JSON.parse. The fleet shares equal bodies. */
  read?: ChatReader;
  onChange?(): void;
}

export type HttpReply = { status: number; body: string } | { failed: string };

function pollPath(client: string, room: string, after: number | undefined): string {
  const path = `${MESSAGES_PATH}?client=${encodeURIComponent(client)}&room=${encodeURIComponent(room)}`;
  return after === undefined ? path : `${path}&after=${after}`;
}

export function startLongPollingClient(
  options: LongPollingClientOptions,
): RunningClient<LongPollingSettings> {
  const { id, room, clock, random } = options;
  const send = (event: LongPollingEvent): void => {
    if (actor.getSnapshot().status === "active") actor.send(event);
  };
  const actor = createActor(longPollingMachine, {
    input: {
      surroundings: { id, room, now: () => clock.now(), random },
      settings: options.settings,
      effects: createEffects(options, send),
    },
  });
  if (options.onChange) actor.subscribe(options.onChange);
  actor.start();
  return {
    view: () => longPollingView(actor.getSnapshot(), clock.now()),
    standing: () => longPollingStanding(actor.getSnapshot()),
    apply: (settings) => send({ type: "settings", settings }),
    stop: () => send({ type: "stop" }),
  };
}

function createEffects(
  { id, room, clock, get, read }: LongPollingClientOptions,
  send: (event: LongPollingEvent) => void,
): LongPollingEffects {
  let request: Timer | undefined;
  let timer: Timer | undefined;
  return {
    poll(after, timeoutMs) {
      request = get(pollPath(id, room, after), timeoutMs, (reply) => {
        request = undefined;
        send(
          "failed" in reply
            ? { type: "failed", reason: reply.failed }
            : readPollAnswer(reply.status, reply.body, read),
        );
      });
    },
    cancelPoll() {
      request?.cancel();
      request = undefined;
    },
    wait(forMs) {
      timer?.cancel();
      timer = clock.after(forMs, () => send({ type: "waited" }));
    },
    cancelWait() {
      timer?.cancel();
      timer = undefined;
    },
  };
}
