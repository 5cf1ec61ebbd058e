import { defineConfig } from 'vitest/config';

/** The chart against a real Kubernetes control plane: `npm run test:helm`. Apart from `npm test`, as it needs more tools. */
export default defineConfig({
  test: {
    name: 'helm',
    root: import.meta.dirname,
    include: ['test/*.test.ts'],
    testTimeout: 120_000,
    // A control plane that was not built before is built from source: a quarter of an hour on two cores.
    hookTimeout: 1_800_000,
    fileParallelism: false,
  },
});
