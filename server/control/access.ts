/**
 * Who may talk to the control port. A page on another site must not be able to drive the cluster:
 * the Host must be one of ours (no DNS rebinding), an Origin must be our own page, and on a host
 * that others can reach a token is needed as well.
 */
import { timingSafeEqual } from "node:crypto";
import type { IncomingMessage } from "node:http";
import { hostname, networkInterfaces } from "node:os";
import { Refusal } from "./refusal.ts";

const LOOPBACK_NAMES = ["127.0.0.1", "localhost", "[::1]"];
export const TOKEN_COOKIE = "playground_token";

export function isLoopback(host: string): boolean {
  return host === "localhost" || host === "::1" || /^127\.\d+\.\d+\.\d+$/.test(host);
}

/** A host as it stands in URLs and Host headers. */
export function urlHost(host: string): string {
  return host.includes(":") ? `[${host}]` : host;
}

/** Names under which this machine is known when it listens on `host`, in lower case. */
export function knownHostNames(host: string): string[] {
  const names = new Set([...LOOPBACK_NAMES, urlHost(host).toLowerCase()]);
  if (!isLoopback(host)) {
    names.add(hostname().toLowerCase());
    names.add(`${hostname().toLowerCase()}.local`);
    for (const addresses of Object.values(networkInterfaces())) {
      for (const { address } of addresses ?? []) names.add(urlHost(address).toLowerCase());
    }
  }
  return [...names];
}

export interface AccessOptions {
  hostNames: readonly string[];
  port: number;
  /** Needed for everything, where there is one. */
  token: string | undefined;
}

export class Access {
  readonly #hosts: ReadonlySet<string>;
  readonly #token: string | undefined;

  constructor({ hostNames, port, token }: AccessOptions) {
    const bare = port === 80 ? hostNames : [];
    this.#hosts = new Set([...hostNames.map((name) => `${name}:${port}`), ...bare]);
    this.#token = token;
  }

  /** Why this request may not come in; nothing if it may. */
  refusal(request: IncomingMessage): Refusal | undefined {
    const { host, origin } = request.headers;
    if (host === undefined || !this.#hosts.has(host.toLowerCase())) {
      return new Refusal(403, "unknown-host", `This playground is not known as “${host ?? ""}”.`);
    }
    if (origin !== undefined && !this.#isOwn(origin)) {
      return new Refusal(403, "other-origin", `Pages of ${origin} may not use this playground.`);
    }
    if (this.#token !== undefined && !this.#hasToken(request, this.#token)) {
      const words = "A token is needed: open the address that the start printed.";
      return new Refusal(401, "token-needed", words);
    }
    return undefined;
  }

  /** Whether the right token came in the URL, so that a cookie may take its place. */
  cameWithToken(request: IncomingMessage): boolean {
    return this.#token !== undefined && isSame(queryToken(request), this.#token);
  }

  #isOwn(origin: string): boolean {
    const host = /^http:\/\/(.+)$/.exec(origin.toLowerCase())?.[1];
    return host !== undefined && this.#hosts.has(host);
  }

  #hasToken(request: IncomingMessage, token: string): boolean {
    const { authorization = "", cookie = "" } = request.headers;
    const bearer = /^Bearer (.+)$/i.exec(authorization)?.[1];
    const crumb = new RegExp(`(?:^|; *)${TOKEN_COOKIE}=([^;]*)`).exec(cookie)?.[1];
    return [queryToken(request), bearer, crumb].some((given) => isSame(given, token));
  }
}

function queryToken(request: IncomingMessage): string | undefined {
  const query = request.url?.split("?")[1];
  return new URLSearchParams(query).get("token") ?? undefined;
}

function isSame(given: string | undefined, token: string): boolean {
  if (given === undefined) return false;
  const [a, b] = [Buffer.from(given), Buffer.from(token)];
  return a.length === b.length && timingSafeEqual(a, b);
}
