import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { boardView, boardWords } from '../../../src/screens/board.js';
import type { Book, OpenPosition } from '../../../src/services/accounts/positions.js';
import { BoardKeeper } from '../../../src/services/noticing/board-keeper.js';
import {
  type BoardLine,
  linesOf,
  MENDABLE,
  nextQuotes,
} from '../../../src/services/noticing/board-reader.js';
import { book as anyBook } from '../../commands/support/arbitraries.js';
import { expectWithinLimits, labelsOf, plainTextOf } from '../../commands/support/limits.js';
import { d, workingOrder } from '../../domain/build.js';
import { ACCOUNT, NAME } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const PUTS = ['buy-to-close 1 QQQ 2026-12-18 480 P @ 0', 'sell-to-close 1 QQQ 2026-12-18 475 P @ 0'];
const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C @ 0', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 0'];
const FULL = [
  workingOrder('701', PUTS, { price: d('1.20'), effect: 'debit' }),
  workingOrder('702', PUTS, { price: d('0.80'), effect: 'debit' }),
  workingOrder('703', CALLS, { price: d('0.50'), effect: 'debit' }),
];
const CLOSE = workingOrder('705', [...PUTS, ...PUTS, ...CALLS], { price: d(9), effect: 'debit' });
const STOP = workingOrder('704', PUTS, { orderType: 'Stop', price: null, effect: null, stopTrigger: d(4) });

const BOARD = { id: 3, account: ACCOUNT, channelId: '800', turn: 2, down: false };
const view = (book: Book, lines: readonly BoardLine[]) =>
  boardView({ board: BOARD, name: NAME, shown: { book, lines } }, 'PAPER');
const trident = (...open: Parameters<typeof bookOf>[2] & object) =>
  bookOf(TRIDENT.held, [TRIDENT.opening], open);

/** With all that works placed by us for its position, unless told otherwise. */
function shown(book: Book, { linked = true, gone = [] as string[] } = {}) {
  const positions = book.positions.map((each) => ({
    ...each,
    working: each.working.map((part) => ({ ...part, linked })),
  }));
  const lines = linesOf(
    { ...book, positions },
    gone.map((brokerOrderId) => ({ positionId: 37, brokerOrderId })),
  );
  return {
    standing: lines[0]?.standing,
    text: plainTextOf([view(book, lines)]),
    labels: labelsOf([view(book, lines)]),
  };
}

describe('how a position stands on a board', () => {
  it('is missing, partly covered, covered or covered from elsewhere, with its button where a preview mends it', () => {
    const none = shown(trident());
    expect([none.standing, none.labels]).toEqual(['missing', ['Targets #37']]);
    expect(none.text).toContain('**1** without targets');
    const part = shown(trident(...FULL.slice(0, 1)));
    expect([part.standing, part.labels]).toEqual(['part', ['Targets #37']]);
    expect(part.text).toContain('partly covered: 701');
    const matched = shown(trident(...FULL));
    expect([matched.standing, matched.labels]).toEqual(['matched', []]);
    expect(matched.text).toContain('Every position has its targets.');
    expect(matched.text).toContain('covered: 701, 702, 703');
    const elsewhere = shown(trident(...FULL), { linked: false });
    expect(elsewhere.text).toContain('covered, placed elsewhere: 701');
  });

  it('is stale where the broker no longer lists what is recorded as working', () => {
    const { standing, text, labels } = shown(trident(...FULL.slice(0, 1)), { gone: ['701', '709'] });
    expect([standing, labels]).toEqual(['stale', ['Targets #37']]);
    expect(text).toContain('stale: the broker no longer lists 709 · works: 701');
  });

  it('says where it is on its way, unless it is simply open', () => {
    const book = trident(...FULL);
    const at = (step: OpenPosition['step']) =>
      shown({ ...book, positions: book.positions.map((each) => ({ ...each, step })) })
        .text.split('\n')
        .find((line) => line.includes('#37'));
    expect(at('open')).toMatch(/Senex Trident\*\* · \d+ DTE/);
    expect(at('partly-closed')).toMatch(/Senex Trident\*\* · partly closed · \d+ DTE/);
    expect(at('closing')).toContain('· closing ·');
    expect(at('assigned')).toContain('· assigned by the ledger, though it is still listed ·');
  });

  it('is reserved by what is no target, and unknown while an order of ours is', () => {
    expect(shown(trident(STOP)).standing).toBe('reserved');
    expect(shown(trident(STOP)).text).toContain('reserved by 704');
    expect(shown(trident(CLOSE)).text).toContain('closing: 705');
    expect(shown(trident(CLOSE), { linked: false }).text).toContain('reserved by 705');
    const book = trident();
    const underWay = book.positions.map((each) => ({ ...each, underWay: true }));
    expect(shown({ ...book, positions: underWay }).standing).toBe('unsure');
  });

  it('says how far the nearest target is, and when it is there', () => {
    const quote = (bid: string) => ({ bid: d(bid), ask: d(bid), mark: d(bid) });
    const at = (put: string) =>
      new Map(
        [
          ['480', put],
          ['475', '1.00'],
        ].map(([strike, mark]) => [`QQQ   261218P00${strike}000`, quote(mark ?? '')]),
      ) as never;
    const told = (put: string) => {
      const book = bookOf(TRIDENT.held, [TRIDENT.opening], FULL, at(put));
      return plainTextOf([view(book, linesOf(book, []))]);
    };
    expect(told('2.65')).toContain('0.45 to go');
    expect(told('2.10')).toContain('⚡ at its target');
  });
});

