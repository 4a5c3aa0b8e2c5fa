/** A change of a setting in plain words, for its marker: `Poll timeout: 25 s → 10 s`. */
import { SETTINGS, type Settings } from "../../shared/contracts/settings.ts";

export function settingChange(key: keyof Settings, before: Settings, after: Settings): string {
  return `${nameOf(key)}: ${shown(key, before)} → ${shown(key, after)}`;
}

/** `pollTimeoutMs` → `Poll timeout`; the unit goes to the value. */
function nameOf(key: keyof Settings): string {
  const words = key.replace(/Ms$/, "").replace(/[A-Z]/g, (letter) => ` ${letter.toLowerCase()}`);
  return words.charAt(0).toUpperCase() + words.slice(1);
}

function shown(key: keyof Settings, settings: Settings): string {
  const value = settings[key];
  if (typeof value === "boolean") return value ? "on" : "off";
  if (SETTINGS[key].type === "ms") return duration(Number(value));
  return Array.isArray(value) ? value.join(", then ") : String(value);
}

function duration(ms: number): string {
  return ms >= 1_000 ? `${ms / 1_000} s` : `${ms} ms`;
}
