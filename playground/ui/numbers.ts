/** Numbers as the page writes them: short, with thin separators, never with false precision. */

const GROUPED = new Intl.NumberFormat("en", { maximumFractionDigits: 0 });

/** `0`, `0.4`, `3.1`, `28`, `1,204`, `12.5k`. */
export function shortNumber(value: number): string {
  if (!Number.isFinite(value)) return "–";
  const size = Math.abs(value);
  if (size === 0) return "0";
  if (size < 0.05) return "<0.1";
  if (size < 9.95) return trimmed(value, 1);
  if (size < 10_000) return GROUPED.format(value);
  if (size < 1_000_000) return `${trimmed(value / 1_000, 1)}k`;
  return `${trimmed(value / 1_000_000, 1)}M`;
}

export function wholeNumber(value: number): string {
  return GROUPED.format(value);
}

/** `1 poll`, `1,204 polls`. */
export function counted(count: number, thing: string): string {
  return `${wholeNumber(count)} ${thing}${count === 1 ? "" : "s"}`;
}

/** Durations of hops: `80 µs`, `0.42 ms`, `3.1 ms`, `248 ms`, `9.2 s`. */
export function durationWords(ms: number): string {
  if (!Number.isFinite(ms)) return "–";
  if (ms < 0.1) return `${Math.round(ms * 1_000)} µs`;
  if (ms < 1) return `${ms.toFixed(2)} ms`;
  if (ms < 100) return `${trimmed(ms, 1)} ms`;
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${trimmed(ms / 1_000, 1)} s`;
  return `${trimmed(ms / 60_000, 1)} min`;
}

/** `312 B`, `4.1 KB`. */
export function bytesWords(bytes: number): string {
  if (bytes < 1_000) return `${bytes} B`;
  if (bytes < 1_000_000) return `${trimmed(bytes / 1_000, 1)} KB`;
  return `${trimmed(bytes / 1_000_000, 1)} MB`;
}

function trimmed(value: number, digits: number): string {
  return String(Number(value.toFixed(digits)));
}
