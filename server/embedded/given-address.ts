/**
 * REDIS_URL and DATABASE_URL: read, checked, and named without their password. What we cannot do
 * yet (TLS) is refused in plain words before anything starts.
 */
import { type PartAddress, PartError } from "./part.ts";

export function readRedisUrl(text: string): PartAddress {
  const url = parse("REDIS_URL", text, "redis://127.0.0.1:6379");
  if (url.protocol === "rediss:") throw new PartError(`REDIS_URL ${noTls(url)}`);
  if (url.protocol !== "redis:" && url.protocol !== "valkey:") {
    throw new PartError(`REDIS_URL must begin with redis://, not ${url.protocol}//.`);
  }
  return addressOf(url, 6379);
}

const NO_TLS = ["disable", "allow", "prefer"];

export function readDatabaseUrl(text: string): PartAddress {
  const url = parse("DATABASE_URL", text, "postgres://user:password@127.0.0.1:5432/database");
  if (url.protocol !== "postgres:" && url.protocol !== "postgresql:") {
    throw new PartError(`DATABASE_URL must begin with postgres://, not ${url.protocol}//.`);
  }
  const sslmode = url.searchParams.get("sslmode");
  const ssl = url.searchParams.get("ssl");
  if ((sslmode && !NO_TLS.includes(sslmode)) || (ssl && !/^(0|false|off)$/.test(ssl))) {
    throw new PartError(`DATABASE_URL ${noTls(url)}`);
  }
  // "If you like" becomes "no": clients understand allow and prefer in different ways.
  url.searchParams.delete("ssl");
  if (sslmode) url.searchParams.set("sslmode", "disable");
  return addressOf(url, 5432);
}

function noTls(url: URL): string {
  return `asks for TLS (${publicUrl(url)}), which is not supported yet.`;
}

function parse(variable: string, text: string, example: string): URL {
  try {
    const url = new URL(text);
    if (url.hostname !== "") return url;
  } catch {
    // Not shown: it may hold a password.
  }
  throw new PartError(`${variable} is no address such as ${example}.`);
}

function addressOf(url: URL, usualPort: number): PartAddress {
  return {
    url: url.href,
    publicUrl: publicUrl(url),
    // Of an IPv6 address, without its brackets.
    host: url.hostname.replace(/^\[(.*)\]$/, "$1"),
    port: url.port === "" ? usualPort : Number(url.port),
  };
}

function publicUrl(url: URL): string {
  const shown = new URL(url);
  shown.password = "";
  // A password may also come as a parameter.
  for (const key of [...shown.searchParams.keys()]) {
    if (/password/i.test(key)) shown.searchParams.delete(key);
  }
  return shown.href;
}
