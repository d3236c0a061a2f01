import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/**/*.test.ts'],
    testTimeout: 30_000,
    pool: 'threads',
    // One of them would stay idle otherwise.
    maxWorkers: '100%',
    benchmark: { include: ['bench/micro/*.bench.ts'] },
  },
});
