/**
 * Redis' glob patterns, as PSUBSCRIBE and PUBSUB CHANNELS use them: `*`, `?`, `[a-z]`, `[^a]`, and
 * `\` before a character that means itself. Byte by byte, over latin1 strings.
 *
 * Written as Redis writes it, its habits included: a class that is never closed ends with the
 * pattern. Backtracks to the last `*` only, so that no pattern takes exponential time.
 */
export function matchesGlob(pattern: string, text: string): boolean {
  let at = 0;
  let inPattern = 0;
  let star = -1;
  let starAt = 0;
  while (at < text.length) {
    const mark = pattern[inPattern];
    if (mark === "*") {
      star = inPattern++;
      starAt = at;
      continue;
    }
    const step = mark === undefined ? undefined : matchOne(pattern, inPattern, text[at] ?? "");
    if (step?.matches) {
      inPattern = step.next;
      at++;
    } else if (star >= 0) {
      inPattern = star + 1;
      at = ++starAt;
    } else {
      return false;
    }
  }
  while (pattern[inPattern] === "*") inPattern++;
  return inPattern >= pattern.length;
}

interface Step {
  matches: boolean;
  /** Where the pattern goes on. */
  next: number;
}

function matchOne(pattern: string, from: number, char: string): Step {
  switch (pattern[from]) {
    case "?":
      return { matches: true, next: from + 1 };
    case "[":
      return matchClass(pattern, from + 1, char);
    case "\\":
      if (from + 1 < pattern.length) {
        return { matches: pattern[from + 1] === char, next: from + 2 };
      }
      return { matches: char === "\\", next: from + 1 };
    default:
      return { matches: pattern[from] === char, next: from + 1 };
  }
}

function matchClass(pattern: string, from: number, char: string): Step {
  let at = from;
  const negated = pattern[at] === "^";
  if (negated) at++;
  let found = false;
  while (at < pattern.length && pattern[at] !== "]") {
    if (pattern[at] === "\\" && at + 1 < pattern.length) {
      if (pattern[at + 1] === char) found = true;
      at += 2;
    } else if (pattern[at + 1] === "-" && at + 2 < pattern.length) {
      const [low, high] = [pattern[at] ?? "", pattern[at + 2] ?? ""].sort();
      if (char >= (low ?? "") && char <= (high ?? "")) found = true;
      at += 3;
    } else {
      if (pattern[at] === char) found = true;
      at++;
    }
  }
  return { matches: found !== negated, next: Math.min(at + 1, pattern.length) };
}
