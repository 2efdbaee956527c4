import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { priceText } from '../../../src/domain/text.js';
import { payoffPicture } from '../../../src/screens/pictures/payoff.js';
import { payoffFacts } from '../../../src/screens/pictures/payoff-facts.js';
import { plannedMarks, workingMarks } from '../../../src/screens/pictures/target-marks.js';
import { book, circumstances, outside, previewOf } from '../../commands/support/arbitraries.js';
import { d, filledOrder, holding, workingOrder } from '../../domain/build.js';
import { bookOf, CLEAN, TRIDENT } from '../../services/support/scene.js';
import { expectShowable, textsOf } from './support/drawn.js';

const CLEAR = { increment: d('0.01'), trials: [CLEAN], locked: null };

function marks(texts: Record<string, string>) {
  return new Map(
    TRIDENT.held.map(({ instrument: { symbol, option } }) => {
      const mark = d(texts[`${option?.strike}`] ?? '1');
      return [symbol, { bid: mark, ask: mark, mark }];
    }),
  );
}

async function trident() {
  const quotes = marks({ 480: '3.10', 475: '1.80', 520: '2.20', 525: '1.50' });
  const held = bookOf(TRIDENT.held, [TRIDENT.opening], [], quotes);
  const [previewed] = (await previewOf(held, CLEAR)).positions;
  if (!previewed) throw new Error('no preview');
  const facts = payoffFacts(previewed.view, {
    quotes,
    price: d('500.12'),
    targets: plannedMarks(previewed.targets),
  });
  if (!facts) throw new Error('no payoff');
  return facts;
}

describe('the payoff of a Trident', () => {
  it('says where it stands: strikes, break-evens, the price now, the profit now, and each target', async () => {
    const picture = payoffPicture(await trident());
    expectShowable(picture);
    expect(textsOf(picture)).toEqual([
      '#37 QQQ Senex Trident',
      'at expiration, 18 Dec 26',
      '475/480',
      '520/525',
      'even 477.50',
      'even 525.00',
      'QQQ 500.12',
      'now +$170',
      'max +$500',
      'max loss −$500',
      '1',
      '2',
      '3',
      '1',
      'Put verticals (1 of 2)',
      'pay 1.20, +$80',
      '2',
      'Put verticals (2 of 2)',
      'pay 0.80, +$120',
      '3',
      'Call vertical',
      'pay 0.50, +$50',
    ]);
  });

  it('says the same in words', async () => {
    expect(payoffPicture(await trident()).alt).toBe(
      [
        'Payoff of #37 QQQ Senex Trident at expiration, 18 Dec 26.',
        'At most +$500, from 480 to 520.',
        'At worst −$500, at or below 475.',
        'Breaks even at 477.50 and 525.00.',
        'QQQ is at 500.12 now.',
        'Profit at the marks: +$170.',
        'Targets: Put verticals (1 of 2): pay 1.20, +$80; Put verticals (2 of 2): pay 0.80, +$120; Call vertical: pay 0.50, +$50.',
      ].join(' '),
    );
  });

  it('says so where the price or the marks are not known, and draws the rest', async () => {
    const picture = payoffPicture({ ...(await trident()), price: null, now: null });
    expectShowable(picture);
    expect(picture.alt).toContain('Where QQQ is now isn’t known. Profit at the marks isn’t known.');
    expect(textsOf(picture).join(' ')).not.toMatch(/now|QQQ 500/);
  });
});

describe('a payoff', () => {
  const one = (texts: string[]) => {
    const opened = texts.map((text) =>
      text.startsWith('-') ? `sell-to-open ${text.slice(1)}` : `buy-to-open ${text}`,
    );
    const held = bookOf(
      texts.map((text) => holding(text)),
      texts.every((text) => text.includes(' P ') || text.includes(' C ')) ? [filledOrder('1', opened)] : [],
    );
    const [view] = held.positions;
    if (!view) throw new Error('no position');
    return { view, quotes: held.quotes };
  };

  it('without an end says so', () => {
    const { view, quotes } = one(['-1 QQQ 2026-12-18 500 C @ 7.25']);
    const facts = payoffFacts(view, { quotes, price: d('480'), targets: [] });
    const picture = facts && payoffPicture(facts);
    expect(picture?.alt).toContain('Loss without limit as it rises.');
    expect(picture && textsOf(picture)).toContain('max loss unlimited');
  });

  it('of several expirations is at the nearest, and says what it leaves out', () => {
    const { view, quotes } = one(['-1 QQQ 2026-12-18 500 C @ 3.10', '1 QQQ 2027-01-15 500 C @ 5.02']);
    const facts = payoffFacts(view, { quotes, price: d('480'), targets: [] });
    const picture = facts && payoffPicture(facts);
    const said = 'at nearest expiration 18 Dec 26, later without time value';
    expect(picture?.alt).toContain(said);
    expect(picture && textsOf(picture)[1]).toBe(said);
  });

  it('of what was opened for an unknown price, or can’t be read in full, there is none', () => {
    const { view, quotes } = one(['-1 QQQ 2026-12-18 500 C @ 7.25']);
    const given = { quotes, price: d('480'), targets: [] };
    const unreadable = {
      what: 'holding',
      name: 'x',
      why: 'odd',
      doubts: 'coverage',
      concern: 'account',
    } as const;
    expect(payoffFacts({ ...view, odd: [unreadable] }, given)).toBeNull();
    const legs = view.position.legs.map((each) => ({ ...each, openPrice: null }));
    expect(payoffFacts({ ...view, position: { ...view.position, legs } }, given)).toBeNull();
  });

  it('marks what works already with the order, its limit and what it earns', () => {
    const order = workingOrder(
      '417',
      ['buy-to-close 2 QQQ 2026-12-18 480 P', 'sell-to-close 2 QQQ 2026-12-18 475 P'],
      { price: d('0.80'), effect: 'debit' },
    );
    const [view] = bookOf(TRIDENT.held, [TRIDENT.opening], [order]).positions;
    expect(view && workingMarks(view)).toMatchObject([{ label: 'order 417', units: 2 }]);
    expect(view && String(workingMarks(view)[0]?.profit)).toBe('240');
  });

  it('can be shown whatever is held and wherever the underlying is, with every target in words', async () => {
    const price = fc.option(fc.integer({ min: 1, max: 100_000 }).map((cents) => d(cents).div(100)));
    await fc.assert(
      fc.asyncProperty(book(3), circumstances, price, outside, async (given, how, at, name) => {
        for (const { view, targets } of (await previewOf(given, how)).positions) {
          const marked = plannedMarks(targets);
          const facts = payoffFacts(view, { quotes: given.quotes, price: at, targets: marked });
          if (!facts) continue;
          const picture = payoffPicture({ ...facts, heading: `${facts.heading} ${name}` });
          expectShowable(picture);
          const { alt } = payoffPicture(facts);
          for (const { limit, effect, label } of marked) {
            expect(alt).toContain(`${label}: ${effect === 'debit' ? 'pay' : 'receive'} ${priceText(limit)}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  });
});
