import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Execution } from '../../src/domain/execution.js';
import { groupPositions } from '../../src/domain/grouping.js';
import { priceText } from '../../src/domain/text.js';
import type { BrokerOrder } from '../../src/domain/types.js';
import { legsText, spreadText } from '../../src/screens/format.js';
import { ordersViews } from '../../src/screens/orders.js';
import { entryText, heading, legs, targetsText } from '../../src/screens/position.js';
import { endedView, previewViews } from '../../src/screens/preview.js';
import { lockedText } from '../../src/screens/preview-notes.js';
import { beginsResult, headline, reportViews } from '../../src/screens/report.js';
import { statusViews } from '../../src/screens/status.js';
import type { View } from '../../src/screens/view.js';
import { workingOrders } from '../../src/services/orders/working-orders.js';
import type { Overrides } from '../../src/services/previews/overrides.js';
import { canSubmit, type Preview } from '../../src/services/previews/preview.js';
import { anyReport, book, circumstances, outside, previewOf } from '../commands/support/arbitraries.js';
import { expectWithinLimits, labelsOf, plainTextOf, textOf } from '../commands/support/limits.js';
import { d, filledOrder, holding, option, workingOrder, x } from '../domain/build.js';
import { line, NAME, report, T0, TRADER } from '../services/support/builders.js';
import { bookOf, CLEAN, freeOf, TRIDENT } from '../services/support/scene.js';
import { positionsViews } from './support/positions-views.js';

/** Penny ticks, and a broker that objects to nothing. */
const CLEAR = { increment: d('0.01'), trials: [CLEAN], locked: null };

const EMPTY: Preview = {
  planId: 'AbCdEf-_0123',
  account: '5WT00001',
  name: NAME,
  overrides: {},
  dryRun: false,
  expiresAt: T0,
  orders: 0,
  actor: { userId: TRADER, guildId: null, channelId: '1', roleIds: [] },
  positions: [],
  leftOut: [],
  locked: null,
  halt: null,
  givingWay: [],
  bared: [],
  close: null,
  quotes: new Map(),
  marksMissing: null,
  odd: [],
};

function expectMessages(views: readonly View[]): void {
  expect(views.length).toBeGreaterThan(0);
  for (const view of views) expectWithinLimits(view);
}

