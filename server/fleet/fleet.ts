/**
 * The fleet: the virtual clients of both patterns, their load, and what the followed ones say of
 * themselves. It is told the whole desired fleet and makes it so. It knows no process and no channel.
 */
import { ProtocolClock } from "../../shared/clock.ts";
import type { ClientView } from "../../shared/contracts/client-view.ts";
import { PATTERNS, type Pattern } from "../../shared/contracts/ids.ts";
import type { FleetFigures } from "../../shared/contracts/metrics.ts";
import { systemClock } from "../processes/system-clock.ts";
import type { FleetConfig, SendRequest, SendResult } from "./contract.ts";
import { createLoadGenerator } from "./load-generator.ts";
import { createSender } from "./sender.ts";
import { createSharedAnswers } from "./shared-answers.ts";
import { createSquad } from "./squad.ts";

/** Views leave at most four times a second, and only after a change. */
const VIEWS_EVERY_MS = 250;
/** Thousands start for minutes; whoever ordered them, or has newer orders, is not kept for so long. */
const ANSWER_WITHIN_MS = 5_000;

export interface Fleet {
  /** Settles when every start that it needs has been begun, or goes on by itself after five seconds. */
  configure(config: FleetConfig): Promise<void>;
  send(what: SendRequest): Promise<SendResult>;
  figures(): Record<Pattern, FleetFigures>;
  /** The counts of the load begin at nothing. */
  reset(): void;
  stop(): void;
}

export function createFleet(
  report: (views: ClientView[]) => void,
  answerWithinMs = ANSWER_WITHIN_MS,
): Fleet {
  const answers = createSharedAnswers();
  /** Of clients, senders and load: stands still while traffic is held. */
  const protocolClock = new ProtocolClock(systemClock);
  const sender = createSender(protocolClock);
  let config: FleetConfig | undefined;
  let reporting = false;
  let clockRate = 1;

  function changed(): void {
    if (reporting) return;
    reporting = true;
    systemClock.after(VIEWS_EVERY_MS, () => {
      reporting = false;
      if (config) report(PATTERNS.flatMap((pattern) => squads[pattern].views()));
    });
  }

  const squads = {
    "long-polling": squadOf("long-polling"),
    "web-sockets": squadOf("web-sockets"),
  };

  function squadOf(pattern: Pattern) {
    return createSquad(pattern, { answers, clock: protocolClock, onChange: changed });
  }

  const loads = { "long-polling": loadOf("long-polling"), "web-sockets": loadOf("web-sockets") };

  function loadOf(pattern: Pattern) {
    return createLoadGenerator(protocolClock, Math.random, (count) => {
      const client = squads[pattern].idOf(Math.floor(Math.random() * 1_000_000));
      const what = { pattern, text: `load ${count}`, ...(client && { client }) };
      return send(what).then(({ ok }) => ok);
    });
  }

  function figuresOf(pattern: Pattern): FleetFigures {
    return { ...squads[pattern].figures(), load: loads[pattern].figures() };
  }

  async function send(what: SendRequest): Promise<SendResult> {
    if (config === undefined) {
      return {
        ok: false,
        status: 503,
        code: "not-ready",
        message: "The fleet knows no balancer yet. The message was not sent.",
      };
    }
    const client = what.client ?? squads[what.pattern].idOf(0) ?? "visitor";
    return sender.send(config.urls[what.pattern], client, what);
  }

  return {
    async configure(next) {
      config = next;
      if (next.clockRate !== clockRate) {
        clockRate = next.clockRate;
        protocolClock.setRate(clockRate);
        changed();
      }
      const orders = PATTERNS.map((pattern) => {
        loads[pattern].setRate(next.load[pattern]);
        return squads[pattern].order({
          url: next.urls[pattern],
          count: next.counts[pattern],
          settings: next.settings,
          generation: next.generation,
          followed: next.followed,
        });
      });
      await soon(Promise.all(orders), answerWithinMs);
    },
    send,
    figures: () => ({
      "long-polling": figuresOf("long-polling"),
      "web-sockets": figuresOf("web-sockets"),
    }),
    reset() {
      for (const pattern of PATTERNS) loads[pattern].reset();
    },
    stop() {
      config = undefined;
      for (const pattern of PATTERNS) {
        loads[pattern].setRate(0);
        squads[pattern].stop();
      }
      sender.close();
    },
  };
}

/** When `work` is done, but not later than `withinMs`. */
function soon(work: Promise<unknown>, withinMs: number): Promise<void> {
  return new Promise((resolve, reject) => {
    const timer = systemClock.after(withinMs, resolve);
    work.then(() => resolve(), reject).finally(() => timer.cancel());
  });
}
