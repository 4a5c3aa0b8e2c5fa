import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { deliver, endOfGap, LEDGER_WINDOW, openLedger, settle } from "./ledger.ts";

/** A room whose messages 1..top were all accepted at time 10. */
function roomOf(top: number) {
  return { top, epoch: 0, oldest: 1, acceptedMs: (id: number) => (id <= top ? 10 : -1) };
}

function ledgerBefore(top: number) {
  const room = roomOf(0);
  const ledger = openLedger(room, 5, 0);
  Object.assign(room, roomOf(top));
  return ledger;
}

const never = (): void => undefined;

describe("ledger", () => {
  it("ME5 any order of first deliveries settles everything, and every repetition is a duplicate", () => {
    const order = fc.shuffledSubarray(
      Array.from({ length: 60 }, (_, at) => at + 1),
      { minLength: 60 },
    );
    fc.assert(
      fc.property(order, (ids) => {
        const ledger = ledgerBefore(60);
        for (const id of ids) expect(deliver(ledger, id, 20, never)).toBe("first");
        for (const id of ids) expect(deliver(ledger, id, 20, never)).toBe("duplicate");
        expect(ledger).toMatchObject({ base: 61, above: 0, gapSinceMs: 0 });
      }),
    );
  });

  it("ME8 delivered and lost add up to what was owed, and a lost one can be found", () => {
    fc.assert(
      fc.property(fc.uniqueArray(fc.integer({ min: 1, max: 200 })), (ids) => {
        const ledger = ledgerBefore(200);
        for (const id of ids) deliver(ledger, id, 20, never);
        expect(settle(ledger, 201, 30)).toBe(200 - ids.length);
        const absent = Array.from({ length: 200 }, (_, at) => at + 1).find(
          (id) => !ids.includes(id),
        );
        if (absent === undefined) return;
        expect(deliver(ledger, absent, 40, never)).toBe("found");
        expect(deliver(ledger, absent, 40, never)).toBe("duplicate");
      }),
    );
  });

  it("ME9 knows where the gap ends", () => {
    const ledger = ledgerBefore(10);
    for (const id of [1, 4, 6]) deliver(ledger, id, 20, never);
    expect(ledger).toMatchObject({ base: 2, gapSinceMs: 20 });
    expect(endOfGap(ledger)).toBe(4);
    expect(settle(ledger, 4, 30)).toBe(2);
    expect(ledger).toMatchObject({ base: 5, gapSinceMs: 30 });
  });

  it("ME12 forgives when told to", () => {
    const ledger = ledgerBefore(10);
    expect(settle(ledger, 11, 20, true)).toBe(0);
  });

  it("ME19 gives up what lies a whole window below the newest", () => {
    const ledger = ledgerBefore(LEDGER_WINDOW + 3);
    let lost = 0;
    const receipt = deliver(ledger, LEDGER_WINDOW + 3, 20, (count) => {
      lost += count;
    });
    expect(receipt).toBe("first");
    expect(lost).toBe(3);
    expect(ledger.base).toBe(4);
  });
});
