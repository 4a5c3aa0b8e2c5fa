/**
 * What a decoder makes of the bytes of one link: units, each with the hop it stands for.
 *
 *   bytes ─► decoder ─► units ─► gate ─► forward ─► report (a hop)
 *
 * A unit is the least that may be held, delayed or dropped without breaking the protocol. Decoders
 * know nothing of sockets, participants or time; the link adds those.
 */
import type { Hop } from "../hop.ts";

/** Stands for a hop that will be recorded, so that a later one can name it as its cause. */
export interface Mark {
  seq?: number;
}

/** A hop as a decoder knows it. The link adds who, when and on which connection. */
export interface HopDraft
  extends Pick<
    Hop,
    "kind" | "label" | "bytes" | "info" | "traceId" | "messageIds" | "outcome" | "raw" | "perturbed"
  > {
  mark?: Mark;
  causes?: readonly Mark[];
}

export interface Unit {
  /** Bytes of the stream that belong to it. */
  length: number;
  /** Absent for units that say nothing of their own (SQL's Sync, for one). */
  hop?: HopDraft;
}

/** Reads one direction of one connection. Throws when the bytes are not what it understands. */
export interface StreamDecoder {
  /** Units that became whole with this chunk, in order. */
  push(chunk: Buffer): Unit[];
}

/** Both directions of one connection; they share what they must know of each other. */
export interface ConnectionDecoder {
  /** From the replica. */
  requests: StreamDecoder;
  /** To the replica. */
  replies: StreamDecoder;
}
