/**
 * The playground's settings as data: one row each, read by the API's validation, OpenAPI,
 * the page's controls and the processes that apply them.
 */

export interface Settings {
  pollTimeoutMs: number;
  pollGapMs: number;
  pollCursor: boolean;
  balancing: Balancing;
  sticky: boolean;
  transports: Transports;
  pingIntervalMs: number;
  pingTimeoutMs: number;
  catchUp: boolean;
  upgrades: boolean;
  adapter: boolean;
  autoRestart: boolean;
}

export const BALANCING = ["round-robin", "least-connections"] as const;
export type Balancing = (typeof BALANCING)[number];

export const TRANSPORTS = [["websocket"], ["polling"], ["polling", "websocket"]] as const;
export type Transports = (typeof TRANSPORTS)[number];

interface Common {
  /** In plain words, for the page and the OpenAPI document. */
  explain: string;
}
export interface MsSetting extends Common {
  type: "ms";
  default: number;
  min: number;
  max: number;
}
export interface SwitchSetting extends Common {
  type: "switch";
  default: boolean;
}
export interface ChoiceSetting<T> extends Common {
  type: "choice";
  default: T;
  choices: readonly T[];
}

type SettingFor<T> = T extends number
  ? MsSetting
  : T extends boolean
    ? SwitchSetting
    : ChoiceSetting<T>;

export const SETTINGS = {
  pollTimeoutMs: {
    type: "ms",
    default: 25_000,
    min: 100,
    max: 300_000,
    explain: "How long a replica parks a poll before it answers empty.",
  },
  pollGapMs: {
    type: "ms",
    default: 0,
    min: 0,
    max: 60_000,
    explain: "How long a client waits between an answer and its next poll.",
  },
  pollCursor: {
    type: "switch",
    default: true,
    explain: "Polls say what they already have (after=…). Off: the naive client.",
  },
  balancing: {
    type: "choice",
    default: "round-robin",
    choices: BALANCING,
    explain: "How the load balancer chooses a replica.",
  },
  sticky: {
    type: "switch",
    default: true,
    explain: "Requests of one Engine.IO session go to the same replica.",
  },
  transports: {
    type: "choice",
    default: TRANSPORTS[0],
    choices: TRANSPORTS,
    explain: "What Socket.IO clients may use, in this order.",
  },
  pingIntervalMs: {
    type: "ms",
    default: 25_000,
    min: 100,
    max: 300_000,
    explain: "How often a Socket.IO server pings each client.",
  },
  pingTimeoutMs: {
    type: "ms",
    default: 20_000,
    min: 100,
    max: 300_000,
    explain: "How long it waits for the pong before it gives the client up.",
  },
  catchUp: {
    type: "switch",
    default: true,
    explain: "A client that reconnects gets what it missed from the message store.",
  },
  upgrades: {
    type: "switch",
    default: true,
    explain:
      "The load balancer lets connections become WebSockets. Off: it refuses, as old proxies do.",
  },
  adapter: {
    type: "switch",
    default: true,
    explain:
      "What one WebSockets replica publishes reaches the others. Off: they get no push, as without the adapter.",
  },
  autoRestart: {
    type: "switch",
    default: true,
    explain: "A replica that dies is started again.",
  },
} as const satisfies {
  [K in keyof Settings]: SettingFor<Settings[K]> | ChoiceSetting<Settings[K]>;
};

export function defaultSettings(): Settings {
  return Object.fromEntries(
    Object.entries(SETTINGS).map(([key, setting]) => [key, setting.default]),
  ) as unknown as Settings;
}
