import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { StopWish } from '../../../src/domain/stop-price.js';
import { isOnTick } from '../../../src/domain/ticks.js';
import type { Broker, DryRun, OrderPair, OrderRequest, Remark } from '../../../src/ports/broker.js';
import { blockedText, previewNoteText } from '../../../src/screens/preview-notes.js';
import { insteadOf } from '../../../src/services/previews/instead.js';
import { PreviewPricer, type PricingRules } from '../../../src/services/previews/pricing.js';
import { d, holding, workingOrder } from '../../domain/build.js';
import { brokerWith } from '../support/builders.js';
import { bookOf, CLEAN, freeOf, TRIDENT } from '../support/scene.js';

const RULES: PricingRules = { rounding: 'nearest', spreadTicks: new Map(), maxOrderContracts: null };
const NICKEL_AND_DIME = [
  { below: d(3), increment: d('0.05') },
  { below: null, increment: d('0.10') },
];
const PENNIES = [{ below: null, increment: d('0.01') }];

function pricer(planned: Partial<Broker> = {}, rules: Partial<PricingRules> = {}) {
  const tried: OrderRequest[] = [];
  const broker = brokerWith({
    underlying: async (symbol) => ({
      symbol,
      isIndex: symbol === 'SPX',
      optionTicks: symbol === 'SPX' ? NICKEL_AND_DIME : PENNIES,
    }),
    dryRun: async (_account, order) => {
      tried.push(order);
      return CLEAN;
    },
    ...planned,
  });
  return { tried, sut: new PreviewPricer(broker, { ...RULES, ...rules }) };
}

const trident = () => bookOf(TRIDENT.held, [TRIDENT.opening]);
const warned = (...warnings: Remark[]): DryRun => ({ ...CLEAN, warnings });
const refused = (...errors: Remark[]): DryRun => ({ ...CLEAN, errors });

async function blockedBy(dryRun: Broker['dryRun']): Promise<string | null | undefined> {
  const book = trident();
  const [position] = await pricer({ dryRun }).sut.price(book, book.positions, {}, false);
  const blocked = position?.targets[0]?.blocked;
  return blocked && blockedText(blocked);
}

describe('what a preview offers', () => {
  it('the broker tries exactly what Submit would send: a Trident’s three orders', async () => {
    const book = trident();
    const { sut, tried } = pricer();
    const [position] = await sut.price(book, book.positions, {}, false);
    const orders = position?.targets.map(({ order }) => order) ?? [];
    expect(orders.map(({ price, effect, label }) => [label, effect, price.toFixed(2)])).toEqual([
      ['Put verticals (1 of 2)', 'debit', '1.20'],
      ['Put verticals (2 of 2)', 'debit', '0.80'],
      ['Call vertical', 'debit', '0.50'],
    ]);
    expect(tried).toEqual(
      orders.map(({ underlying, legs, price, effect }) => ({ underlying, legs, price, effect })),
    );
    expect(position?.targets.every(({ blocked }) => blocked === null)).toBe(true);
  });

  it('offers no Submit in place of an order while another one for its contracts is under way', async () => {
    const open = workingOrder('7', [
      'buy-to-close 1 QQQ 2026-12-18 480 P @ 1',
      'sell-to-close 1 QQQ 2026-12-18 475 P @ 1',
    ]);
    const instead = insteadOf(bookOf(TRIDENT.held, [TRIDENT.opening], [open]), '7');
    const book = { ...trident(), underWay: new Set(open.legs.map(({ instrument }) => instrument.symbol)) };
    const [position] = await pricer().sut.price(book, book.positions, {}, false, 'trader', instead);
    expect(position?.targets.map(({ blocked }) => blocked)).toEqual([{ code: 'UNDER_WAY' }]);
  });

  it('every price is on the grid that is stored beside it', async () => {
    const held = ['-1 SPXW/SPX 2026-12-18 5800 P @ 7.30', '1 SPXW/SPX 2026-12-18 5790 P @ 5.17'];
    const book = bookOf(held.map((text) => holding(text)));
    for (const rounding of ['nearest', 'profit'] as const) {
      const [position] = await pricer({}, { rounding }).sut.price(book, book.positions, {}, false);
      const [target] = position?.targets ?? [];
      expect(target && isOnTick(target.order.grid, target.order.price)).toBe(true);
      expect(target?.order.price.mod('0.05').isZero()).toBe(true);
    }
  });

  it('shows what is held against what works of each leg, before its own orders', async () => {
    const open = workingOrder('7', [
      'buy-to-close 1 QQQ 2026-12-18 480 P @ 1',
      'sell-to-close 1 QQQ 2026-12-18 475 P @ 1',
    ]);
    const book = bookOf(TRIDENT.held, [TRIDENT.opening], [open]);
    const [position] = await pricer().sut.price(book, book.positions, {}, false);
    expect(position?.coverage.map(({ held, working }) => [held, working])).toEqual([
      [2, 1],
      [2, 1],
      [1, 0],
      [1, 0],
    ]);
    for (const { order } of position?.targets ?? []) {
      for (const { symbol, quantity } of order.legs) {
        expect(quantity).toBeLessThanOrEqual(freeOf(book).get(symbol)?.free ?? 0);
      }
    }
  });
});

