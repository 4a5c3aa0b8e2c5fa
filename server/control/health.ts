/** Whether all is well, as `GET /api/health` says it. */
import type { Health, Replica } from "../../shared/contracts/control.ts";
import type { Parts, RunningPart } from "./running-part.ts";

/** `ok` while every part and process is up and every replica is ready. */
export function healthOf(
  version: string,
  { broker, store }: Parts,
  processes: readonly { state: string }[],
  replicas: readonly Pick<Replica, "state">[],
): Health {
  const isWhole =
    [broker, store, ...processes].every(({ state }) => state === "up") &&
    replicas.every(({ state }) => state === "ready");
  return {
    status: isWhole ? "ok" : "degraded",
    version,
    broker: shown(broker),
    store: shown(store),
  };
}

/** Without its password. */
function shown<Kind extends string>(part: RunningPart<Kind>) {
  const { kind, publicUrl: url, state, isGiven: given, note } = part;
  return { kind, url, state, given, note };
}
