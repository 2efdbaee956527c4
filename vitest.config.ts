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

/** Many more than cores, since most files wait most of the time; the same for all projects, so that they share them. */
const WORKERS = 8;

/**
 * A worker's SQLite takes each statement to the thread pool and back: with one thread that is a sixth cheaper than with four
 * that take turns. Read by a worker at its start; the bots that tests start have an environment of their own.
 */
process.env.UV_THREADPOOL_SIZE ??= '1';

/** Files that put something in a module's place: these need modules of their own. */
const MOCKED = 'test/**/*.mocked.test.ts';

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId, project }: TestSpecification) => {
      // Between others, each would end a worker that those after it could have had.
      if (project.name === 'mocked') return -1;
      const place = SLOW.findIndex((name) => moduleId.endsWith(name));
      if (place >= 0) return place;
      // What waits goes before what reckons, whose many short files fill the end evenly.
      return moduleId.includes('/e2e/') ? SLOW.length : SLOW.length + 1;
    };
    return (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
  }
}

const UNIT = ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'];
const E2E = ['test/e2e/**/*.test.ts', 'packages/local-discord/test/page/*.test.ts'];
const setupFiles = ['test/support/exact-equality.ts'];

/** A worker is kept from file to file: half of the processor's time went into loading the same modules anew. */
const shared = { setupFiles, isolate: false, testTimeout: 90_000, hookTimeout: 90_000, maxWorkers: WORKERS };

const unit = { ...fromSources, test: { ...shared, name: 'unit', include: UNIT, exclude: [...E2E, MOCKED] } };
/** Each file starts the processes it tests; the local servers and the compiled schema of Discord's API are shared. */
const e2e = { ...fromSources, test: { ...shared, name: 'e2e', include: E2E } };
const mocked = {
  ...fromSources,
  test: { setupFiles, name: 'mocked', include: [MOCKED], testTimeout: 60_000, maxWorkers: WORKERS },
};
/**
 * All side by side: `unit` mostly reckons, `e2e` with its real processes and sockets mostly waits, so together they keep
 * two cores busy. As one project, since a worker is kept only while the next file is of its own.
 */
const together = { ...fromSources, test: { ...shared, name: 'all', include: UNIT, exclude: [MOCKED] } };

const isNamed = process.argv.some((argument) => argument.startsWith('--project'));

/** Limits are generous (timing never decides a test). */
export default defineConfig({
  test: {
    sequence: { sequencer: SlowFirst },
    projects: isNamed ? [unit, e2e, mocked] : [together, mocked],
  },
});
