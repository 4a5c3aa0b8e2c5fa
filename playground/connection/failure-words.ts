/** Turns a failed call into words for a person: what happened, and what to do now. */
import { ApiFailure } from "./api.ts";

export interface FailureWords {
  text: string;
  advice: string;
}

export function failureWords(what: string, error: unknown): FailureWords {
  if (!(error instanceof ApiFailure)) {
    return { text: what, advice: "Something in this page went wrong; reload it." };
  }
  return { text: `${what} ${error.message}`, advice: adviceFor(error) };
}

/** Nobody can tell whether it was done: the answer was lost, or whoever was to give it. */
export function mayBeDone(error: unknown): boolean {
  return error instanceof ApiFailure && MAY_BE_DONE.includes(error.status);
}

const MAY_BE_DONE = [0, 500, 502, 504];

function adviceFor({ status, code }: ApiFailure): string {
  if (code === "timeout") return "It may still happen. Wait a moment, then look before you retry.";
  if (status === 0) return "Check that “npm start” still runs; the page reconnects by itself.";
  if (status === 401 || status === 403) {
    return "Open the page with the address that “npm start” printed.";
  }
  if (status === 404) return "It may be gone already; the page shows what there is now.";
  if (status === 429) return "Wait a few seconds, then try again.";
  if (status === 501) return "A later version will do this.";
  if (status === 502 || status === 504) return "Look whether it is there before you try again.";
  if (status >= 500) return "Look at the strip of processes above, then try again.";
  return "Nothing was changed.";
}
