import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The packages' own sources stand for them, so that tests need no build of theirs. */
const conditions = ['@profit-target/source', 'module', 'node', 'development|production'];
const fromSources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** The slowest files, slowest first: a fresh machine can't know them, and whichever began last would be waited for alone. */
const SLOW = `
  e2e/cli e2e/cancel e2e/two-processes e2e/crash db/reminders-processes e2e/start-without-discord e2e/doctor e2e/submit
  e2e/order-life e2e/settings e2e/discord-faults db/concurrency bot/results-once db/contract e2e/lost-answers
  e2e/reminders-calendar e2e/found-later db/model page/messages e2e/close db/database engine/delivery engine/once
  e2e/two-accounts e2e/pictures e2e/log-lost e2e/preview db/crash db/cancels page/visitor e2e/asleep e2e/reminders
  e2e/campaign db/reminders e2e/reminders-once page/composer db/postgres db/reminders-model
`
  .trim()
  .split(/\s+/)
  .map((name) => `/${name}.test.ts`);

/** More than cores, since most files wait most of the time; the same for all projects, so that they share them. */
const WORKERS = 6;

/** Files that put something in a module's place: these need modules of their own. */
const MOCKED = 'test/**/*.mocked.test.ts';

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = SLOW.findIndex((name) => moduleId.endsWith(name));
      return place < 0 ? SLOW.length : place;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

/**
 * All side by side: `unit` and `mocked` mostly reckon, `e2e` with its real processes and sockets mostly waits, so together
 * they keep two cores busy. Limits are generous (timing never decides a test).
 */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: [
      {
        ...fromSources,
        test: {
          name: 'unit',
          include: ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'],
          exclude: ['test/e2e/**', 'packages/local-discord/test/page/*.test.ts', MOCKED],
          setupFiles: ['test/support/exact-equality.ts'],
          // Half of the processor's time went into loading the same modules for each file anew.
          isolate: false,
          testTimeout: 60_000,
          hookTimeout: 60_000,
          maxWorkers: WORKERS,
        },
      },
      {
        ...fromSources,
        test: {
          name: 'mocked',
          include: [MOCKED],
          setupFiles: ['test/support/exact-equality.ts'],
          testTimeout: 60_000,
          maxWorkers: WORKERS,
        },
      },
      {
        ...fromSources,
        test: {
          name: 'e2e',
          // Each file opens a desk of its own; the modules it stands on and the compiled schema of Discord's API are shared.
          isolate: false,
          include: ['test/e2e/**/*.test.ts', 'packages/local-discord/test/page/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          maxWorkers: WORKERS,
        },
      },
    ],
  },
});
