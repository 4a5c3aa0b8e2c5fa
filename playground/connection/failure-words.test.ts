import { describe, expect, it } from "vitest";
import { ApiFailure } from "./api.ts";
import { failureWords } from "./failure-words.ts";

describe("a failed command in words", () => {
  it("PG1 says what did not happen, why, and what to do", () => {
    const refused = new ApiFailure(400, "out-of-range", "pollTimeoutMs must be at least 100.");
    expect(failureWords("The setting stays as it was.", refused)).toEqual({
      text: "The setting stays as it was. pollTimeoutMs must be at least 100.",
      advice: "Nothing was changed.",
    });
  });

  it.each([
    [0, "unreachable", "npm start"],
    [0, "timeout", "may still happen"],
    [403, "forbidden", "address"],
    [501, "not-yet", "later version"],
    [503, "no-replica", "strip of processes"],
    [502, "replica-gone", "Look whether it is there"],
    [504, "replica-silent", "Look whether it is there"],
  ])("PG1 %i %s has advice of its own", (status, code, advice) => {
    expect(failureWords("Not sent.", new ApiFailure(status, code, "Why.")).advice).toContain(
      advice,
    );
  });

  it("PG1 a fault of the page itself is told as one", () => {
    expect(failureWords("Not sent.", new TypeError("x")).advice).toContain("reload");
  });
});
