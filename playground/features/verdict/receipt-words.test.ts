import { describe, expect, it } from "vitest";
import type { ReceiptKind } from "../../../shared/trace/receipts.ts";
import { receiptWords } from "./receipt-words.ts";

const words = (kind: ReceiptKind, more = {}) =>
  receiptWords({ kind, times: 1, ...more }, "client:ws-client-2");

describe("receipts in words", () => {
  it("VD1 what arrived says how long it took, with a sign of its own", () => {
    expect(words("once", { afterMs: 12.4 })).toEqual({
      cell: "✓ 12.4 ms",
      sentence: "Client 2 got it once, after 12.4 ms.",
      isBad: false,
    });
    expect(words("late", { afterMs: 2_500 }).sentence).toContain("late");
  });

  it("VD5 what was lost says between whom", () => {
    const died = { from: "broker", to: "replica:ws-1" } as const;
    expect(words("lost", { died })).toEqual({
      cell: "✕ lost",
      sentence: "Client 2 never got it: it died between the broker and replica ws-1.",
      isBad: true,
    });
  });

  it.each<ReceiptKind>(["duplicate", "out-of-order", "lost"])(
    "VD1 %s is a failure, with a cross",
    (kind) => {
      const { cell, isBad } = words(kind, { times: 2 });
      expect([cell.startsWith("✕ "), isBad]).toEqual([true, true]);
    },
  );
});
