import pino from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { Report, ReportLine } from '../../../src/ports/report.js';
import { FreshLooks } from '../../../src/services/telling/fresh-looks.js';
import { BriskClock } from '../support/brisk-clock.js';
import { line, plan, report } from '../support/builders.js';

/** What a look comes to: an order's state as it was read, that it couldn't be read, or trouble with the database. */
type Look = ReportLine['orderState'] | 'unread' | 'failing';

let told: ReportLine['orderState'][];
let marked = 0;
beforeEach(() => {
  told = [];
  marked = 0;
});

/** Looks at an order of which a message says that it was routed; after the last one it stays as it is. */
async function lookedAt(...looks: Look[]): Promise<void> {
  let next: Look = 'submitted';
  const read = async (): Promise<Report> => {
    next = looks.shift() ?? next;
    if (next === 'failing') throw new Error('SQLITE_BUSY');
    return report([
      next === 'unread' ? line({ orderState: 'submitted' }) : line({ orderState: next, read: true }),
    ]);
  };
  const looking = new FreshLooks({
    store: {
      markLooked: async () => {
        marked += 1;
      },
    },
    reports: { read },
    clock: new BriskClock('2026-11-23T15:00:00Z'),
    results: {
      update: async (_plan: unknown, { lines }: Report) => {
        told.push(lines[0]?.orderState ?? null);
        return 'told';
      },
    },
    log: pino({ level: 'silent' }),
  } as unknown as ConstructorParameters<typeof FreshLooks>[0]);
  looking.start(plan(), null);
  await looking.looked(plan().id);
}

it('looks until the order rests', async () => {
  await lookedAt('submitted', 'working');
  expect(told).toEqual(['submitted', 'working']);
  expect(marked).toBe(1);
});

it('a look that fails with the database, or reads nothing, is taken again: the message would go on saying what was', async () => {
  await lookedAt('failing', 'unread', 'failing', 'unread', 'working');
  expect(told).toEqual(['working']);
  expect(marked).toBe(1);
});

it('gives up what can’t be read for hours, and leaves it to the next start', async () => {
  await lookedAt('unread');
  expect(told).toEqual([]);
  expect(marked).toBe(0);
});

it('an order that neither rests nor dies is left after some looks', async () => {
  await lookedAt('submitted');
  expect(told).toEqual(['submitted', 'submitted', 'submitted']);
  expect(marked).toBe(1);
});
