/**
 * The view in the address: reads a query into a view and writes a view into a query, so that a
 * link opens what its sender saw. Only what differs from the default is written; parameters that
 * are not ours (a token) stay. `frozen` is a moment, not a place, and is left out.
 */
import { isClientId, SIDES } from "../../shared/contracts/ids.ts";
import { DEFAULT_VIEW, type View } from "./view-store.ts";

type Linked = Omit<View, "frozen">;

interface Parameter<T> {
  name: string;
  read(text: string): T | undefined;
  write(value: T): string;
}

function oneOf<T extends string>(name: string, choices: readonly T[]): Parameter<T> {
  return {
    name,
    read: (text) => choices.find((choice) => choice === text),
    write: (value) => value,
  };
}

function flag(name: string): Parameter<boolean> {
  return {
    name,
    read: (text) => (text === "1" ? true : text === "0" ? false : undefined),
    write: (value) => (value ? "1" : "0"),
  };
}

const PARAMETERS: { [K in keyof Linked]: Parameter<Linked[K]> } = {
  shown: oneOf("pattern", ["both", ...SIDES]),
  lens: oneOf("lens", ["reference", "plain", "protocol"]),
  theme: oneOf("theme", ["system", "light", "dark"]),
  projector: flag("projector"),
  balancerShown: flag("balancer"),
  brokerShown: flag("broker"),
  storeShown: flag("store"),
  follow: {
    name: "follow",
    read: (text) => (/^[\w-]{1,64}$/.test(text) ? text : undefined),
    write: (value) => value ?? "",
  },
  selected: {
    name: "hop",
    read: (text) => (/^\d{1,15}$/.test(text) ? Number(text) : undefined),
    write: (value) => String(value ?? ""),
  },
  client: {
    name: "client",
    read: (text) => (isClientId(text) ? text : undefined),
    write: (value) => value ?? "",
  },
  panel: oneOf("panel", [
    "inspector",
    "clients",
    "charts",
    "verdict",
    "reference",
    "mermaid",
    "machine",
    "code",
    "text",
  ]),
  controlsShown: flag("controls"),
  panelShown: flag("side"),
};

const KEYS = Object.keys(PARAMETERS) as (keyof Linked)[];

export function viewFromQuery(query: string): Partial<View> {
  const given = new URLSearchParams(query);
  const view: Partial<View> = {};
  const take = <K extends keyof Linked>(key: K): void => {
    const text = given.get(PARAMETERS[key].name);
    const value = text === null ? undefined : PARAMETERS[key].read(text);
    if (value !== undefined) Object.assign(view, { [key]: value });
  };
  for (const key of KEYS) take(key);
  return view;
}

export function queryFromView(view: View, query: string): string {
  const written = new URLSearchParams(query);
  const put = <K extends keyof Linked>(key: K): void => {
    const { name, write } = PARAMETERS[key];
    if (view[key] === DEFAULT_VIEW[key]) written.delete(name);
    else written.set(name, write(view[key] as Linked[K]));
  };
  for (const key of KEYS) put(key);
  const text = written.toString();
  return text === "" ? "" : `?${text}`;
}