describe('a board', () => {
  it('is known again by its number and the turn with which it was posted', () => {
    const words = boardWords('PAPER');
    const page = view(trident(), linesOf(trident(), []));
    expect([words.newsOn(page, '3'), words.newsOn(page, '4')]).toEqual(['turn-2', null]);
    const down = boardView({ board: { ...BOARD, down: true }, name: NAME, shown: null }, 'PAPER');
    expect([words.newsOn(down, '3'), plainTextOf([down]), down.components]).toEqual([
      'turn-2',
      expect.stringContaining('taken down'),
      [],
    ]);
  });

  it('is one message within Discord’s limits, with every position or how many more, what needs somebody first', () => {
    fc.assert(
      fc.property(anyBook(60), (book) => {
        const lines = linesOf(book, []);
        expect(lines.map((line) => line.view.id).sort((a, b) => a - b)).toEqual(
          book.positions.map(({ id }) => id).sort((a, b) => a - b),
        );
        const mend = lines.map(({ standing }) => MENDABLE.includes(standing));
        expect(mend).toEqual(mend.toSorted((a, b) => Number(b) - Number(a)));
        const page = view(book, lines);
        expectWithinLimits({ ...page, embeds: [] });
        const text = plainTextOf([page]);
        const told = [...text.matchAll(/^(?:\S+) \*\*#(\d+) /gmu)].map(([, id]) => Number(id));
        const more = Number(/… and (\d+) positions? more/.exec(text)?.[1] ?? 0);
        expect(told).toEqual(lines.slice(0, told.length).map((line) => line.view.id));
        expect(told.length + more).toBe(lines.length);
        const buttons = labelsOf([page]).filter((label) => label.startsWith('Targets #'));
        const wanted = lines.filter((_line, index) => mend[index]).slice(0, 15);
        expect(buttons).toEqual(wanted.map((line) => `Targets #${line.view.id}`));
      }),
      { numRuns: 25 },
    );
  });

  it('looks for quotes each minute while the market is open, and rarely else', () => {
    const wait = (now: string) => (nextQuotes(new Date(now)).getTime() - Date.parse(now)) / 1_000;
    expect(wait('2026-11-23T15:00:00Z')).toBe(60);
    expect(wait('2026-11-23T21:00:00Z')).toBe(900);
    expect(wait('2026-11-22T15:00:00Z')).toBe(900);
  });

  it('is looked at again when something on it changed, and not for quotes alone', async () => {
    const asked: string[] = [];
    const keeper = new BoardKeeper({
      store: { standingBoards: async () => [BOARD] },
      outbox: { ask: async (topics) => asked.push(...topics.map(({ topic }) => topic)) },
      clock: { now: () => new Date(0) },
      wake: () => {},
    });
    expect(await keeper.wants(ACCOUNT)).toBe(true);
    await keeper.look(trident());
    await keeper.look(trident());
    expect(asked).toEqual([]);
    await keeper.look(trident(...FULL));
    expect(asked).toEqual(['3']);
    await keeper.look(bookOf([]));
    expect(asked).toEqual(['3', '3']);
  });
});
