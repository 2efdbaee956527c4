import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { historyViews } from '../../src/screens/history.js';
import { historyFile } from '../../src/screens/history-file.js';
import type { AccountHistory, Histories, HistoryEntry } from '../../src/services/history/history.js';
import { expectWithinLimits } from '../commands/support/limits.js';
import { leg, option, x } from '../domain/build.js';
import { NAME } from '../services/support/builders.js';

const entry = (change: Partial<HistoryEntry> = {}): HistoryEntry => ({
  opening: 'order:900',
  underlying: 'QQQ',
  legs: [leg('-2 QQQ 2026-12-18 480 P @ 3.10', 0), leg('2 QQQ 2026-12-18 475 P @ 2.10', 0)],
  openedAt: new Date('2026-11-12T15:00:00Z'),
  closedAt: new Date('2026-11-24T15:00:00Z'),
  whole: true,
  begunEarlier: false,
  closings: [],
  endings: new Set(['traded']),
  ways: new Set(['traded']),
  goesOn: false,
  closedBy: new Set(['417']),
  opened: x('197.70'),
  net: x('118.76'),
  fees: x('5.24'),
  positionId: 6,
  targets: 1,
  ...change,
});
const account = (change: Partial<AccountHistory> = {}): AccountHistory => ({
  name: NAME,
  entries: [entry()],
  steps: [],
  unsure: [],
  odd: 0,
  unsettled: [],
  ...change,
});
const asked: Histories = {
  since: new Date('2026-10-26T04:00:00Z'),
  period: '30-days',
  underlying: null,
  read: [],
  unread: [],
  missing: [],
};
const linesOf = (change?: Partial<AccountHistory>, more: Partial<Histories> = {}) =>
  historyViews(account(change), { ...asked, ...more }, 'PAPER')
    .map(({ content }) => content.replaceAll('\u00a0', ' ').replaceAll('\u2060', ''))
    .join('\n')
    .split('\n');

describe('the history', () => {
  it('says what was made, of what, and how each position went', () => {
    const lost = entry({
      net: x('-302.24'),
      positionId: null,
      targets: 0,
      ways: new Set(['traded', 'expired'] as const),
      whole: false,
      begunEarlier: true,
    });
    expect(linesOf({ entries: [entry(), lost] })).toEqual([
      '**−$183.48 realised** · last 30 days · 2 positions',
      '**1 of 2** with a profit · **1 target** filled · held 12 days on average · fees $10.48',
      '',
      '**+$118.76** · #6 QQQ Bull put vertical × 2 · 18 Dec 26',
      '-# 60.1 % of credit · 12 days · target filled 24 Nov 26',
      '',
      '**−$302.24** · QQQ Bull put vertical × 2 · 18 Dec 26',
      '-# −152.9 % of credit · 12 days · closed and expired 24 Nov 26 · part of it is still open · what was closed earlier is not in it',
      '',
      '-# By the broker’s ledger, after fees: an order closes what it was for, else the oldest. Shares, dividends and interest are not in it.',
      '-# **PAPER** · account …0001',
    ]);
  });

  it('says of what was rolled that it was, and whether that goes on', () => {
    const rolled = { targets: 0, net: x('-50'), ways: new Set(['rolled'] as const) };
    const part = { ...rolled, ways: new Set(['traded', 'rolled'] as const), goesOn: true };
    const lines = linesOf({ entries: [entry(rolled), entry(part), entry({ ...part, targets: 1 })] });
    expect(lines[1]).toContain('**0 of 3** with a profit · **1 target** filled · 3 rolled · ');
    expect(lines[4]).toMatch(/ · rolled 24 Nov 26$/);
    expect(lines[7]).toMatch(/ · closed and rolled 24 Nov 26 · its chain goes on$/);
    expect(lines[10]).toContain('closed and rolled 24 Nov 26');
  });

  it('says that nothing was closed, and of what', () => {
    expect(linesOf({ entries: [] }, { underlying: 'iwm' })[0]).toBe(
      '**Nothing was closed** · last 30 days · IWM',
    );
  });

  it('says whatever leaves the sum unsure', () => {
    const text = linesOf({
      unsure: [option('QQQ 2026-12-18 480 P')],
      odd: 2,
      unsettled: [option('SPY 2026-11-20 600 P')],
    });
    expect(text).toContain(
      '❔ **QQQ 18 Dec 26 480 P** doesn’t add up with what is held: the ledger may lack rows still, so the sum may change.',
    );
    expect(text).toContain('❔ **2 rows** of the ledger can’t be read and are in no sum.');
    expect(text).toContain(
      'SPY 20 Nov 26 600 P expired and is not settled yet; what that makes is not in the sum.',
    );
  });

  it('lists thirty and counts the rest, within Discord’s limits and a lock screen', () => {
    const any = fc.record({
      count: fc.integer({ min: 0, max: 90 }),
      cents: fc.integer({ min: -9_000_000, max: 9_000_000 }),
    });
    fc.assert(
      fc.property(any, ({ count, cents }) => {
        const entries = Array.from({ length: count }, () => entry({ net: x(`${cents}/100`) }));
        const views = historyViews(account({ entries }), asked, 'PAPER');
        for (const view of views) expectWithinLimits(view);
        const text = views.map(({ content }) => content).join('\n');
        expect(text.split('\n')[0]?.length).toBeLessThanOrEqual(80);
        expect(text.split('Bull put vertical')).toHaveLength(Math.min(count, 30) + 1);
        expect(text.includes(`${count - 30} earlier position`)).toBe(count > 30);
      }),
      { numRuns: 40 },
    );
  });

  it('as a table has a row per position, and nothing in it that a spreadsheet would run', () => {
    const odd = entry({
      underlying: '=1+1',
      legs: [leg('-1 QQQ 2026-12-18 480 P @ 3.10', 0)],
      net: x('-1/3'),
    });
    const rows = historyFile([account({ entries: [entry(), odd] })]).split('\r\n');
    expect(rows[1]).toBe(
      '2026-11-24T15:00:00.000Z,2026-11-12T15:00:00.000Z,…0001,QQQ,#6,Bull put vertical × 2,short 2 QQQ 18 Dec 26 480 P; long 2 QQQ 18 Dec 26 475 P,118.76,197.7,5.24,12,target filled,no,900,417',
    );
    expect(rows[2]).toContain("…0001,'=1+1,#6,Short put,short 1 QQQ 18 Dec 26 480 P,-0.3333,");
    expect(rows[3]).toBe('');
  });
});
