/** What is wrong with an input, in plain words: `count: must be at most 16; it is 17`. */
import type { z } from "zod";

type Issue = z.core.$ZodIssue;

export function wordsOf(error: z.ZodError): string {
  return error.issues.map(sentence).join("; ");
}

function sentence(issue: Issue): string {
  const where = issue.path.join(".");
  return where === "" ? wordsOfIssue(issue) : `${where}: ${wordsOfIssue(issue)}`;
}

function wordsOfIssue(issue: Issue): string {
  switch (issue.code) {
    case "invalid_type":
      return issue.input === undefined ? "is needed" : `must be ${article(issue.expected)}`;
    case "too_small":
      return `must be at least ${issue.minimum}`;
    case "too_big":
      return `must be at most ${issue.maximum}`;
    case "unrecognized_keys":
      return `${issue.keys.map((key) => `“${key}”`).join(", ")} is not known here`;
    case "invalid_value":
      return `must be ${issue.values.map((value) => JSON.stringify(value)).join(" or ")}`;
    default:
      return issue.message;
  }
}

const NAMES: Record<string, string> = {
  int: "a whole number",
  number: "a number",
  string: "text",
  boolean: "true or false",
  object: "a JSON object",
};

function article(expected: string): string {
  return NAMES[expected] ?? expected;
}
