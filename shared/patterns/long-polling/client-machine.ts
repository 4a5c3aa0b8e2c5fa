/**
 * The long-polling client as a machine: polling → (pausing →) polling …, backing-off after failures.
 * The fleet, a browser tab and the simulation run this same machine; what it wants done leaves it
 * through `effects`, what happened comes back as events (`client.ts` joins the two). It knows no
 * HTTP and holds no timers. Its reducers are plain functions; XState only says when they apply.
 *
 *   polling ──answered──► pausing (poll gap) ──waited──► polling
 *      └──────failed────► backing-off ────────waited──► polling        any ──stop──► stopped
 */
import { assign, type SnapshotFrom, setup } from "xstate";
import type { ChatMessage } from "../../contracts/chat-message.ts";
import type { ClientView } from "../../contracts/client-view.ts";
import type { Settings } from "../../contracts/settings.ts";
import { backOffMs } from "../back-off.ts";
import {
  blankMemory,
  type ClientMemory,
  type ClientSurroundings,
  viewOf,
  withNewest,
} from "../client-memory.ts";
import type { Standing } from "../running-client.ts";

export type LongPollingSettings = Pick<Settings, "pollGapMs" | "pollCursor" | "pollTimeoutMs">;

/** How much longer than the poll timeout a client waits for its answer. */
const ANSWER_MARGIN_MS = 10_000;

export interface LongPollingEffects {
  /** Asks for what came after; answers of an earlier poll must not come any more. */
  poll(after: number | undefined, timeoutMs: number): void;
  cancelPoll(): void;
  /** Sends `waited` once, instead of any earlier wait. */
  wait(forMs: number): void;
  cancelWait(): void;
}

export type LongPollingEvent =
  | { type: "answered"; messages: readonly ChatMessage[] }
  /** The cursor is beyond the room's last id, which is `last`. */
  | { type: "ahead"; last: number }
  | { type: "failed"; reason: string }
  | { type: "waited" }
  | { type: "settings"; settings: LongPollingSettings }
  | { type: "stop" };

export interface LongPollingContext extends ClientMemory {
  readonly effects: LongPollingEffects;
  settings: LongPollingSettings;
  /** It has everything up to here; undefined before the first answer. */
  cursor: number | undefined;
}

export interface LongPollingInput {
  surroundings: ClientSurroundings;
  settings: LongPollingSettings;
  effects: LongPollingEffects;
}

type Patch = Partial<LongPollingContext>;

function answered(context: LongPollingContext, messages: readonly ChatMessage[]): Patch {
  const last = messages.at(-1);
  const calm = { failures: 0, note: undefined };
  if (last === undefined) {
    return { ...calm, cursor: context.cursor ?? 0, idleAnswers: context.idleAnswers + 1 };
  }
  return {
    ...calm,
    cursor: Math.max(context.cursor ?? 0, last.id),
    newest: withNewest(context.newest, messages),
    updates: context.updates + 1,
  };
}

/** The room was emptied, or the cursor was another room's: start from where the room is. */
function ahead(last: number): Patch {
  return {
    cursor: last,
    newest: [],
    note: `the server's newest message is ${last}; starting again from there`,
  };
}

function startPoll({ surroundings, requests, settings }: LongPollingContext): Patch {
  return {
    sinceMs: surroundings.now(),
    waitsMs: settings.pollTimeoutMs,
    requests: requests + 1,
  };
}

function startBackOff({ surroundings, failures }: LongPollingContext, reason: string): Patch {
  const waitsMs = backOffMs(failures + 1, surroundings.random());
  return {
    sinceMs: surroundings.now(),
    waitsMs,
    failures: failures + 1,
    note: `${reason}; trying again in ${(waitsMs / 1_000).toFixed(1)} s`,
  };
}

function sendPoll({ effects, settings, cursor }: LongPollingContext): void {
  const after = settings.pollCursor ? cursor : undefined;
  effects.poll(after, settings.pollTimeoutMs + ANSWER_MARGIN_MS);
}

export const longPollingMachine = setup({
  types: {
    context: {} as LongPollingContext,
    events: {} as LongPollingEvent,
    input: {} as LongPollingInput,
  },
  guards: {
    hasGap: ({ context }) => context.settings.pollGapMs > 0,
    /** Saying the same again would only be refused again. */
    isNew: ({ context, event }) => event.type === "ahead" && event.last !== context.cursor,
  },
}).createMachine({
  id: "long-polling client",
  context: ({ input }) => ({
    ...blankMemory(input.surroundings),
    effects: input.effects,
    settings: input.settings,
    cursor: undefined,
  }),
  initial: "polling",
  on: {
    settings: { actions: assign(({ event }) => ({ settings: event.settings })) },
    stop: { target: ".stopped" },
  },
  states: {
    polling: {
      entry: [assign(({ context }) => startPoll(context)), ({ context }) => sendPoll(context)],
      exit: ({ context }) => context.effects.cancelPoll(),
      on: {
        answered: [
          {
            guard: "hasGap",
            target: "pausing",
            actions: assign(({ context, event }) => answered(context, event.messages)),
          },
          {
            target: "polling",
            reenter: true,
            actions: assign(({ context, event }) => answered(context, event.messages)),
          },
        ],
        ahead: [
          {
            guard: "isNew",
            target: "polling",
            reenter: true,
            actions: assign(({ event }) => ahead(event.last)),
          },
          {
            target: "backing-off",
            actions: assign(({ context }) =>
              startBackOff(context, "the server refuses the cursor"),
            ),
          },
        ],
        failed: {
          target: "backing-off",
          actions: assign(({ context, event }) => startBackOff(context, event.reason)),
        },
      },
    },
    pausing: {
      entry: [
        assign(({ context }) => ({
          sinceMs: context.surroundings.now(),
          waitsMs: context.settings.pollGapMs,
        })),
        ({ context }) => context.effects.wait(context.settings.pollGapMs),
      ],
      exit: ({ context }) => context.effects.cancelWait(),
      on: {
        waited: { target: "polling" },
        settings: {
          actions: [
            assign(({ event }) => ({
              settings: event.settings,
              waitsMs: event.settings.pollGapMs,
            })),
            ({ context }) => {
              const dueMs = context.sinceMs + context.settings.pollGapMs;
              context.effects.wait(Math.max(0, dueMs - context.surroundings.now()));
            },
          ],
        },
      },
    },
    "backing-off": {
      entry: ({ context }) => context.effects.wait(context.waitsMs ?? 0),
      exit: ({ context }) => context.effects.cancelWait(),
      on: { waited: { target: "polling" } },
    },
    stopped: { type: "final" },
  },
});

export function longPollingView(
  snapshot: SnapshotFrom<typeof longPollingMachine>,
  nowMs: number,
): ClientView {
  return viewOf("long-polling", String(snapshot.value), snapshot.context, nowMs);
}

/** A parked poll says nothing: who has been answered, with no failure since, is connected. */
export function longPollingStanding({
  context,
}: SnapshotFrom<typeof longPollingMachine>): Standing {
  if (context.failures > 0) return "away";
  return context.cursor === undefined ? "starting" : "connected";
}
