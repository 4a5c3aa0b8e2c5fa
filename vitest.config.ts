import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["{shared,server,playground,scripts}/**/*.test.{ts,tsx,mjs}"],
    exclude: ["**/node_modules/**", "dist/**", "playground/e2e/**"],
    pool: "forks",
    maxWorkers: 2,
    testTimeout: 20_000,
    hookTimeout: 60_000,
  },
});
