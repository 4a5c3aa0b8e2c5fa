import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,server,playground,scripts}/**/*.test.{ts,tsx,mjs}"],
    exclude: ["**/node_modules/**", "dist/**", "playground/e2e/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
    // A busy machine may take seconds for what takes a millisecond; who waits in vain still fails.
    expect: { poll: { timeout: 15_000 } },
  },
});
