import { defineConfig } from "vitest/config";

export default defineConfig({
  oxc: { jsx: { runtime: "automatic", importSource: "preact" } },
  test: {
    include: ["test/**/*.test.{ts,tsx}"],
    environment: "node",
    testTimeout: 10_000,
    // swc is native code, and crashes now and then where threads that have loaded it end.
    pool: "forks",
    maxWorkers: 2,
  },
});
