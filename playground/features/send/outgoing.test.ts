import { describe, expect, it } from "vitest";
import { outgoingOf, refusalOf, senderOptions } from "./outgoing.ts";

describe("what the send box makes of a text", () => {
  it("PG7 refuses a blank text and one that is too long, counting bytes", () => {
    expect(refusalOf("  \n", 4_096)).toContain("Type a message first");
    expect(refusalOf("ä".repeat(2_048), 4_096)).toBeNull();
    expect(refusalOf("ä".repeat(2_049), 4_096)).toContain("4098 bytes");
  });

  it("PG8 offers clients that exist in every pattern shown, and a visitor", () => {
    const fleet = { "long-polling": 3, "web-sockets": 1 };
    expect(senderOptions("both", fleet).map(({ value }) => value)).toEqual(["1", "visitor"]);
    expect(senderOptions("long-polling", fleet).map(({ value }) => value)).toEqual([
      "1",
      "2",
      "3",
      "visitor",
    ]);
    expect(senderOptions("both", undefined).map(({ value }) => value)).toEqual(["visitor"]);
  });

  it("PG8 sends to each pattern shown, from that pattern's own client", () => {
    expect(outgoingOf("both", "lunch?", "2")).toEqual([
      { pattern: "long-polling", text: "lunch?", client: "lp-client-2" },
      { pattern: "web-sockets", text: "lunch?", client: "ws-client-2" },
    ]);
    expect(outgoingOf("web-sockets", "lunch?", "visitor")).toEqual([
      { pattern: "web-sockets", text: "lunch?" },
    ]);
  });
});
