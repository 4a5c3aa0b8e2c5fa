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
  send(message: object): boolean;
}

export class AskLink<Ask extends object, Answer> {
  readonly #options: AskLinkOptions;
  readonly #waiting = new Map<number, Waiting<Answer>>();
  #asked = 0;

  constructor(options: AskLinkOptions) {
    this.#options = options;
  }

  ask(ask: Ask, timeoutMs = this.#options.timeoutMs): Promise<Answer> {
    const { name, clock, send } = this.#options;
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

  /** Takes a message that is an answer; false for all others. */
  take(message: Reply<Answer> | { type: string }): boolean {
    if (!isReply(message)) return false;
    const waiting = this.#waiting.get(message.ask);
    if (waiting === undefined) return true; // It came after its time.
    this.#waiting.delete(message.ask);
    waiting.timer.cancel();
    if (message.type === "answer") waiting.resolve(message.answer as Answer);
    else waiting.reject(new Refused(message.message));
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

function isReply<Answer>(message: Reply<Answer> | { type: string }): message is Reply<Answer> {
  return message.type === "answer" || message.type === "refused";
}
