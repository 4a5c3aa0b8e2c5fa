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

function adviceFor({ status, code }: ApiFailure): string {
  if (code === "timeout") return "It may still happen. Wait a moment, then look before you retry.";
  if (status === 0) return "Check that “npm start” still runs; the page reconnects by itself.";
  if (status === 401 || status === 403) {
    return "Open the page with the address that “npm start” printed.";
  }
  if (status === 404) return "It may be gone already; the page shows what there is now.";
  if (status === 429) return "Wait a few seconds, then try again.";
  if (status === 501) return "A later version will do this.";
  if (status >= 500) return "Look at the strip of processes above, then try again.";
  return "Nothing was changed.";
}
