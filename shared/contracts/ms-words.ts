/** How settings and faults write a time: `0 ms`, `250 ms`, `1.5 s`, `25 s`, `2 min`. */
export function msWords(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  if (ms < 120_000) return `${rounded(ms / 1_000)} s`;
  return `${rounded(ms / 60_000)} min`;
}

function rounded(value: number): string {
  return String(Math.round(value * 10) / 10);
}
