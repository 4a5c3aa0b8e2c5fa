import { beforeEach, describe, expect, it } from "vitest";
import { dismiss, noticesStore, notify } from "./notices-store.ts";

function texts(): string[] {
  return noticesStore.getState().notices.map(({ text }) => text);
}

describe("notices", () => {
  beforeEach(() => noticesStore.setState({ notices: [] }));

  it("PG12 a newer one about the same thing replaces the older", () => {
    notify({ key: "poll timeout", tone: "info", text: "10 s" });
    notify({ tone: "info", text: "other" });
    notify({ key: "poll timeout", tone: "info", text: "15 s" });
    expect(texts()).toEqual(["other", "15 s"]);
  });

  it("PG12 at most four are shown, the newest", () => {
    for (const text of ["1", "2", "3", "4", "5"]) notify({ tone: "info", text });
    expect(texts()).toEqual(["2", "3", "4", "5"]);
  });

  it("PG12 a dismissed one is gone", () => {
    notify({ tone: "bad", text: "stays" });
    notify({ tone: "bad", text: "goes" });
    dismiss(noticesStore.getState().notices[1]?.id ?? -1);
    expect(texts()).toEqual(["stays"]);
  });
});
