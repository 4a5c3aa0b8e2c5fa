/**
 * Who may talk to a balancer: requests that name a host we are known by and, if they come from a web
 * page, one whose origin is ours or any localhost one. Keeps other sites' pages, and names that an
 * attacker points at 127.0.0.1, from driving the cluster. Upgrades are checked like everything else.
 */
import type { HttpTarget } from "../tap/decoders/http-target.ts";
import type { RequestHead } from "./http-head.ts";

const LOCAL_ORIGIN = /^https?:\/\/(localhost|127\.0\.0\.1|\[::1\])(:\d{1,5})?$/;

export class Access {
  readonly #hosts: ReadonlySet<string>;
  readonly #origins: ReadonlySet<string>;

  constructor(hosts: readonly string[], origins: readonly string[]) {
    this.#hosts = new Set(hosts.map((host) => host.toLowerCase()));
    this.#origins = new Set(origins.map((origin) => origin.toLowerCase()));
  }

  /** Why the request is refused, in plain words; undefined when it may pass. */
  refusal(head: RequestHead, target: HttpTarget): string | undefined {
    if (
      !this.#knows(head.host) ||
      (target.authority !== undefined && !this.#knows(target.authority))
    ) {
      return "This address is not known here. Use the one that the playground shows.";
    }
    if (head.origin !== undefined && !this.#allowsOrigin(head.origin)) {
      return "Pages of other sites may not use this server.";
    }
    return undefined;
  }

  /** The origin whose page may read what the balancer answers itself. */
  reader(origin: string | undefined): string | undefined {
    return origin !== undefined && this.#allowsOrigin(origin) ? origin : undefined;
  }

  #allowsOrigin(origin: string): boolean {
    const lower = origin.toLowerCase();
    return LOCAL_ORIGIN.test(lower) || this.#origins.has(lower);
  }

  #knows(host: string | undefined): boolean {
    return host !== undefined && (this.#hosts.has(host) || this.#hosts.has(host.toLowerCase()));
  }
}
