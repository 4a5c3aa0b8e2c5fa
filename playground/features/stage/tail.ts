/**
 * Room below the newest row. It grows while nothing crosses, to what a quiet stretch will take, so
 * that the stretch's end moves nothing.
 */
import { QUIET_MS } from "../../../shared/trace/sequence.ts";
import type { StageType } from "./stage-type.ts";

const GROWS_OVER_MS = 4_000;

export function tailPx(quietMs: number, type: StageType): number {
  const restPx = type.scale.rowPx * 0.6;
  if (quietMs <= QUIET_MS) return restPx;
  return restPx + type.scale.breakPx * (1 - Math.exp(-(quietMs - QUIET_MS) / GROWS_OVER_MS));
}
