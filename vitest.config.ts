import { defineConfig } from 'vitest/config';
import { BaseSequencer, type TestSpecification } from 'vitest/node';

/** The packages' own sources stand for them, so that tests need no build of theirs. */
const conditions = ['@profit-target/source', 'module', 'node', 'development|production'];
const fromSources = { resolve: { conditions }, ssr: { resolve: { conditions } } };

/**
 * The slowest files, about slowest first: a fresh machine can't know them, and whichever began last would be waited for alone.
 * Between those that wait for processes are some that reckon, else the processor would idle beside eight that wait.
 */
const SLOW = `
  e2e/cancel e2e/cli e2e/two-processes e2e/order-life e2e/submit db/reminders-processes db/concurrency db/contract
  e2e/doctor engine/once e2e/discord-faults db/reminders-model e2e/start-without-discord e2e/crash db/model e2e/close
  e2e/found-later bot/results-once e2e/settings e2e/lost-answers app/exits e2e/stop e2e/preview e2e/reminders-calendar
  engine/delivery e2e/asleep db/postgres e2e/two-accounts e2e/reminders page/messages e2e/pictures e2e/campaign
  e2e/ended-previews e2e/halt db/cancels e2e/expiration e2e/all domain/grouping-equality e2e/odd-rows e2e/reminders-once
  page/visitor db/fill-digests db/reminders page/composer e2e/start e2e/log-lost e2e/database-trouble e2e/slow-discord
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

/** So many of the slowest begin at once; more of them would all wait together, and the processor with them. */
const AHEAD = 4;

/** As many more are reckoned with as there are: so what reckons is last, and no core idles while another waits. */
const BEHIND = 10;

class SlowFirst extends BaseSequencer {
  override async sort(files: TestSpecification[]): Promise<TestSpecification[]> {
    const rank = ({ moduleId }: TestSpecification) => {
      const place = SLOW.findIndex((name) => moduleId.endsWith(name));
      return place >= 0 ? place : SLOW.length;
    };
    const waits = (file: TestSpecification) => rank(file) < SLOW.length || file.moduleId.includes('/e2e/');
    const sorted = (await super.sort(files)).sort((a, b) => rank(a) - rank(b));
    const apart = sorted.filter(({ project }) => project.name === 'mocked');
    const together = sorted.filter(({ project }) => project.name !== 'mocked');
    // Between others, those of a project of their own would each end a worker that the next could have had.
    return [
      ...apart,
      ...spread(
        together.filter(waits),
        together.filter((file) => !waits(file)),
      ),
    ];
  }
}

/** What waits, in its order, and between it, evenly, what reckons. */
function spread<T>(waiting: readonly T[], reckoning: readonly T[]): T[] {
  const between = reckoning.length / Math.max(1, waiting.length - AHEAD + BEHIND);
  const upTo = (index: number) => Math.round(Math.max(0, index - AHEAD + 1) * between);
  const mixed = waiting.flatMap((file, index) => [file, ...reckoning.slice(upTo(index - 1), upTo(index))]);
  return [...mixed, ...reckoning.slice(upTo(waiting.length - 1))];
}

const UNIT = ['test/**/*.test.ts', 'packages/*/test/**/*.test.ts'];
const E2E = ['test/e2e/**/*.test.ts', 'packages/local-discord/test/page/*.test.ts'];
const globalSetup = 'test/db/support/keep-postgres.ts';
const setupFiles = ['test/support/exact-equality.ts', 'test/support/migrated-memory.ts'];

/** A worker is kept from file to file: half of the processor's time went into loading the same modules anew. */
const shared = {
  globalSetup,
  setupFiles,
  isolate: false,
  testTimeout: 90_000,
  hookTimeout: 90_000,
  maxWorkers: WORKERS,
};

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