describe('a preview', () => {
  it('shows as many orders as Submit says, and promises none that is blocked', async () => {
    await fc.assert(
      fc.asyncProperty(book(30), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const text = plainTextOf(previewViews(preview, 'PAPER', T0));
        const shown = text.split('\n').filter((line) => / · You (pay|receive) /.test(line));
        expect(shown.filter((line) => !line.startsWith('⛔'))).toHaveLength(preview.orders);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('fits Discord’s limits however many positions and whatever the broker says', async () => {
    await fc.assert(
      fc.asyncProperty(book(40), circumstances, async (given, how) => {
        expectMessages(previewViews(await previewOf(given, how), 'PRODUCTION', T0));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('offers Submit once, under the last message, with the number of orders, and only if there is something to send', async () => {
    await fc.assert(
      fc.asyncProperty(book(12), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const views = previewViews(preview, 'PAPER', T0);
        const submits = labelsOf(views).filter((label) => label.startsWith('Submit'));
        const expected = `Submit ${preview.orders} GTC order${preview.orders === 1 ? '' : 's'}`;
        expect(submits).toEqual(canSubmit(preview) ? [expected] : []);
        for (const view of views.slice(0, -1)) expect(view.components).toEqual([]);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('says where it would go and, if there is something to send, that it isn’t sent yet and when it expires', async () => {
    await fc.assert(
      fc.asyncProperty(book(3), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const text = textOf(previewViews(preview, 'PRODUCTION', T0));
        expect(text).toContain('**PRODUCTION**');
        const waits = canSubmit(preview);
        expect(text.includes('Not sent yet')).toBe(waits);
        expect(text.includes(`<t:${preview.expiresAt.getTime() / 1000}:R>`)).toBe(waits);
        expect(text).not.toContain(preview.account);
        if (preview.locked) expect(text).toContain(lockedText(preview.locked));
        if (preview.halt) expect(text).toContain('Nothing can be sent: halted by');
      }),
      { numRuns: 30 },
    );
  });

  it('says beside Submit how many of its orders fill at once', async () => {
    // The three limits are 1.20, 0.80 and 0.50; each vertical's natural price is 1.05 − 0.10.
    const short = { bid: d('1.00'), ask: d('1.05'), mark: d('1.02') };
    const long = { bid: d('0.10'), ask: d('0.15'), mark: d('0.12') };
    const symbols = TRIDENT.held.map(({ instrument }) => instrument.symbol);
    const quotes = new Map(symbols.map((symbol, index) => [symbol, index % 2 === 0 ? short : long]));
    const given = bookOf(TRIDENT.held, [TRIDENT.opening], [], quotes);
    const text = textOf(previewViews(await previewOf(given, CLEAR), 'PAPER', T0));
    expect(text).toContain('⚡ **1 of these 3 fills at once: the market is already there.**');
    const call = holding('1 QQQ 2026-12-18 480 C @ 0.40');
    const one = bookOf([call], [], [], new Map([[call.instrument.symbol, short]]));
    const alone = textOf(previewViews(await previewOf(one, CLEAR), 'PAPER', T0));
    expect(alone.match(/⚡/g), 'said once').toHaveLength(1);
    expect(alone).toContain('fills at once');
  });

  it('without marks says that nobody can tell whether a target is past', async () => {
    const given = bookOf(TRIDENT.held, [TRIDENT.opening]);
    const text = textOf(previewViews(await previewOf(given, CLEAR), 'PAPER', T0));
    expect(text).toContain(
      'The broker serves no marks for these contracts. Where a mark is missing, no distance to the market is shown, nor whether a target is already past.',
    );
  });

  it('of one percentage over several kinds of entry says of what it is, and that it is none of the total', async () => {
    const call = ['1 QQQ 2026-12-18 490 C @ 4.20'].map((text) => holding(text));
    const bought = filledOrder('101', ['buy-to-open 1 QQQ 2026-12-18 490 C @ 4.20']);
    const both = bookOf([...TRIDENT.held, ...call], [TRIDENT.opening, bought]);
    const text = async (given: typeof both, overrides: Overrides) =>
      textOf(previewViews(await previewOf(given, CLEAR, overrides), 'PAPER', T0));
    expect(await text(both, { percent: d(50) })).toContain(
      '50 %: of the credit for 2 and of the debit for 1; not of this total.',
    );
    expect(await text(both, {})).not.toContain('of this total');
    const one = bookOf(TRIDENT.held, [TRIDENT.opening]);
    expect(await text(one, { percent: d(50) })).not.toContain('of this total');
  });

  it('of a position opened by a roll says that the legs before are not in its numbers', async () => {
    const roll = filledOrder('101', [
      'buy-to-close 1 QQQ 2026-12-18 480 P @ 6.00',
      'sell-to-open 1 QQQ 2027-01-15 475 P @ 7.50',
    ]);
    const given = bookOf([holding('-1 QQQ 2027-01-15 475 P @ 7.50')], [roll]);
    const words =
      'Opened by a roll (order 101): what the legs it closed made or lost is not in these numbers.';
    expect(textOf(previewViews(await previewOf(given, CLEAR), 'PAPER', T0))).toContain(words);
    expect(textOf(positionsViews(given, given.positions, 'PAPER', T0))).toContain(words);
    const plain = bookOf(TRIDENT.held, [TRIDENT.opening]);
    expect(textOf(positionsViews(plain, plain.positions, 'PAPER', T0))).not.toContain('roll');
  });

  it('marks as inferred what no opening order explains', async () => {
    const view = async (orders: BrokerOrder[]) =>
      textOf(previewViews(await previewOf(bookOf(TRIDENT.held, orders), CLEAR), 'PAPER', T0));
    expect(await view([])).toContain('(inferred)');
    expect(await view([TRIDENT.opening])).not.toContain('inferred');
  });

  it('of what is covered names the orders and the way to change them', async () => {
    const open = workingOrder('417', [
      'buy-to-close 2 QQQ 2026-12-18 480 P @ 1',
      'sell-to-close 2 QQQ 2026-12-18 475 P @ 1',
      'buy-to-close 1 QQQ 2026-12-18 520 C @ 1',
      'sell-to-close 1 QQQ 2026-12-18 525 C @ 1',
    ]);
    const given = bookOf(TRIDENT.held, [TRIDENT.opening], [open]);
    const text = textOf(previewViews(await previewOf(given, CLEAR), 'PAPER', T0));
    expect(text).toContain(
      'Everything is covered by working orders already: 417. To change a target, pick it under `/orders`.',
    );
  });

  const closing = (id: string, more: Partial<BrokerOrder> = {}) => ({
    ...workingOrder(id, ['buy-to-close 2 QQQ 2026-12-18 480 P', 'sell-to-close 2 QQQ 2026-12-18 475 P']),
    ...more,
  });
  const PUTS_HELD = TRIDENT.held.slice(0, 2);
  const PUTS_OPENED = filledOrder('100', [
    'sell-to-open 2 QQQ 2026-12-18 480 P @ 4.00',
    'buy-to-open 2 QQQ 2026-12-18 475 P @ 2.00',
  ]);
  const previewed = async (orders: BrokerOrder[], overrides: Preview['overrides'] = {}) => {
    const preview = await previewOf(bookOf(PUTS_HELD, [PUTS_OPENED], orders), CLEAR);
    return textOf(previewViews({ ...preview, overrides }, 'PAPER', T0));
  };

  it.each<[string, BrokerOrder, string]>([
    [
      'a stop',
      closing('417', { orderType: 'Stop Limit', stopTrigger: d('3.1'), price: d('3.3') }),
      'Order 417 (stop limit at 3.10, limit 3.30; placed elsewhere; reserves 2 contracts) is no profit target.',
    ],
    [
      'one leg',
      workingOrder('417', ['sell-to-close 2 QQQ 2026-12-18 475 P']),
      'Order 417 (closes one leg only; placed elsewhere; reserves 2 contracts) is no profit target.',
    ],
  ])('never calls covered what only %s works on', async (_what, order, sentence) => {
    const text = await previewed([order]);
    expect(text).not.toContain('Everything is covered');
    expect(text).toContain(sentence);
    expect(text).toContain(
      'Bull put vertical: 2 of 2 without a target can’t be closed now, reserved by working orders.',
    );
    expect(text).toContain('cancel those orders first: `/orders`.');
  });

  it('counts a limit and its stop once', async () => {
    const complex = { id: '9', tag: 'OCO::order' };
    const stop = { orderType: 'Stop Limit', stopTrigger: d('3.1'), price: d('3.3'), complex };
    const text = await previewed([closing('417', { complex }), closing('418', stop)]);
    expect(text).toContain('480P: 2 held · 2 working to close');
    expect(text).toContain('Everything is covered by working orders already: 417.');
  });

  it.each<[string, Preview['overrides']]>([
    ['price of 0.45', { price: d('0.45') }],
    ['percentage of 50 %', { percent: d(50) }],
    ['ladder of 40 %, 60 %', { ladder: [d(40), d(60)] }],
  ])('says that a %s is not used where nothing can be placed', async (given, overrides) => {
    expect(await previewed([closing('417')], overrides)).toContain(`**Your ${given} is not used:**`);
    expect(await previewed([], overrides)).not.toContain('is not used');
  });

  const CONDOR = [
    '1 QQQ 2026-12-18 440 P @ 1.00',
    '-1 QQQ 2026-12-18 450 P @ 2.00',
    '-1 QQQ 2026-12-18 550 C @ 1.80',
    '1 QQQ 2026-12-18 560 C @ 0.90',
  ];
  const opening = (legs: readonly string[]) =>
    filledOrder(
      '100',
      legs.map((text) => (text.startsWith('-') ? `sell-to-open ${text.slice(1)}` : `buy-to-open ${text}`)),
    );
  const ofCondor = async (held: string[], orders: BrokerOrder[], overrides: Overrides = {}) => {
    const given = bookOf(
      held.map((text) => holding(text)),
      [opening(CONDOR)],
      orders,
    );
    return textOf(previewViews(await previewOf(given, CLEAR, overrides), 'PAPER', T0));
  };

  it('of a condor without its puts takes the price that was named, or says that it is not used', async () => {
    const calls = CONDOR.slice(2);
    const price = d('0.45');
    const free = await ofCondor(calls, [], { price });
    expect(free).toContain('**your price** 1 × 550/560C · You pay **0.45** · **+$45.00**');
    expect(free).not.toContain('Everything is covered');
    const close = workingOrder('417', [
      'buy-to-close 1 QQQ 2026-12-18 550 C',
      'sell-to-close 1 QQQ 2026-12-18 560 C',
    ]);
    const covered = await ofCondor(calls, [close], { price });
    expect(covered).toContain('**Your price of 0.45 is not used:**');
    expect(covered).toContain('Everything is covered by working orders already: 417.');
    expect(covered).not.toContain('You pay');
  });

  it.each<[string, string[], string]>([
    ['a vertical', CONDOR.slice(2), '% of credit (= maximum profit)'],
    ['a condor', CONDOR, '% of credit (= maximum profit)'],
    ['a short strangle, which has no other maximum', CONDOR.slice(1, 3), '% of credit'],
    [
      'a debit vertical',
      ['1 QQQ 2026-12-18 480 C @ 4', '-1 QQQ 2026-12-18 490 C @ 1.5'],
      '% of maximum profit',
    ],
  ])('says what a percentage of %s is of', async (_what, legs, base) => {
    const given = bookOf(
      legs.map((text) => holding(text)),
      [opening(legs)],
    );
    const lines = textOf(previewViews(await previewOf(given, CLEAR), 'PAPER', T0)).split('\n');
    expect(lines.find((line) => line.includes('% of'))).toMatch(
      new RegExp(`· ${base.replace(/[()]/g, '\\$&')}$`),
    );
  });

  it('calls a close of ours at a loss what it is, wherever it works', async () => {
    const order = closing('417', { price: d('6.98') });
    const { positions, ...book } = bookOf(PUTS_HELD, [PUTS_OPENED], [order]);
    const ours = positions.map((each) => ({
      ...each,
      working: each.working.map((part) => ({ ...part, linked: true })),
    }));
    expect(ours.map(targetsText)).toEqual(['closing: 417, limit 6.98, at a loss']);
    expect(positions.map(targetsText)).toEqual([
      'no targets · no target: 417 (limit 6.98, at a loss; placed elsewhere; reserves 2 contracts)',
    ]);
    const preview = await previewOf({ ...book, positions: ours }, CLEAR);
    expect(textOf(previewViews(preview, 'PAPER', T0))).toContain(
      'Order 417 is closing it: limit 6.98, at a loss.',
    );
  });

  it('of all positions names those it leaves out, and why', async () => {
    const { positions } = bookOf(PUTS_HELD, [PUTS_OPENED], [closing('417', { timeInForce: 'Day' })]);
    const preview = await previewOf(bookOf(TRIDENT.held, [TRIDENT.opening]), CLEAR);
    const text = textOf(previewViews({ ...preview, leftOut: positions }, 'PAPER', T0));
    expect(text).toContain('Not in this preview: nothing is free to close');
    expect(text).toContain('no target: 417 (Day limit 0.01; placed elsewhere; reserves 2 contracts)');
  });

  it('that ended says why in full limits and offers a fresh one', () => {
    fc.assert(
      fc.property(outside, (text) => {
        const view = { embeds: [], ...endedView({ planId: 'AbCdEf-_0123', pages: 1 }, text || '-') };
        expectWithinLimits(view);
        expect(labelsOf([view])).toEqual(['Fresh preview']);
      }),
    );
  });
});

describe('a result', () => {
  it('mentions the trader once, on the first page, and is known by that', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const [first, ...more] = reportViews(given, 'PAPER', NAME);
        expect(first?.content).toContain(`<@${TRADER}>`);
        expect(first && beginsResult(first)).toBe(true);
        for (const page of more) {
          expect(page.content).not.toContain(`<@${TRADER}>`);
          expect(beginsResult(page)).toBe(false);
        }
      }),
      { numRuns: 50 },
    );
  }, 60_000);

  it('counts each order exactly once in its headline', () => {
    fc.assert(
      fc.property(anyReport, ({ lines }) => {
        const text = headline(lines);
        const count = (word: string) => Number(new RegExp(`\\*\\*(\\d+) ${word}`).exec(text)?.[1] ?? 0);
        const placed = Number(/^\*\*(\d+)/.exec(text)?.[1]);
        expect(placed + count('refused') + count('not placed') + count('unknown')).toBe(lines.length);
      }),
      { numRuns: 200 },
    );
  });

  it('of results: the account by its name where it is one of several', () => {
    const roth = { digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true };
    const [{ content = '' } = {}] = reportViews(report(), 'PAPER', roth);
    expect(content.split('\n').slice(0, 2).join(' ')).toContain('…2222 (Roth IRA)');
    expect(content).toContain('account …2222 (Roth IRA) · GTC');
  });

  it('with an unknown order says not to place it again; without one, how to go on', () => {
    const unknown = textOf(
      reportViews(report([line(), line({ state: 'unknown', orderId: null })]), 'PAPER', NAME),
    );
    expect(unknown).toContain('Don’t place the unknown ones again');
    expect(unknown).toContain('An order may exist.');
    const refused = textOf(
      reportViews(report([line({ state: 'refused', orderId: null, reason: 'Too many' })]), 'PAPER', NAME),
    );
    expect(refused).toContain('Not placed: Too many');
    expect(refused).toContain('/targets');
    const fine = textOf(reportViews(report(), 'PAPER', NAME));
    expect(fine).not.toMatch(/again|fresh/);
  });

  it('says of an order cancelled on the command line where, and mentions nobody', () => {
    const cancelled = { userId: 'cli', successor: null };
    const ended = line({ orderState: 'cancelled', status: 'Cancelled', cancelled });
    expect(textOf(reportViews(report([ended]), 'PAPER', NAME))).toContain(
      'Cancelled by the command line. It',
    );
  });

  it('shows in red what the broker has otherwise, and what died at the venue', () => {
    const odd = reportViews(
      report([line({ mismatches: [{ what: 'price', planned: '0.67', echoed: '0.66' }] })]),
      'PAPER',
      NAME,
    );
    expect(textOf(odd)).toContain(
      '🔴 **The broker has something else than what was shown:** price: planned 0.67',
    );
    expect(odd[0]?.embeds[0]?.color).toBe(0xed4245);
    const dead = reportViews(
      report([line({ orderState: 'rejected', status: 'Rejected', reason: 'off tick' })]),
      'PAPER',
      NAME,
    );
    expect(textOf(dead)).toContain('Rejected at the venue: off tick. It is not working.');
    expect(textOf(dead)).toContain('**1 no longer working**');
    expect(dead[0]?.embeds[0]?.color).toBe(0xed4245);
    const gone = line({ orderState: 'rejected', status: 'Rejected' });
    const some = textOf(reportViews(report([gone, line({}), line({})]), 'PAPER', NAME));
    expect(some).toContain('if the rest fills');
  });

  it('says when an order that waits for the market will route', () => {
    const waiting = (opensAt: Date | null, fill: Execution | null = null) =>
      textOf(
        reportViews(
          report([line({ orderState: 'submitted', fill, units: 3 })], {
            phase: 'checked',
            waitsForOpen: { opensAt },
          }),
          'PAPER',
          NAME,
        ),
      );
    expect(waiting(T0)).toContain(`when it opens <t:${T0.getTime() / 1000}:f>`);
    expect(waiting(null)).toContain('at the next open');
    const part = { units: 1, price: x('0.80'), profit: x(70), percent: x(50) };
    expect(waiting(T0, part)).toMatch(/\*\*1 of 3 filled\*\* at .*the market is closed; it routes/);
  });
});

describe('legs in words', () => {
  const leg = (text: string, action: 'buy-to-close' | 'sell-to-close' = 'buy-to-close') => ({
    symbol: option(text).symbol,
    action,
    quantity: 2,
  });

  it('are short where strikes tell them apart', () => {
    expect(legsText([leg('QQQ 2026-12-18 480 P'), leg('QQQ 2026-12-18 475 P', 'sell-to-close')])).toBe(
      'buy to close 2\u00a0×\u00a0480P, sell to close 2\u00a0×\u00a0475P',
    );
  });

  it('go by both strikes where they are a vertical, the one bought first', () => {
    const put = (strike: number, action?: 'sell-to-close') => leg(`QQQ 2026-12-18 ${strike} P`, action);
    expect(spreadText([put(480), put(475, 'sell-to-close')])).toBe('2\u00a0×\u00a0480/475P');
    expect(spreadText([put(480, 'sell-to-close'), put(475)])).toBe('2\u00a0×\u00a0475/480P');
  });

  it('go by the strikes of both where they are two verticals of one expiration, counted apart where they differ', () => {
    const condor = [
      leg('QQQ 2026-12-18 480 P'),
      leg('QQQ 2026-12-18 475 P', 'sell-to-close'),
      leg('QQQ 2026-12-18 520 C'),
      leg('QQQ 2026-12-18 525 C', 'sell-to-close'),
    ];
    expect(spreadText(condor)).toBe('2\u00a0×\u00a0480/475P + 520/525C');
    const trident = condor.map((each, index) => (index < 2 ? each : { ...each, quantity: 1 }));
    expect(spreadText(trident)).toBe('2\u00a0×\u00a0480/475P + 1\u00a0×\u00a0520/525C');
    expect(spreadText(condor.slice(0, 3))).toBeNull();
  });

  it.each([
    ['a single leg', [leg('QQQ 2026-12-18 480 P')]],
    ['both bought', [leg('QQQ 2026-12-18 480 P'), leg('QQQ 2026-12-18 475 P')]],
    ['a put and a call', [leg('QQQ 2026-12-18 480 P'), leg('QQQ 2026-12-18 520 C', 'sell-to-close')]],
    ['a calendar', [leg('QQQ 2026-12-18 480 P'), leg('QQQ 2027-01-15 475 P', 'sell-to-close')]],
    ['two roots', [leg('SPX 2026-12-18 480 P'), leg('SPXW/SPX 2026-12-18 475 P', 'sell-to-close')]],
    [
      'a ratio',
      [leg('QQQ 2026-12-18 480 P'), { ...leg('QQQ 2026-12-18 475 P', 'sell-to-close'), quantity: 1 }],
    ],
    [
      'an order that opens',
      [leg('QQQ 2026-12-18 480 P'), { ...leg('QQQ 2026-12-18 475 P'), action: 'sell-to-open' as const }],
    ],
  ])('are spelt out for what is no vertical that closes: %s', (_what, legs) => {
    expect(spreadText(legs)).toBeNull();
  });

  it('name expiration and root where those differ: a calendar’s two legs never read the same', () => {
    const text = legsText([leg('QQQ 2026-12-18 480 P'), leg('QQQ 2027-01-15 480 P', 'sell-to-close')]);
    expect(text).toContain('18 Dec 26');
    expect(text).toContain('15 Jan 27');
    const roots = legsText([leg('SPX 2026-12-18 5800 P'), leg('SPXW/SPX 2026-12-18 5800 P')]);
    expect(roots).toContain('SPX ');
    expect(roots).toContain('SPXW ');
  });
});

describe('contracts that look alike', () => {
  const shown = (...held: string[]) => {
    const given = bookOf(held.map((text) => holding(text)));
    const [view] = given.positions;
    if (!view) throw new Error('no position');
    const previewed = { view, targets: [], notes: [], coverage: [...freeOf(given).values()] };
    const list = textOf(positionsViews(given, given.positions, 'PAPER', T0));
    return { list, preview: textOf(previewViews({ ...EMPTY, positions: [previewed] }, 'PAPER', T0)) };
  };

  it('are told apart by root, in lists and in coverage', () => {
    const { list, preview } = shown('-1 SPX 2026-12-18 5800 P @ 9', '1 SPXW/SPX 2026-12-18 5800 P @ 8');
    for (const text of [list, preview]) {
      expect(text).toContain('−1 × SPX 18 Dec 26 5800 P · +1 × SPXW 18 Dec 26 5800 P');
      expect(text).toContain('SPXW 18 Dec 26 (');
    }
    expect(preview).toContain('SPX 18 Dec 26 5800 P: 1 held');
    expect(preview).toContain('SPXW 18 Dec 26 5800 P: 1 held');
  });

  it('name the root that is not the underlying even where all are of it', () => {
    expect(shown('-1 SPXW/SPX 2026-12-18 5800 P @ 9').list).toContain('· SPXW 18 Dec 26 (');
    expect(shown('-1 SPX 2026-12-18 5800 P @ 9').list).toContain('· 18 Dec 26 (');
  });

  it('name an adjusted contract in full, its size included', () => {
    const given = [holding('-1 QQQ1/QQQ 2026-12-18 480 P @ 3')].map((each) => ({
      ...each,
      instrument: { ...each.instrument, multiplier: 50 },
    }));
    const [view] = bookOf(given).positions;
    expect(view && legs(view.position)).toBe('−1\u00a0×\u00a0QQQ1 18 Dec 26 480 P (x50)');
  });
});

describe('what a position was opened for', () => {
  const entryOf = (held: number[], opening = TRIDENT.opening, holdings = TRIDENT.held) => {
    const left = holdings.flatMap((each, index) =>
      held[index] ? [{ ...each, quantity: held[index] ?? 0 }] : [],
    );
    const [position] = groupPositions({ account: 'A', holdings: left, orders: [opening] });
    return position && entryText(position);
  };

  it('is a unit’s price, and the dollars of all units', () => {
    expect(entryOf([2, 2, 1, 1])).toBe('credit of 5.00 ($500.00)');
  });

  it('of a Trident closed in parts is that of the verticals still held, as its mark is', () => {
    expect(entryOf([1, 1, 1, 1])).toBe('credit of 3.00 ($300.00) for what is still held');
    expect(entryOf([0, 0, 1, 1])).toBe('credit of 1.00 ($100.00) for what is still held');
    expect(entryOf([2, 2, 0, 0])).toBe('credit of 2.00 ($400.00) for what is still held');
  });

  it('of a leg left alone says which way the money went for it', () => {
    expect(entryOf([0, 2, 0, 0])).toBe('debit of 2.00 ($400.00) for what is still held');
  });

  it('is rounded where fills average to no end', () => {
    const holdings = [holding('3 QQQ 2026-12-18 480 C')];
    const fills = ['1.00', '1.00', '1.10'].map((price, index) => ({
      id: `f${index}`,
      quantity: 1,
      price: d(price),
      at: T0,
    }));
    const opening = filledOrder('9', ['buy-to-open 3 QQQ 2026-12-18 480 C @ 1']);
    const legs = opening.legs.map((leg) => ({ ...leg, fills }));
    expect(entryOf([3], { ...opening, legs }, holdings)).toBe('debit of 1.0333 ($310.00)');
  });
});

describe('the heading of a position', () => {
  const twice = {
    ...TRIDENT.opening,
    legs: TRIDENT.opening.legs.map((leg) => ({
      ...leg,
      quantity: 2 * leg.quantity,
      fills: leg.fills.map((fill) => ({ ...fill, quantity: 2 * fill.quantity })),
    })),
  };
  const headed = (...held: number[]) => {
    const left = TRIDENT.held.map((each, index) => ({ ...each, quantity: held[index] ?? 0 }));
    const [view] = bookOf(
      left.filter(({ quantity }) => quantity > 0),
      [twice],
    ).positions;
    return view && heading(view);
  };

  it('counts units as they were opened, and none that no longer are any', () => {
    expect(headed(4, 4, 2, 2)).toBe('#37 QQQ Senex Trident × 2');
    expect(headed(2, 2, 1, 1)).toBe('#37 QQQ Senex Trident');
    expect(headed(4, 4, 0, 0)).toBe('#37 QQQ Put verticals × 4, rest of a Senex Trident');
    expect(headed(3, 3, 2, 2)).toBe('#37 QQQ Senex Trident (partly closed)');
  });
});

describe('the state of a position’s targets', () => {
  const close = (id: string, counts: number[]) =>
    workingOrder(
      id,
      TRIDENT.opening.legs.flatMap(({ instrument: { option: terms }, action }, index) =>
        counts[index]
          ? [
              `${action === 'sell-to-open' ? 'buy' : 'sell'}-to-close ${counts[index]} ` +
                `QQQ 2026-12-18 ${terms?.strike} ${terms?.type === 'put' ? 'P' : 'C'} @ 1`,
            ]
          : [],
      ),
    );
  const stateOf = (...orders: BrokerOrder[]) => {
    const [view] = bookOf(TRIDENT.held, [TRIDENT.opening], orders).positions;
    return view && targetsText(view);
  };

  it('takes one order over a whole Trident for both of its parts', () => {
    expect(stateOf(close('7', [2, 2, 1, 1]))).toBe('working: 7 (placed elsewhere)');
    expect(stateOf(close('7', [2, 2, 0, 0]), close('8', [0, 0, 1, 1]))).not.toContain('not everything');
  });

  it('calls nothing missing while an order’s fate is unknown', () => {
    const lost = (...orders: BrokerOrder[]) => {
      const [view] = bookOf(TRIDENT.held, [TRIDENT.opening], orders).positions;
      return view && targetsText({ ...view, underWay: true });
    };
    expect(lost()).toBe('⏳ an order is still being placed or looked for');
    expect(lost(close('7', [2, 2, 0, 0]))).toBe(
      'working: 7 (placed elsewhere) · ⏳ an order is still being placed or looked for',
    );
  });

  it('says when something is left over', () => {
    expect(stateOf()).toBe('no targets');
    expect(stateOf(close('7', [2, 2, 0, 0]))).toContain('not everything is covered');
    expect(stateOf(close('7', [1, 1, 1, 1]))).toContain('not everything is covered');
  });

  it.each<[string, string, Partial<BrokerOrder>]>([
    ['a stop', 'stop at 1.20', { orderType: 'Stop', price: null, stopTrigger: d('1.2') }],
    [
      'a stop limit',
      'stop limit at 1.20, limit 1.30',
      { orderType: 'Stop Limit', price: d('1.3'), stopTrigger: d('1.2') },
    ],
    ['a trailing stop', 'trailing stop', { orderType: 'Trailing Stop', price: null }],
    ['a market order', 'Day market order', { orderType: 'Market', timeInForce: 'Day', price: null }],
    ['an order by value', 'notional market order', { orderType: 'Notional Market', price: null }],
    ['a Day order', 'Day limit 0.01', { timeInForce: 'Day' }],
    ['an order with a date', 'GTD limit 0.01', { timeInForce: 'GTD' }],
    ['a limit at a loss', 'limit 2.10, at a loss', { price: d('2.1') }],
    ['a limit at the opening price', 'limit 2.00, without a profit', { price: d('2') }],
    [
      'an order that waits',
      'waits for a condition or another order',
      { contingent: true, status: 'Contingent' },
    ],
    ['an unknown status', 'in a status I don’t know (Odd)', { state: 'unrecognised', status: 'Odd' }],
  ])('says what %s is, that it reserves contracts, and that there is no target', (_what, words, change) => {
    const order = { ...close('7', [2, 2, 0, 0]), ...change };
    expect(stateOf(order)).toBe(
      `no targets · no target: 7 (${words}; placed elsewhere; reserves 2 contracts)`,
    );
  });

  it('says so of one leg of a spread, and of a roll', () => {
    expect(stateOf(close('7', [2, 0, 0, 0]))).toContain('7 (closes one leg only; placed elsewhere');
    const roll = workingOrder('7', [
      ...['buy-to-close 2 QQQ 2026-12-18 480 P', 'sell-to-close 2 QQQ 2026-12-18 475 P'],
      ...['sell-to-open 2 QQQ 2027-01-15 480 P', 'buy-to-open 2 QQQ 2027-01-15 475 P'],
    ]);
    expect(stateOf(roll)).toContain('7 (a roll that opens other contracts too; placed elsewhere');
  });

  it('takes a limit and its stop for one', () => {
    const complex = { id: '70', tag: 'OCO::order' };
    const stop = { orderType: 'Stop Limit', price: d('3.3'), stopTrigger: d('3.1') };
    const text = stateOf(
      { ...close('8', [2, 2, 0, 0]), ...stop, complex },
      { ...close('7', [2, 2, 0, 0]), complex },
    );
    expect(text).toBe(
      'working: 7 (or 8, stop limit at 3.10, limit 3.30: one cancels the other) (placed elsewhere) · not everything is covered',
    );
  });
});

describe('lists', () => {
  it('of positions: each with its id and state, within limits, and a menu entry for as many as menus hold', () => {
    fc.assert(
      fc.property(book(40), (given) => {
        const views = positionsViews(given, given.positions, 'PAPER', T0);
        expectMessages(views);
        const text = textOf(views);
        for (const { id, working } of given.positions) {
          expect(text).toContain(`**#${id} `);
          for (const { order } of working) expect(text).toContain(order.id);
        }
        const options = views
          .flatMap(({ components }) => components.flatMap((row) => row.components))
          .flatMap((each) => ('options' in each ? each.options : []));
        expect(options.map(({ value }) => value)).toEqual(given.positions.map(({ id }) => String(id)));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of more positions than menus hold still show them all', () => {
    const [given] = fc.sample(book(40), { numRuns: 1, seed: 7 });
    const [one] = given?.positions ?? [];
    if (!given || !one) throw new Error('no position');
    const many = Array.from({ length: 160 }, (_, index) => ({ ...one, id: index + 1 }));
    const views = positionsViews({ ...given, positions: many }, many, 'PAPER', T0);
    expectMessages(views);
    for (const { id } of many) expect(textOf(views)).toContain(`**#${id} `);
  });

  it('of none say so', () => {
    const [given] = fc.sample(book(1), { numRuns: 1, seed: 1 });
    if (!given) throw new Error('no book');
    expect(textOf(positionsViews(given, [], 'PAPER', T0))).toContain('No position matches');
    const qqq = bookOf(TRIDENT.held, [TRIDENT.opening]);
    expect(textOf(positionsViews(qqq, [], 'PAPER', T0, 'qqqq'))).toContain(
      'Nothing of QQQQ is held. The nearest that is: **QQQ**. Leave the filter empty to see all.',
    );
    expect(textOf(positionsViews(qqq, [], 'PAPER', T0, 'IBM'))).toContain(
      'Nothing of IBM is held. Held: QQQ.',
    );
    expect(textOf(positionsViews({ ...given, positions: [] }, [], 'PAPER', T0))).toContain(
      'No open option positions',
    );
    expect(textOf(ordersViews(given, [], 'PAPER'))).toContain('No closing order works');
  });

  it('of working orders: each with its id and price, within limits', async () => {
    await fc.assert(
      fc.asyncProperty(book(40), async (given) => {
        const orders = workingOrders(given);
        const views = ordersViews(given, orders, 'PAPER');
        expectMessages(views);
        for (const { order } of orders) expect(textOf(views)).toContain(`**Order ${order.id}**`);
        expect(orders).toHaveLength(given.openOrders.length);
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('of working orders say why no distance to the mark is shown', async () => {
    const open = workingOrder('417', ['buy-to-close 1 QQQ 2026-12-18 480 P @ 1']);
    const given = {
      ...bookOf(TRIDENT.held, [TRIDENT.opening], [open]),
      marksMissing: { why: 'not-served', contracts: 'all' } as const,
    };
    const orders = workingOrders(given);
    expect(textOf(ordersViews(given, orders, 'PAPER'))).toContain('The broker serves no marks');
  });

  it('of health: the environment in large letters, whatever the parts say', () => {
    const check = fc.record({ ok: fc.boolean(), seen: outside });
    const names = [
      ...(['gateway', 'broker', 'standing', 'stream', 'database'] as const),
      ...(['market', 'reminders', 'trading', 'looking'] as const),
    ];
    const status = fc.record(
      Object.fromEntries(names.map((name) => [name, check])) as Record<(typeof names)[number], typeof check>,
    );
    fc.assert(
      fc.property(status, (parts) => {
        const views = statusViews({
          environment: 'PRODUCTION',
          version: '1.2.3',
          accounts: [{ name: NAME, standing: parts.standing, stream: parts.stream }],
          missing: [],
          halt: null,
          oddSteps: null,
          odd: [],
          ...parts,
        });
        expectMessages(views);
        expect(plainTextOf(views)).toMatch(/^# PRODUCTION( · |\n)/);
        for (const { ok, seen } of Object.values(parts)) {
          expect(plainTextOf(views)).toContain(`${ok ? '🟢' : '🔴'} `);
          expect(plainTextOf(views).replaceAll(/\s+/g, '')).toContain(
            seen.slice(0, 300).replaceAll(/\s+/g, ''),
          );
        }
        expect(textOf(views)).not.toContain('5WT00001');
      }),
    );
  });
});

it('prices and amounts in words never lose a digit', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 9_999_999 }), (tenths) => {
      const price = d(tenths).div(1000);
      expect(d(priceText(price)).eq(price)).toBe(true);
    }),
  );
});

it('asks about as many look-alikes as a button can name, however long their ids are', () => {
  for (const length of [4, 18, 40]) {
    const lookalikes = [1, 2, 3, 4, 5].map((n) => String(n).repeat(length));
    const lines = [line({ state: 'unknown', orderId: null, lookalikes, intentId: 2_147_483_647 })];
    const ids = reportViews(report(lines), 'PAPER', NAME)
      .flatMap(({ components }) => components.flatMap((row) => ('components' in row ? row.components : [])))
      .flatMap((each) => ('custom_id' in each ? [each.custom_id] : []));
    expect(
      ids.some((id) => id.startsWith('targets:byhand:')),
      `${length} digits`,
    ).toBe(true);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(100);
    const [asked = ''] = ids.filter((id) => id.startsWith('targets:byhand:'));
    const offered = ids.filter((id) => id.startsWith('targets:ours:')).map((id) => id.split(':').at(-1));
    expect(asked.split(':').at(-1)).toBe(offered.join('.'));
  }
});
