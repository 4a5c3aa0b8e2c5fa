/** A receipt as its cell shows it, and in a sentence. */
import type { Participant } from "../../../shared/contracts/ids.ts";
import { nameOf, sentence } from "../../../shared/patterns/names.ts";
import type { Receipt } from "../../../shared/trace/receipts.ts";
import { durationWords } from "../../ui/numbers.ts";

export interface ReceiptWords {
  /** A sign and a word or a time: never colour alone. */
  cell: string;
  sentence: string;
  isBad: boolean;
}

export function receiptWords(receipt: Receipt, client: Participant): ReceiptWords {
  const who = nameOf(client);
  const took = receipt.afterMs === undefined ? "" : durationWords(receipt.afterMs);
  switch (receipt.kind) {
    case "once":
      return good(`✓ ${took}`, `${who} got it once, after ${took}`);
    case "late":
      return good(`✓ ${took}`, `${who} got it once, late: after ${took}`);
    case "replayed":
      return good("↺ replayed", `${who} came later, and got it with the history`);
    case "awaited":
      return good("… awaited", `${who} has not got it yet`);
    case "absent":
      return good("–", `${who} was not there for it`);
    case "duplicate":
      return bad(`✕ ${receipt.times} times`, `${who} got it ${receipt.times} times`);
    case "out-of-order":
      return bad("✕ disorder", `${who} got it after a newer one`);
    case "lost":
      return bad("✕ lost", lostWords(receipt, who));
    default:
      return receipt.kind satisfies never;
  }
}

function lostWords({ died }: Receipt, who: string): string {
  if (died === undefined) return `${who} moved past it without getting it`;
  return `${who} never got it: it died between ${nameOf(died.from)} and ${nameOf(died.to)}`;
}

function good(cell: string, words: string): ReceiptWords {
  return { cell, sentence: sentence(words), isBad: false };
}

function bad(cell: string, words: string): ReceiptWords {
  return { cell, sentence: sentence(words), isBad: true };
}
