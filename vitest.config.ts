import { defineConfig } from 'vitest/config';

/** The packages' own sources stand for them, so that tests need no build of theirs. */
const conditions = ['@profit-target/source', 'module', 'node', 'development|production'];

/**
 * Two projects, one after the other: `unit`, and `e2e`, which starts real processes and sockets. Its files mostly wait,
 * so three run side by side, and they get generous limits (timing never decides a test).
 */
export default defineConfig({
  test: {
    projects: [
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'packages/local-discord/test/page/*.test.ts'],
          setupFiles: ['test/support/exact-equality.ts'],
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // By default one fewer than cores, and on two cores half of these would wait for the other half's waiting.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        resolve: { conditions },
        ssr: { resolve: { conditions } },
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'packages/local-discord/test/page/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          maxWorkers: 3,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
