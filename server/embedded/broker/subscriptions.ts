/**
 * Who is subscribed to what. Channels and patterns are latin1 strings, one character a byte.
 * It knows no sockets: `receivers` says who gets a publish, the broker sends.
 */
import { matchesGlob } from "./glob.ts";

export type Topic = "channels" | "patterns";

export interface Subscriber {
  readonly channels: Set<string>;
  readonly patterns: Set<string>;
}

export class Subscriptions<Client extends Subscriber> {
  readonly channels = new Map<string, Set<Client>>();
  readonly patterns = new Map<string, Set<Client>>();

  /** How many subscriptions the client has then. */
  add(client: Client, topic: Topic, name: string): number {
    client[topic].add(name);
    const clients = this[topic].get(name);
    if (clients) clients.add(client);
    else this[topic].set(name, new Set([client]));
    return count(client);
  }

  remove(client: Client, topic: Topic, name: string): number {
    client[topic].delete(name);
    const clients = this[topic].get(name);
    clients?.delete(client);
    if (clients?.size === 0) this[topic].delete(name);
    return count(client);
  }

  removeAll(client: Client): void {
    for (const name of [...client.channels]) this.remove(client, "channels", name);
    for (const name of [...client.patterns]) this.remove(client, "patterns", name);
  }

  subscribersOf(channel: string): ReadonlySet<Client> | undefined {
    return this.channels.get(channel);
  }

  /** Each matching pattern with its subscribers, in the order the patterns were first used. */
  *matching(channel: string): Generator<[pattern: string, clients: ReadonlySet<Client>]> {
    for (const [pattern, clients] of this.patterns) {
      if (matchesGlob(pattern, channel)) yield [pattern, clients];
    }
  }
}

export function count(client: Subscriber): number {
  return client.channels.size + client.patterns.size;
}
