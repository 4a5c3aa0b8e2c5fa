/**
 * Questions to a child process and their answers, over the fork channel: each asks once, by
 * number, and is answered once, or refused, or given up after a time.
 */
import type { Clock, Timer } from "../../shared/clock.ts";

/** What children answer with; both the wire's and the fleet's contract have this form. */
type Reply<Answer> =
  | { type: "answer"; ask: number; answer: Answer }
  | { type: "refused"; ask: number; message: string };

interface Waiting<Answer> {
  resolve(answer: Answer): void;
  reject(error: Error): void;
  timer: Timer;
}

/** The child said no, in plain words. */
export class Refused extends Error {
  override readonly name = "Refused";
}

/** The child is not there, went, or did not answer in time. */
export class Unanswered extends Error {
  override readonly name = "Unanswered";
}

export interface AskLinkOptions {
  name: string;
  clock: Clock;
  timeoutMs: number;
  send(ask: object): boolean;
}

export class AskLink<Ask extends object, Answer> {
  readonly #options: AskLinkOptions;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #asked = 0;

  constructor(options: AskLinkOptions) {
    this.#options = options;
  }

  /** `clock`: what the time is measured by, where not by everyone's. */
  ask(ask: Ask, timeoutMs = this.#options.timeoutMs, clock = this.#options.clock): Promise<Answer> {
    const { name, send } = this.#options;
    const number = ++this.#asked;
    return new Promise((resolve, reject) => {
      const timer = clock.after(timeoutMs, () => {
        this.#waiting.delete(number);
        reject(new Unanswered(`The ${name} did not answer within ${timeoutMs / 1_000} s.`));
      });
      this.#waiting.set(number, { resolve, reject, timer });
      if (!send({ ...ask, ask: number })) this.giveUp(`The ${name} is not running.`);
    });
  }

  /** Takes what was said if it is an answer; false for all others. */
  take(said: Reply<Answer> | { type: string }): boolean {
    if (!isReply(said)) return false;
    const waiting = this.#waiting.get(said.ask);
    if (waiting === undefined) return true; // It came after its time.
    this.#waiting.delete(said.ask);
    waiting.timer.cancel();
    if (said.type === "answer") waiting.resolve(said.answer as Answer);
    else waiting.reject(new Refused(said.message));
    return true;
  }

  /** Nobody will answer any more. */
  giveUp(reason: string): void {
    for (const { reject, timer } of this.#waiting.values()) {
      timer.cancel();
      reject(new Unanswered(reason));
    }
    this.#waiting.clear();
  }
}

function isReply<Answer>(said: Reply<Answer> | { type: string }): said is Reply<Answer> {
  return said.type === "answer" || said.type === "refused";
}
