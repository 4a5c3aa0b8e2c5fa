/**
 * The settings in force, and what may be asked of them: validation is made from the SETTINGS
 * table, so a new setting is one row there. All or nothing; applying is the control plane's part.
 */
import { z } from "zod";
import type { ReplicaSettings } from "../../shared/contracts/replica-admin.ts";
import {
  type ChoiceSetting,
  defaultSettings,
  type MsSetting,
  SETTINGS,
  type Settings,
  type SwitchSetting,
} from "../../shared/contracts/settings.ts";
import type { ClientSettings } from "../fleet/contract.ts";

type AnySetting = MsSetting | SwitchSetting | ChoiceSetting<unknown>;

function schemaOf(setting: AnySetting): z.ZodType {
  switch (setting.type) {
    case "ms":
      return z.number().int().min(setting.min).max(setting.max);
    case "switch":
      return z.boolean();
    case "choice":
      return z.union(setting.choices.map(choiceSchema), {
        error: `must be one of ${setting.choices.map((choice) => JSON.stringify(choice)).join(", ")}`,
      });
    default:
      return setting satisfies never;
  }
}

function choiceSchema(choice: unknown): z.ZodType {
  if (!Array.isArray(choice)) return z.literal(choice as string);
  const [first, ...rest] = choice.map((item: string) => z.literal(item));
  return first === undefined ? z.tuple([]) : z.tuple([first, ...rest]);
}

const rows = Object.entries(SETTINGS) as [keyof Settings, AnySetting][];

/** Every setting, described; each is optional in a patch. */
export const settingsSchema = z.strictObject(
  Object.fromEntries(
    rows.map(([key, setting]) => [
      key,
      schemaOf(setting).meta({ description: setting.explain, default: setting.default }),
    ]),
  ),
);
export const settingsPatchSchema = settingsSchema.partial();

export type SettingsPatch = Partial<Settings>;

/** A change of these is only seen by sockets that connect anew. */
const NEEDS_RECONNECT = [
  "transports",
  "pingIntervalMs",
  "pingTimeoutMs",
  "upgrades",
] as const satisfies readonly (keyof Settings)[];

export class SettingsInForce {
  #settings: Settings = defaultSettings();
  #replica: ReplicaSettings = replicaPart(this.#settings, 1);
  #generation = 0;

  get current(): Settings {
    return this.#settings;
  }

  /** A new object only when something in it changed: replicas compare by identity. */
  get replica(): ReplicaSettings {
    return this.#replica;
  }

  get clients(): ClientSettings {
    const { pollGapMs, pollCursor, pollTimeoutMs, transports, catchUp } = this.#settings;
    return { pollGapMs, pollCursor, pollTimeoutMs, transports, catchUp };
  }

  /** Of the protocol clocks of replicas and clients: 1 real time, 0 stands still. */
  get clockRate(): number {
    return this.#replica.clockRate;
  }

  setClockRate(clockRate: number): void {
    if (clockRate !== this.clockRate) this.#replica = { ...this.#replica, clockRate };
  }

  /** Counts up when sockets must connect anew. */
  get generation(): number {
    return this.#generation;
  }

  /** Answers the keys that really changed. */
  change(patch: SettingsPatch): (keyof Settings)[] {
    const keys = (Object.keys(patch) as (keyof Settings)[]).filter(
      (key) => JSON.stringify(patch[key]) !== JSON.stringify(this.#settings[key]),
    );
    if (keys.length === 0) return keys;
    this.#settings = { ...this.#settings, ...patch };
    const replica = replicaPart(this.#settings, this.clockRate);
    if (JSON.stringify(replica) !== JSON.stringify(this.#replica)) this.#replica = replica;
    if (NEEDS_RECONNECT.some((key) => keys.includes(key))) this.#generation++;
    return keys;
  }
}

function replicaPart(settings: Settings, clockRate: number): ReplicaSettings {
  const { pollTimeoutMs, pingIntervalMs, pingTimeoutMs } = settings;
  return { pollTimeoutMs, pingIntervalMs, pingTimeoutMs, clockRate };
}
