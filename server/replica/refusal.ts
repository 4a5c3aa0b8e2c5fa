/**
 * A request that is refused, and why, in plain words for whoever sent it. Thrown where the reason
 * is found; turned into an answer at the rim: a status and JSON over HTTP, an error over Socket.IO.
 */
import type { ErrorBody, ErrorCode } from "../../shared/contracts/chat-message.ts";
import type { CursorAhead } from "../../shared/contracts/long-poll.ts";

export class Refusal extends Error {
  readonly status: number;
  readonly code: ErrorCode;
  /** The room's last id, where the cursor was ahead of it. */
  readonly last: number | undefined;

  constructor(status: number, code: ErrorCode, message: string, last?: number) {
    super(message);
    this.name = "Refusal";
    this.status = status;
    this.code = code;
    this.last = last;
  }

  static from(error: unknown): Refusal {
    if (error instanceof Refusal) return error;
    console.error(error);
    const words = "The replica met an error it did not expect. What was asked may have happened.";
    return new Refusal(500, "internal", words);
  }

  toBody(): ErrorBody | CursorAhead {
    const error = { code: this.code, message: this.message };
    return this.last === undefined ? { error } : { error, last: this.last };
  }
}

export const refusals = {
  badRoom: () =>
    new Refusal(400, "bad-room", "A room's name is 1 to 64 letters, digits, “_” or “-”."),
  badCursor: () =>
    new Refusal(400, "bad-cursor", "The cursor (after) must be a whole number, 0 or more."),
  cursorAhead: (after: number, last: number) =>
    new Refusal(
      409,
      "cursor-ahead",
      `The cursor ${after} is ahead of the room, whose last message is ${last}.`,
      last,
    ),
  tooManyPolls: () =>
    new Refusal(503, "too-many-polls", "This replica has as many polls waiting as it can hold."),
  draining: () =>
    new Refusal(503, "draining", "This replica is leaving and takes no new work; ask another."),
};
