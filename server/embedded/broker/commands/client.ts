/** CLIENT …: what a client says of itself, and who is connected. */
import type { RespValue } from "../../../protocols/resp.ts";
import type { CommandContext } from "../command.ts";
import { bulk, error, integer, NIL, OK, verbatim } from "../resp-encode.ts";
import type { Session } from "../session.ts";

type Args = readonly Buffer[];

export const BAD_NAME = "ERR Client names cannot contain spaces, newlines or special characters.";

/** Printable ASCII without a blank; empty takes the name away. */
export function isClientName(name: Buffer): boolean {
  return /^[!-~]*$/.test(name.toString("latin1"));
}

export function clientSetname({ session }: CommandContext, [name]: Args): RespValue {
  if (!name || !isClientName(name)) return error(BAD_NAME);
  session.name = name.toString();
  return OK;
}

export function clientGetname({ session }: CommandContext): RespValue {
  return session.name === "" ? NIL : bulk(session.name);
}

export function clientSetinfo({ session }: CommandContext, [what, value]: Args): RespValue {
  const option = what?.toString().toLowerCase() ?? "";
  if (option !== "lib-name" && option !== "lib-ver") {
    return error(`ERR Unrecognized option '${what}'`);
  }
  if (!value || !isClientName(value)) {
    return error(`ERR ${option} cannot contain spaces, newlines or special characters.`);
  }
  if (option === "lib-name") session.library.name = value.toString();
  else session.library.version = value.toString();
  return OK;
}

export function clientId({ session }: CommandContext): RespValue {
  return integer(session.id);
}

export function clientInfo({ session, nowMs }: CommandContext): RespValue {
  return verbatim(describe(session, nowMs));
}

export function clientList({ sessions, nowMs }: CommandContext): RespValue {
  return verbatim([...sessions.values()].map((session) => describe(session, nowMs)).join(""));
}

/** CLIENT NO-EVICT and NO-TOUCH: nothing is ever evicted here. */
export function onOrOff(_: CommandContext, [value]: Args): RespValue {
  return /^(on|off)$/i.test(value?.toString() ?? "") ? OK : error("ERR syntax error");
}

function describe(session: Session, nowMs: number): string {
  const age = Math.floor((nowMs - session.connectedAtMs) / 1000);
  return (
    `id=${session.id} addr=${session.remote} name=${session.name} age=${age} db=${session.database}` +
    ` sub=${session.channels.size} psub=${session.patterns.size} omem=${session.unsentBytes}` +
    ` lib-name=${session.library.name} lib-ver=${session.library.version} resp=${session.protocol}\n`
  );
}
