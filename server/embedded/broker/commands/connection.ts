/** Commands about the connection itself: who is there, in which protocol, is anybody alive. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { RespValue } from "../../../protocols/resp.ts";
import type { CommandContext } from "../command.ts";
import { array, bulk, error, integer, map, OK, simple } from "../resp-encode.ts";
import { count } from "../subscriptions.ts";
import { BROKER_VERSION } from "../version.ts";
import { BAD_NAME, isClientName } from "./client.ts";

type Args = readonly Buffer[];

const WRONG_PASSWORD = "WRONGPASS invalid username-password pair or user is disabled.";

export function ping({ session }: CommandContext, args: Args): RespValue {
  const [text] = args;
  if (args.length > 1) return error("ERR wrong number of arguments for 'ping' command");
  if (session.protocol === 2 && count(session) > 0) {
    return array([bulk("pong"), bulk(text ?? "")]);
  }
  return text ? bulk(text) : simple("PONG");
}

export function echo(_: CommandContext, [text]: Args): RespValue {
  return bulk(text ?? "");
}

export function select({ session }: CommandContext, [index]: Args): RespValue {
  const database = readInteger(index);
  if (database === undefined) return error("ERR value is not an integer or out of range");
  if (database < 0 || database > 15) return error("ERR DB index is out of range");
  session.database = database;
  return OK;
}

export function quit({ session }: CommandContext): undefined {
  session.reply(OK);
  session.end();
}

export function reset({ session, subscriptions, password }: CommandContext): RespValue {
  subscriptions.removeAll(session);
  session.name = "";
  session.database = 0;
  session.protocol = 2;
  session.authenticated = password === undefined;
  return simple("RESET");
}

export function auth(context: CommandContext, args: Args): RespValue {
  if (args.length > 2) return error("ERR syntax error");
  if (args.length === 1 && context.password === undefined) {
    return error(
      "ERR AUTH <password> called without any password configured for the default user. Are you sure your configuration is correct?",
    );
  }
  const [user, password] = args.length === 2 ? args : [Buffer.from("default"), args[0]];
  return authenticate(context, user, password) ? OK : error(WRONG_PASSWORD);
}

function authenticate(context: CommandContext, user?: Buffer, password?: Buffer): boolean {
  const known = context.password;
  const right =
    user?.toString() === "default" &&
    (known === undefined || isSame(known, password?.toString() ?? ""));
  if (right) context.session.authenticated = true;
  return right;
}

function isSame(a: string, b: string): boolean {
  const digest = (text: string) => createHash("sha256").update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}

/** `HELLO [2|3 [AUTH user password] [SETNAME name]]`: all of it, or nothing. */
export function hello(context: CommandContext, args: Args): RespValue {
  const { session } = context;
  const version = args.length === 0 ? session.protocol : readInteger(args[0]);
  if (version === undefined) {
    return error("ERR Protocol version is not an integer or out of range");
  }
  if (version !== 2 && version !== 3) return error("NOPROTO unsupported protocol version");
  const options = readHelloOptions(args.slice(1));
  if ("problem" in options) return error(options.problem);
  if (options.auth && !authenticate(context, ...options.auth)) return error(WRONG_PASSWORD);
  if (!session.authenticated) {
    return error(
      "NOAUTH HELLO must be called with the client already authenticated, otherwise the HELLO <proto> AUTH <user> <pass> option can be used to authenticate the client and select the RESP protocol version at the same time",
    );
  }
  if (options.name !== undefined) session.name = options.name;
  session.protocol = version;
  return map([
    ["server", bulk("redis")],
    ["version", bulk(BROKER_VERSION)],
    ["proto", integer(version)],
    ["id", integer(session.id)],
    ["mode", bulk("standalone")],
    ["role", bulk("master")],
    ["modules", array([])],
  ]);
}

type HelloOptions = { auth?: [Buffer, Buffer]; name?: string } | { problem: string };

function readHelloOptions(args: Args): HelloOptions {
  const options: { auth?: [Buffer, Buffer]; name?: string } = {};
  for (let at = 0; at < args.length; ) {
    const word = args[at]?.toString() ?? "";
    const [first, second] = [args[at + 1], args[at + 2]];
    if (/^auth$/i.test(word) && first && second) {
      options.auth = [first, second];
      at += 3;
    } else if (/^setname$/i.test(word) && first) {
      if (!isClientName(first)) return { problem: BAD_NAME };
      options.name = first.toString();
      at += 2;
    } else {
      return { problem: `ERR Syntax error in HELLO option '${word}'` };
    }
  }
  return options;
}

function readInteger(bytes: Buffer | undefined): number | undefined {
  const text = bytes?.toString("latin1") ?? "";
  return /^(0|-?[1-9]\d{0,9})$/.test(text) ? Number(text) : undefined;
}
