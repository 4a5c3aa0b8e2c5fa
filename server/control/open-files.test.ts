import { expect, it } from "vitest";
import { OPEN_FILES_LIMIT } from "../wire/contract.ts";
import { tooManyForFiles } from "./open-files.ts";

const limits = { [OPEN_FILES_LIMIT]: { used: 0, limit: 9_800 } };

it("CT36 says when the system allows too few open files for so many clients", () => {
  const fits = { "long-polling": 4_900, "web-sockets": 4_900 };
  expect(tooManyForFiles(fits, limits)).toBeUndefined();
  expect(tooManyForFiles({ "long-polling": 20_000, "web-sockets": 20_000 }, {})).toBeUndefined();
  expect(tooManyForFiles({ ...fits, "web-sockets": 5_000 }, limits)).toMatch(
    /^9,900 clients are wanted, but only 9,800 will be let in: .*\(ulimit -n\)/,
  );
});
