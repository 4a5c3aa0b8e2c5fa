/** A decoder's draft of a hop, told to the recorder with who, when and on which connection. */
import type { Hop, Recorder } from "../hop.ts";
import type { HopDraft } from "./unit.ts";

export type Crossed = Pick<Hop, "from" | "to" | "at" | "doneAt"> & {
  pattern: NonNullable<Hop["pattern"]>;
  conn: string;
};

/** Field by field: this is done for every packet, and copying a draft whole costs more than telling it. */
export function tell(recorder: Recorder, draft: HopDraft, crossed: Crossed): void {
  const { kind, label, bytes, mark, causes } = draft;
  const { from, to, at, doneAt, pattern, conn } = crossed;
  const hop: Hop = { kind, label, bytes, at, doneAt, from, to, pattern, conn };
  if (draft.info !== undefined) hop.info = draft.info;
  if (draft.traceId !== undefined) hop.traceId = draft.traceId;
  if (draft.messageIds !== undefined) hop.messageIds = draft.messageIds;
  if (draft.outcome !== undefined) hop.outcome = draft.outcome;
  if (draft.raw !== undefined) hop.raw = draft.raw;
  if (draft.perturbed !== undefined) hop.perturbed = draft.perturbed;
  const seqs = causes?.flatMap((cause) => cause.seq ?? []) ?? [];
  if (seqs.length > 0) hop.causes = seqs;
  const seq = recorder.record(hop);
  if (mark) mark.seq = seq;
}
