import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The packages' own sources stand for them, so that tests need no build of theirs. */
const conditions = ['@profit-target/source', 'module', 'node', 'development|production'];
const fromSources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/** The slowest files, slowest first: a fresh machine can't know them, and whichever began last would be waited for alone. */
const SLOW = [
  ...['e2e/doctor', 'e2e/start-without-discord', 'e2e/submit', 'e2e/found-later', 'e2e/cli', 'e2e/crash'],
  ...['e2e/discord-faults', 'page/messages', 'e2e/reminders-once', 'e2e/settings', 'e2e/two-processes'],
  ...['e2e/lost-answers', 'e2e/asleep', 'e2e/fault-runs', 'e2e/preview', 'page/visitor', 'e2e/reminders'],
  ...['e2e/reminders-calendar', 'page/composer', 'e2e/pictures'],
  ...['db/concurrency', 'db/reminders-processes', 'db/contract', 'db/reminders', 'db/model', 'db/crash'],
].map((name) => `/test/${name}.test.ts`);

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
 * One after the other: `unit` with `mocked`, and `e2e`, which starts real processes and sockets. Its files mostly wait,
 * so five run side by side, and they get generous limits (timing never decides a test).
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
          testTimeout: 30_000,
          hookTimeout: 30_000,
          // By default one fewer than cores, and on two cores half of these would wait for the other half's waiting.
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...fromSources,
        test: {
          name: 'mocked',
          include: [MOCKED],
          setupFiles: ['test/support/exact-equality.ts'],
          testTimeout: 30_000,
          maxWorkers: 3,
          sequence: { groupOrder: 0 },
        },
      },
      {
        ...fromSources,
        test: {
          name: 'e2e',
          include: ['test/e2e/**/*.test.ts', 'packages/local-discord/test/page/*.test.ts'],
          testTimeout: 90_000,
          hookTimeout: 90_000,
          maxWorkers: 5,
          sequence: { groupOrder: 1 },
        },
      },
    ],
  },
});
