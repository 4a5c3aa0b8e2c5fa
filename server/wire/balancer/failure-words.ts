/**
 * What a client is told when its replica went away or says nothing: above all, whether the request may
 * have taken effect. A replica that had the bytes of a POST may have stored the message.
 */
import { type ReplicaId, TARGET_REPLICA } from "../../../shared/contracts/ids.ts";
import type { OwnAnswer } from "./own-answer.ts";

const CHANGE_NOTHING = ["GET", "HEAD", "OPTIONS"];

/** Its connection ended, or could not be used. */
export function replicaGone(replica: ReplicaId, reason: string, method: string): OwnAnswer {
  return {
    status: 502,
    code: "replica-gone",
    message: `${nameOf(replica)} did not answer (${reason}). ${consequence(method)}`,
  };
}

/** It has the request, and may answer yet: nobody waits for that any more. */
export function replicaSilent(replica: ReplicaId, forMs: number, method: string): OwnAnswer {
  return {
    status: 504,
    code: "replica-silent",
    message: `${nameOf(replica)} has said nothing for ${forMs / 1_000} s. ${consequence(method)}`,
  };
}

function consequence(method: string): string {
  return CHANGE_NOTHING.includes(method)
    ? "Nothing was changed: ask again."
    : "It may have happened or not: look before you send it again.";
}

function nameOf(replica: ReplicaId): string {
  return replica === TARGET_REPLICA ? "The server" : `Replica ${replica}`;
}
