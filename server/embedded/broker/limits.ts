/** Every bound of the embedded broker. Redis' own defaults where it has one that suits a laptop. */
export interface BrokerLimits {
  maxClients: number;
  /** Bytes of one command, and of commands not yet read. */
  maxQueryBytes: number;
  maxSubscriptionsPerClient: number;
  /** Of a channel or pattern: each subscription keeps its name, each publish compares it. */
  maxNameBytes: number;
  /** Bytes of commands that are not whole, over all clients. */
  maxPendingBytes: number;
  /** A subscriber with more unsent bytes than this is disconnected at once … */
  hardOutputBytes: number;
  /** … and one with more than this for so long, too (`client-output-buffer-limit pubsub`). */
  softOutputBytes: number;
  softOutputMs: number;
  /** A client that does not read its replies is not read from, above this. */
  replyBacklogBytes: number;
}

export const BROKER_LIMITS: BrokerLimits = {
  maxClients: 10_000,
  maxQueryBytes: 16 * 1024 * 1024,
  maxSubscriptionsPerClient: 10_000,
  maxNameBytes: 4 * 1024,
  maxPendingBytes: 256 * 1024 * 1024,
  hardOutputBytes: 32 * 1024 * 1024,
  softOutputBytes: 8 * 1024 * 1024,
  softOutputMs: 60_000,
  replyBacklogBytes: 1024 * 1024,
};
