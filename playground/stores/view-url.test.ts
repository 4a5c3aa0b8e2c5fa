import { describe, expect, it } from "vitest";
import { DEFAULT_VIEW, type View } from "./view-store.ts";
import { queryFromView, viewFromQuery } from "./view-url.ts";

const CHOSEN: View = {
  shown: "web-sockets",
  lens: "plain",
  theme: "dark",
  projector: true,
  balancerShown: true,
  brokerShown: false,
  storeShown: false,
  follow: "0af7651916cd43dd8448eb211c80319c",
  client: "lp-client-2",
  selected: 412,
  panel: "charts",
  controlsShown: false,
  panelShown: false,
  frozen: false,
};

describe("the view in the address", () => {
  it("PG2 what was chosen is found again", () => {
    expect({ ...DEFAULT_VIEW, ...viewFromQuery(queryFromView(CHOSEN, "")) }).toEqual(CHOSEN);
  });

  it("PG2 the default needs no words", () => {
    expect(queryFromView(DEFAULT_VIEW, "")).toBe("");
    expect(queryFromView(DEFAULT_VIEW, queryFromView(CHOSEN, ""))).toBe("");
  });

  it("PG2 a parameter that is not ours stays", () => {
    const query = queryFromView(CHOSEN, "?token=abc&pattern=both");
    expect(new URLSearchParams(query).get("token")).toBe("abc");
    expect(new URLSearchParams(query).get("pattern")).toBe("web-sockets");
  });

  it("PG2 nonsense is ignored", () => {
    expect(viewFromQuery("?pattern=pigeons&lens=&theme=pink&hop=-3&projector=yes&panel=x")).toEqual(
      {},
    );
  });

  it("PG2 a frozen view is not written", () => {
    expect(queryFromView({ ...DEFAULT_VIEW, frozen: true }, "")).toBe("");
  });
});
