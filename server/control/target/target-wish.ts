/**
 * What the command line wishes to have watched: `--target`, `--target-pattern`, `--broker`, read and
 * checked before anything starts. What cannot be done is refused in one sentence (TG3).
 */
import { isPattern, PATTERNS, type Pattern } from "../../../shared/contracts/ids.ts";
import { isLoopback, urlHost } from "../access.ts";
import type { Address } from "../topology.ts";

export interface TargetWish {
  server: Address;
  looksLike?: Pattern;
  broker?: Address;
}

/** As they were typed. */
export interface TargetOptions {
  target?: string | undefined;
  targetPattern?: string | undefined;
  broker?: string | undefined;
}

/** Undefined where no target is wished for. Throws, in words, what cannot be. */
export function readTargetWish({
  target,
  targetPattern,
  broker,
}: TargetOptions): TargetWish | undefined {
  if (target === undefined) {
    if (broker !== undefined) throw new Error("--broker needs --target: whose Redis is it?");
    if (targetPattern !== undefined) throw new Error("--target-pattern needs --target.");
    return undefined;
  }
  const wish: TargetWish = { server: readServer(target) };
  if (targetPattern !== undefined) {
    if (!isPattern(targetPattern)) {
      throw new Error(`--target-pattern must be ${PATTERNS.join(" or ")}, not ${targetPattern}.`);
    }
    wish.looksLike = targetPattern;
  }
  if (broker !== undefined) wish.broker = readBroker(broker);
  return wish;
}

/** Throws where the target is one of the playground's own ports: it would call itself for ever. */
export function refuseOwnPorts({ server }: TargetWish, ports: readonly number[]): void {
  if (!isLoopback(server.host) || !ports.includes(server.port)) return;
  throw new Error(`--target ${hostAndPort(server)} is a port of this playground itself.`);
}

export function hostAndPort({ host, port }: Address): string {
  return `${urlHost(host)}:${port}`;
}

function readServer(text: string): Address {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || url.hostname === "") {
    throw new Error(`--target must be an address such as http://127.0.0.1:3000, not ${text}.`);
  }
  if (url.protocol === "https:" || url.protocol === "wss:") {
    throw new Error("--target cannot be watched over TLS: give the http:// port behind it.");
  }
  if (url.protocol !== "http:") {
    throw new Error(`--target must begin with http://, not ${url.protocol} (sockets included).`);
  }
  if (url.username !== "" || url.password !== "") {
    throw new Error("--target takes no user or password: its clients send those themselves.");
  }
  if (url.pathname !== "/" || url.search !== "" || url.hash !== "") {
    const rest = `${url.pathname}${url.search}${url.hash}`;
    throw new Error(`--target is a whole server: leave out ${rest}. Paths pass as they come.`);
  }
  return { host: bareHost(url.hostname), port: url.port === "" ? 80 : Number(url.port) };
}

const HOST_AND_PORT = /^(\[[0-9a-f:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/i;

function readBroker(text: string): Address {
  const [, host, port] = HOST_AND_PORT.exec(text) ?? [];
  if (host === undefined || Number(port) < 1 || Number(port) > 65_535) {
    throw new Error(`--broker must be HOST:PORT such as 127.0.0.1:6379, not ${text}.`);
  }
  return { host: bareHost(host), port: Number(port) };
}

/** Of an IPv6 address, without its brackets. */
function bareHost(host: string): string {
  return host.replace(/^\[(.*)\]$/, "$1");
}
