/** A replica's settings: their defaults, and what may be set. */
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import { SETTINGS } from "../../shared/contracts/settings.ts";

const RANGES: Record<keyof ReplicaSettings, { default: number; min: number; max: number }> = {
  pollTimeoutMs: SETTINGS.pollTimeoutMs,
  pingIntervalMs: SETTINGS.pingIntervalMs,
  pingTimeoutMs: SETTINGS.pingTimeoutMs,
  clockRate: { default: 1, min: 0, max: 100 },
};

export function defaultReplicaSettings(): ReplicaSettings {
  return {
    pollTimeoutMs: RANGES.pollTimeoutMs.default,
    pingIntervalMs: RANGES.pingIntervalMs.default,
    pingTimeoutMs: RANGES.pingTimeoutMs.default,
    clockRate: RANGES.clockRate.default,
  };
}

/** `base` with the given changes; throws, and changes nothing, if one of them is not possible. */
export function readSettings(changes: unknown, base: ReplicaSettings): ReplicaSettings {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
    throw new TypeError("Settings are a JSON object.");
  }
  const settings = { ...base };
  for (const [key, value] of Object.entries(changes)) {
    if (!isKey(key)) throw new RangeError(`A replica has no setting “${key}”.`);
    const { min, max } = RANGES[key];
    if (typeof value !== "number" || !(value >= min && value <= max)) {
      throw new RangeError(`${key} must be a number from ${min} to ${max}.`);
    }
    settings[key] = value;
  }
  return settings;
}

function isKey(key: string): key is keyof ReplicaSettings {
  return Object.hasOwn(RANGES, key);
}