describe('the broker’s trial', () => {
  it('an error takes the Submit away, with its words', async () => {
    expect(await blockedBy(async () => refused({ code: 'margin', message: 'Not enough' }))).toBe(
      'The broker would refuse it: Not enough',
    );
  });

  it.each([
    { code: 'closing_with_no_position', message: 'No position to close' },
    { code: 'other', message: 'This will Buy to Open 1 contract' },
    { code: 'other', message: 'sell to open' },
  ])('a warning that a close would open something takes it away too: %j', async (warning) => {
    expect(await blockedBy(async () => warned(warning))).toContain('this would open a position');
  });

  it('any other warning is shown and blocks nothing', async () => {
    expect(await blockedBy(async () => warned({ code: 'next_session', message: 'Will be held' }))).toBeNull();
  });

  it.each([
    [
      new BrokerRefusal(422, 'preflight_check_failure', 'One or more checks failed', [
        { code: 'x', message: 'Account is frozen' },
      ]),
      'Account is frozen',
    ],
    [new BrokerRefusal(422, 'x', 'One or more checks failed'), 'One or more checks failed'],
    [new BrokerUnreachable('The broker doesn’t answer'), 'The broker doesn’t answer'],
  ])('one that fails takes it away, with the reason: %s', async (error, words) => {
    const blocked = await blockedBy(async () => {
      throw error;
    });
    expect(blocked).toBe(`The broker’s trial run failed: ${words}`);
  });

  it('of one target blocks no other', async () => {
    const book = trident();
    let calls = 0;
    const { sut } = pricer({
      dryRun: async () => {
        calls += 1;
        if (calls === 2) throw new BrokerUnreachable('no answer');
        return CLEAN;
      },
    });
    const [position] = await sut.price(book, book.positions, {}, false);
    expect(position?.targets.map(({ blocked }) => blocked === null)).toEqual([true, false, true]);
  });
});

describe('an order of unknown fate', () => {
  it('takes the Submit away for its contracts alone, and the broker isn’t even asked', async () => {
    const book = trident();
    const { sut, tried } = pricer();
    const [put] = book.holdings;
    book.underWay = new Set([put?.instrument.symbol ?? '']);
    const [position] = await sut.price(book, book.positions, {}, false);
    expect(position?.targets.map(({ blocked }) => blocked === null)).toEqual([false, false, true]);
    expect(position?.targets[0]?.blocked).toEqual({ code: 'UNDER_WAY' });
    expect(tried).toHaveLength(1);
  });
});

describe('several positions at once', () => {
  const odd = [
    '1 IWM 2026-12-18 200 C @ 1.00',
    '2 IWM 2026-12-18 210 C @ 1.00',
    '3 IWM 2026-12-18 190 P @ 1.00',
  ];
  const both = () => bookOf([...TRIDENT.held, ...odd.map((text) => holding(text))], [TRIDENT.opening]);

  it('lenient: what can’t be priced becomes a note, and the others go on', async () => {
    const book = both();
    const previewed = await pricer().sut.price(book, book.positions, {}, true);
    expect(previewed.find(({ view }) => view.position.underlying === 'QQQ')?.targets).toHaveLength(3);
    const custom = previewed.find(({ view }) => view.position.underlying === 'IWM');
    expect(custom?.targets).toEqual([]);
    expect(custom?.notes.map(previewNoteText).join()).toMatch(
      /no usual profit target.*Give a percentage or a price/,
    );
  });

  it('one limit price for several positions is refused, before anything is tried', async () => {
    const book = both();
    const { sut, tried } = pricer();
    await expect(sut.price(book, book.positions, { price: d('1.25') }, true)).rejects.toMatchObject({
      code: 'PRICE_NEEDS_ONE_TARGET',
    });
    expect(tried).toEqual([]);
    const custom = book.positions.filter(({ position }) => position.underlying === 'IWM');
    const [one] = await sut.price(book, custom, { price: d('1.25') }, true);
    expect(one?.targets.map(({ order }) => order.price.toString())).toEqual(['1.25']);
  });

  it('asked for by itself, it is refused with the reason', async () => {
    const book = both();
    const custom = book.positions.filter(({ position }) => position.underlying === 'IWM');
    await expect(pricer().sut.price(book, custom, {}, false)).rejects.toMatchObject({
      code: 'PERCENT_NEEDED',
    });
  });

  it('an underlying that can’t be read costs only its own positions', async () => {
    const book = both();
    const { sut } = pricer({
      underlying: async (symbol) => {
        if (symbol === 'IWM') throw new BrokerUnreachable('no answer about IWM');
        return { symbol, isIndex: false, optionTicks: PENNIES };
      },
    });
    const previewed = await sut.price(book, book.positions, { percent: d(50) }, true);
    expect(previewed.find(({ view }) => view.position.underlying === 'QQQ')?.targets.length).toBeGreaterThan(
      0,
    );
    expect(
      previewed.find(({ view }) => view.position.underlying === 'IWM')?.notes.map(previewNoteText),
    ).toEqual(['no answer about IWM']);
  });

  it('a fault of our own is no note', async () => {
    const book = both();
    const { sut } = pricer({
      underlying: async () => {
        throw new TypeError('a bug');
      },
    });
    await expect(sut.price(book, book.positions, {}, true)).rejects.toThrow(TypeError);
  });

  it('contracts that two positions share are closed once', async () => {
    const leg = '-1 QQQ 2026-12-18 480 P @ 3.00';
    const one = bookOf([holding(leg)]);
    const [view] = one.positions;
    if (!view) throw new Error('no position');
    // Two views of one contract, as when grouping and account disagree.
    const twice = [view, { ...view, id: 99 }];
    const previewed = await pricer().sut.price(one, twice, {}, true);
    expect(previewed.map(({ targets }) => targets.length)).toEqual([1, 0]);
  });

  it('an order larger than allowed is refused', async () => {
    const book = trident();
    const { sut } = pricer({}, { maxOrderContracts: 1 });
    await sut.price(book, book.positions, {}, false);
    await expect(sut.price(book, book.positions, { percent: d(50) }, false)).rejects.toMatchObject({
      code: 'ORDER_TOO_LARGE',
    });
  });
});

