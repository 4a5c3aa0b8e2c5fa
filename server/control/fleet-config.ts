/** The fleet as it should be, from what people want. Pure; the fleet makes it so. */
import type { Fleet } from "../../shared/contracts/control.ts";
import type { Pattern } from "../../shared/contracts/ids.ts";
import type { FleetConfig } from "../fleet/contract.ts";
import type { SettingsInForce } from "./settings.ts";

const FOLLOWED_CLIENTS = 4;

export interface FleetWanted {
  clients: Fleet;
  load: Record<Pattern, number>;
  settings: SettingsInForce;
  url(pattern: Pattern): string;
}

export function fleetConfig(wanted: FleetWanted): FleetConfig {
  const { clients, load, settings } = wanted;
  return {
    urls: { "long-polling": wanted.url("long-polling"), "web-sockets": wanted.url("web-sockets") },
    counts: { ...clients },
    settings: settings.clients,
    load: { ...load },
    followed: FOLLOWED_CLIENTS,
    generation: settings.generation,
    clockRate: settings.clockRate,
  };
}
