import { describe, expect, it } from 'vitest';
import { assignedShares } from '../../../src/domain/assigned.js';
import type { LedgerRow } from '../../../src/domain/realised.js';
import { assignedWords } from '../../../src/screens/assigned.js';
import { AssignedProjector, AssignedReader } from '../../../src/services/noticing/assigned-projector.js';
import { NewShares } from '../../../src/services/noticing/new-shares.js';
import { plainTextOf } from '../../commands/support/limits.js';
import { d, holding, option } from '../../domain/build.js';
import { ledgerRow } from '../../domain/ledger-row.js';
import { ACCOUNT, CHANNEL, NAME, noticesWith, TRADER } from '../support/builders.js';
import { bookOf } from '../support/scene.js';

const AT = new Date('2026-11-23T15:00:00Z');
const minutes = (count: number) => new Date(AT.getTime() + count * 60_000);
const SHARES = { symbol: 'QQQ', underlying: 'QQQ', multiplier: 1, option: null };
const put = ledgerRow(900, null, AT, 0, { subType: 'Assignment' });
const bought = ledgerRow(901, null, AT, -48_005, {
  instrument: SHARES,
  subType: 'Buy to Open',
  quantity: d(100),
  price: d(480),
});
const SET = { account: ACCOUNT, channelId: CHANNEL, userId: TRADER, since: AT };

function projectorOf(rows: LedgerRow[]) {
  const reader = new AssignedReader({
    desks: { all: async () => [{ number: ACCOUNT, name: NAME }] as never },
    broker: { ledger: async () => ({ rows, odd: 0 }) },
    notices: { channelOf: async () => SET },
    clock: { now: () => AT },
  });
  return new AssignedProjector(reader, assignedWords('PAPER'), noticesWith({ opened: 'silent' }));
}

describe('shares by assignment', () => {
  it('are told by the ledger: no order traded them, and a contract at their price was assigned', () => {
    expect(assignedShares([put, bought])).toEqual([{ how: 'assignment', row: bought, contracts: [put] }]);
    const not = (row: Partial<LedgerRow>, option: Partial<LedgerRow> = {}) =>
      expect(
        assignedShares([
          { ...put, ...option },
          { ...bought, ...row },
        ]),
      ).toEqual([]);
    not({ orderId: '7' });
    not({ price: d(470) });
    not({ net: d(48_000) });
    not({ at: minutes(24 * 60 + 1) });
    not({}, { subType: 'Expiration' });
    not({}, { subType: 'Exercise' });
    const undo = ledgerRow(902, null, AT, 48_005, { instrument: SHARES, reverses: '901' });
    expect(assignedShares([put, bought, undo])).toEqual([]);
  });

  it('are told by the contracts of their own day, where the same strike was assigned on the day before', () => {
    const before = { ...put, id: '899', at: minutes(-24 * 60) };
    expect(assignedShares([before, put, bought])[0]?.contracts).toEqual([put]);
    expect(assignedShares([before, bought])[0]?.contracts).toEqual([before]);
  });

  it('are told of an exercise too, of which the types go the other way round', async () => {
    const call = ledgerRow(900, null, AT, 0, {
      subType: 'Exercise',
      instrument: option('QQQ 2026-12-18 480 C'),
    });
    expect(assignedShares([call, bought])).toEqual([{ how: 'exercise', row: bought, contracts: [call] }]);
    expect(assignedShares([{ ...call, subType: 'Assignment' }, bought])).toEqual([]);
    const sold = { ...bought, net: d(47_995) };
    expect(assignedShares([{ ...put, subType: 'Exercise' }, sold])[0]?.how).toBe('exercise');
    const [page] = (await projectorOf([call, bought]).project('901'))?.pages ?? [];
    expect(page && plainTextOf([page])).toContain('**100 QQQ shares came by exercise**');
    expect(page && plainTextOf([page])).toContain('by your long 1 × QQQ 18 Dec 26 480 C.');
  });

  it('are told with what they cost, and by which contract; nothing is offered', async () => {
    const sut = projectorOf([put, bought]);
    const screen = await sut.project('901');
    const [page] = screen?.pages ?? [];
    if (!page) throw new Error('nothing is said');
    expect(plainTextOf([page])).toContain('**100 QQQ shares came by assignment**');
    expect(plainTextOf([page])).toContain('cost **$48,005.00**');
    expect(plainTextOf([page])).toContain(
      'Bought at **480.00** each, by your short 1 × QQQ 18 Dec 26 480 P.',
    );
    expect([page.components, screen?.level, sut.newsOn(page, '901'), sut.newsOn(page, '90')]).toEqual([
      [],
      'silent',
      'assigned',
      null,
    ]);
    expect(await sut.project('902')).toBeNull();
  });

  it('are looked for when the shares held changed, for as long as the ledger may lag, and not at every look', async () => {
    let now = AT;
    let rows: LedgerRow[] = [];
    let reads = 0;
    const begun: string[] = [];
    const sut = new NewShares({
      notices: { channelOf: async () => SET },
      broker: {
        ledger: async () => {
          reads += 1;
          return { rows, odd: 0 };
        },
      },
      outbox: { begin: async (notes) => void begun.push(...notes.map(({ topic }) => topic)) },
      clock: { now: () => now },
      wake: () => {},
    });
    const held = bookOf([holding('100 QQQ @ 480')]);
    await sut.look(bookOf([]));
    await sut.look(bookOf([]));
    expect(reads).toBe(1);
    await sut.look(held);
    await sut.look(held);
    expect([reads, begun]).toEqual([2, []]);
    rows = [put, bought];
    now = minutes(10);
    await sut.look(held);
    expect([reads, begun]).toEqual([3, ['901']]);
    now = minutes(25 * 60);
    await sut.look(held);
    expect(reads).toBe(3);
  });

  it('from before an account’s notices were set are no news', async () => {
    const begun: unknown[] = [];
    const sut = new NewShares({
      notices: { channelOf: async () => ({ ...SET, since: minutes(1) }) },
      broker: { ledger: async () => ({ rows: [put, bought], odd: 0 }) },
      outbox: { begin: async (notes) => void begun.push(...notes) },
      clock: { now: () => minutes(2) },
      wake: () => {},
    });
    await sut.look(bookOf([holding('100 QQQ @ 480')]));
    expect(begun).toEqual([]);
  });
});
