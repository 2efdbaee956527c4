import { describe, expect, it } from 'vitest';
import type { FillNews } from '../../../src/ports/fill-news.js';
import { fillWords } from '../../../src/screens/fill.js';
import { FillProjector } from '../../../src/services/orders/fill-projector.js';
import type { FillReader } from '../../../src/services/orders/fill-reader.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { x } from '../../domain/build.js';
import { type Levels, line, NAME, noticesWith, TRADER } from '../support/builders.js';

const FILLED = {
  ...line({ status: 'Filled', orderState: 'filled' }),
  fill: { units: 1, price: x('0.65'), profit: x(47), percent: x(42) },
};

function projected(change: Partial<FillNews> = {}, age = 0, levels: Levels = {}) {
  const clock = new VirtualClock();
  const filledAt = new Date(clock.now().getTime() - age);
  const fees = { closing: null, opening: null };
  const news: FillNews = {
    planId: 'plan-1',
    userId: TRADER,
    account: '5WT00001',
    line: FILLED,
    filledAt,
    openedAt: null,
    fees,
    chain: null,
    ...change,
  };
  const reader = { read: async () => news } as unknown as FillReader;
  const sut = new FillProjector(reader, fillWords('PAPER', { of: () => NAME }), noticesWith(levels), clock);
  const after = (at: Date | undefined) => at && (at.getTime() - clock.now().getTime()) / 1000;
  return { sut, screen: sut.project('1'), after };
}

describe('a fill as it is told', () => {
  it.each([
    ['at once', 0, 5],
    ['after a minute', 60_000, 30],
    ['after days', 3 * 86_400_000, 3600],
    ['after more than a week', 8 * 86_400_000, undefined],
  ])('is looked at again while the ledger lags, ever more rarely: %s', async (_when, age, seconds) => {
    const { screen, after } = projected({}, age);
    expect(after((await screen).again)).toBe(seconds);
  });

  it('is final once its fees are booked', async () => {
    const { screen } = projected({ fees: { closing: x('0.24'), opening: x('2.26') } });
    expect(await screen).not.toHaveProperty('again');
  });

  it('is known again by its footer, and as nothing else', async () => {
    const { sut, screen } = projected();
    const [page] = (await screen).pages;
    if (!page) throw new Error('no page');
    expect(sut.newsOn(page, '1')).toBe('fill');
    expect(sut.newsOn(page, '11')).toBeNull();
    expect(sut.begins(page)).toBe(true);
  });

  it('is never told as nothing: what the stream said and the order doesn’t show yet comes later', async () => {
    const reader = { read: async () => null } as unknown as FillReader;
    const sut = new FillProjector(
      reader,
      fillWords('PAPER', { of: () => NAME }),
      noticesWith(),
      new VirtualClock(),
    );
    await expect(sut.project('1')).rejects.toThrow('no fill yet');
  });
});

describe('how loud a fill is told', () => {
  const partial = (levels: Levels, change: Partial<FillNews['line']> = {}) =>
    projected({ line: { ...FILLED, units: 2, orderState: 'working', ...change } }, 0, levels).screen;

  it('is as whoever pressed wants it, and on for who chose nothing', async () => {
    expect(await projected().screen).toMatchObject({ news: 'fill', level: 'on' });
    expect(await projected({}, 0, { fill: 'silent' }).screen).toMatchObject({ level: 'silent' });
    expect(await projected({}, 0, { partial: 'off' }).screen).toMatchObject({ level: 'on' });
    expect(await partial({ partial: 'off' })).toMatchObject({ news: 'fill', level: 'off' });
    expect(await partial({ fill: 'off' })).toMatchObject({ level: 'on' });
  });

  it('makes a sound once all has filled, though its parts came without one', async () => {
    const levels = { partial: 'silent' } as const;
    const { sut } = projected();
    const part = await partial(levels);
    expect(part).toMatchObject({ news: 'part', level: 'silent' });
    expect(part.pages.map((page) => sut.newsOn(page, '1'))).toEqual(['part']);
    expect(await projected({}, 0, levels).screen).toMatchObject({ news: 'fill', level: 'on', alone: true });
  });

  it.each([
    ['its legs traded unevenly', { fill: { units: 0, price: null, profit: null, percent: null } }],
    ['the broker rejected the rest', { orderState: 'rejected' }],
    ['the order isn’t as confirmed', { mismatches: [{ what: 'price', planned: '1', echoed: '2' }] }],
  ] as const)('is on whatever was chosen where %s', async (_what, change) => {
    const line = { ...FILLED, ...change } as FillNews['line'];
    expect(await projected({ line }, 0, { fill: 'off', partial: 'off' }).screen).toMatchObject({
      level: 'on',
    });
  });
});