describe('a stop beside each target', () => {
  const both = (planned: Partial<Broker> = {}) => {
    const tried: OrderPair[] = [];
    const broker = pricer({
      dryRunPair: async (_account, pair) => {
        tried.push(pair);
        return CLEAN;
      },
      ...planned,
    });
    return { ...broker, pairs: tried };
  };
  const ask = async ({ sut }: ReturnType<typeof both>, stop: StopWish, book = trident()) => {
    const [position] = await sut.price(book, book.positions, { stop }, false);
    return position?.targets ?? [];
  };
  const percent = (of: number): StopWish => ({ percent: d(of) });

  it('is of the part’s own credit, and the broker tries that very pair beside the target alone', async () => {
    const broker = both();
    const targets = await ask(broker, percent(100));
    const told = targets.map(({ order: { price, stop } }) => [price, stop?.trigger, stop?.price].map(String));
    // Opened for 2.00 and for 1.00, so that twice that is paid.
    expect(told).toEqual([
      ['1.2', '4', '4.4'],
      ['0.8', '4', '4.4'],
      ['0.5', '2', '2.2'],
    ]);
    expect(broker.pairs).toEqual(
      targets.map(({ order: { underlying, legs, price, effect, stop } }) => {
        const target = { underlying, legs, price, effect };
        return { target, stop: { ...target, trigger: stop?.trigger, price: stop?.price } };
      }),
    );
    expect(broker.tried).toHaveLength(3);
    expect(targets.every(({ stopless }) => stopless === null)).toBe(true);
    // What it costs is told once: only one of both fills.
    expect(targets[0]?.dryRun?.fees).toEqual(CLEAN.fees);
  });

  it.each<[string, () => Promise<DryRun>, string]>([
    [
      'refuses the pair',
      async () => refused({ code: 'oco', message: 'Not for spreads' }),
      'The broker would refuse the pair: Not for spreads',
    ],
    [
      'warns that it would open',
      async () => warned({ code: 'closing_with_no_position', message: 'Opens' }),
      'The broker warns that this would open a position: Opens',
    ],
    [
      'gives no answer to it',
      async () => {
        throw new BrokerUnreachable('nobody there');
      },
      'The broker’s trial run failed: nobody there',
    ],
  ])('where the broker %s, its reason stands beside the target alone', async (_what, dryRunPair, words) => {
    const targets = await ask(both({ dryRunPair }), percent(100));
    for (const { order, blocked, stopless, plan } of targets) {
      expect(order).not.toHaveProperty('stop');
      expect([blocked, stopless && blockedText(stopless, 'the pair')]).toEqual([null, words]);
      // What was asked for is still to be told.
      expect(plan.stop).not.toBeNull();
    }
  });

  it('at one price serves one part alone', async () => {
    await expect(ask(both(), { price: d('3.10') })).rejects.toMatchObject({ code: 'PRICE_NEEDS_ONE_TARGET' });
    const all = both();
    const book = trident();
    await expect(
      all.sut.price(book, [...book.positions, ...book.positions], { stop: { price: d(3) } }, true),
    ).rejects.toMatchObject({ code: 'PRICE_NEEDS_ONE_TARGET' });
  });

  it('is refused where the market is there already, by what the other side shows', async () => {
    const quote = (bid: string, ask: string) => ({ bid: d(bid), ask: d(ask), mark: null });
    const symbols = TRIDENT.held.map(({ instrument }) => instrument.symbol);
    const quotes = new Map(
      symbols.map((symbol, index) => [
        symbol,
        index % 2 === 0 ? quote('4.00', '4.20') : quote('0.10', '0.20'),
      ]),
    );
    const book = bookOf(TRIDENT.held, [TRIDENT.opening], [], quotes);
    await expect(ask(both(), percent(100), book)).rejects.toMatchObject({
      code: 'STOP_IMPOSSIBLE',
      facts: { because: { why: 'past', now: d('4.10') } },
    });
  });
});
