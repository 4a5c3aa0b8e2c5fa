/**
 * What a client is told when its replica went away: above all, whether the request may have taken
 * effect. A replica that had the bytes of a POST may have stored the message before it died.
 */
import type { OwnAnswer } from "./own-answer.ts";

export function replicaGone(replica: string, reason: string, isSafe: boolean): OwnAnswer {
  const consequence = isSafe
    ? "Nothing was changed: ask again."
    : "It may have happened or not: look before you send it again.";
  return {
    status: 502,
    code: "replica-gone",
    message: `Replica ${replica} did not answer (${reason}). ${consequence}`,
  };
}
