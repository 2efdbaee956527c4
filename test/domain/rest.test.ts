import { describe, expect, it } from 'vitest';
import { coverage } from '../../src/domain/coverage.js';
import { groupPositions } from '../../src/domain/grouping.js';
import { ShortGuard } from '../../src/domain/protection.js';
import { componentsOf, parseProfitTargets, titleOf } from '../../src/domain/strategies/index.js';
import { attributeWorking, planTargets, type TargetOverrides } from '../../src/domain/targets.js';
import { percentText } from '../../src/domain/text.js';
import type { BrokerOrder, Position } from '../../src/domain/types.js';
import { d, filledOrder, holding, order, orderLeg, workingOrder } from './build.js';

const QQQ = 'QQQ 2026-12-18';
const day = (date: number) => new Date(Date.UTC(2026, 10, date, 15));
const code = (expected: string) => expect.objectContaining({ code: expected });

/** An account by what it holds and by all its orders, planned as one position after the other. */
function account(held: string[], orders: BrokerOrder[], settings = '') {
  const holdings = held.map((text) => holding(text.replace(/^(\S+) (\d)/, `$1 ${QQQ} $2`)));
  const positions = groupPositions({ account: 'A', holdings, orders });
  const working = attributeWorking(positions, orders);
  const plan = (position: Position, overrides: TargetOverrides = {}, leaveNaked = false) =>
    planTargets({
      position,
      components: componentsOf(position, parseProfitTargets(settings)),
      coverage: coverage(position.legs, holdings, orders),
      working: working.get(position.key) ?? [],
      overrides,
      grid: () => [{ below: null, increment: d('0.01') }],
      rounding: 'nearest',
      guard: ShortGuard.of(holdings, orders),
      leaveNaked,
    });
  const one = (overrides: TargetOverrides = {}) => {
    const [position] = positions;
    if (!position) throw new Error('no position');
    return plan(position, overrides).plans.map(
      ({ units, label, pricing, legs }) =>
        `${units} × ${label}, ${pricing.requestedPercent ? percentText(pricing.requestedPercent) : 'your price'}: ${pricing.effect} ${pricing.limit} (${legs.map((leg) => `${leg.action} ${leg.contracts}`).join(', ')})`,
    );
  };
  return { positions, plan, one, working, title: positions[0] && titleOf(positions[0]) };
}

const opened = (id: string, date: number, ...legs: string[]) =>
  filledOrder(
    id,
    legs.map((text) => {
      const [count = '', rest = ''] = text.split(/ (.*)/);
      const action = count.startsWith('-') ? 'sell-to-open' : 'buy-to-open';
      return `${action} ${count.replace('-', '')} ${QQQ} ${rest}`;
    }),
    day(date),
  );
const closed = (id: string, date: number, ...legs: string[]) =>
  filledOrder(
    id,
    legs.map((text) => {
      const [count = '', rest = ''] = text.split(/ (.*)/);
      const action = count.startsWith('-') ? 'sell-to-close' : 'buy-to-close';
      return `${action} ${count.replace('-', '')} ${QQQ} ${rest}`;
    }),
    day(date),
  );

const STRANGLE = opened('10', 2, '-2 450 P @ 3.00', '-2 550 C @ 2.00');
const CONDOR = opened('10', 2, '1 440 P @ 1.00', '-1 450 P @ 2.00', '-1 550 C @ 1.80', '1 560 C @ 0.90');
const TRIDENT = opened('10', 2, '2 440 P @ 1.20', '-2 450 P @ 3.05', '-1 480 C @ 4.00', '1 490 C @ 1.60');

describe('what is left of a position', () => {
  it('a strangle without its puts is a short call at half its own credit, with the same key', () => {
    const { positions, one, title } = account(['-2 550 C'], [STRANGLE, closed('20', 9, '2 450 P @ 1')]);
    expect(positions.map(({ key }) => key)).toEqual(['order:10']);
    expect(title).toBe('Short call × 2, rest of a short strangle');
    expect(one()).toEqual(['2 × Short call, 50 %: debit 1 (buy-to-close 2)']);
  });

  it.each([
    ['closed', [closed('20', 9, '1 450 P @ 0.5', '-1 440 P @ 0.2')]],
    ['assigned, expired or closed out of sight', []],
    [
      'rolled',
      [
        filledOrder(
          '20',
          [
            `buy-to-close 1 ${QQQ} 450 P @ 0.5`,
            `sell-to-close 1 ${QQQ} 440 P @ 0.2`,
            'sell-to-open 1 QQQ 2027-01-15 450 P @ 3',
            'buy-to-open 1 QQQ 2027-01-15 440 P @ 2',
          ],
          day(9),
        ),
      ],
    ],
  ])('a condor whose put vertical was %s is a call vertical', (_how, orders) => {
    const { one, title, positions } = account(['-1 550 C', '1 560 C'], [CONDOR, ...orders]);
    expect(positions[0]?.key).toBe('order:10');
    expect(title).toBe('Bear call vertical, rest of an iron condor');
    expect(one()).toEqual(['1 × Bear call vertical, 50 %: debit 0.45 (buy-to-close 1, sell-to-close 1)']);
    expect(one({ price: d('0.40') })).toEqual([expect.stringContaining('your price: debit 0.4')]);
  });

  it('keeps the percentages that the settings give to what it is now', () => {
    const { one } = account(['-2 550 C'], [STRANGLE], 'single-short=25/75');
    expect(one()).toEqual([
      '1 × Short call (1 of 2), 25 %: debit 1.5 (buy-to-close 1)',
      '1 × Short call (2 of 2), 75 %: debit 0.5 (buy-to-close 1)',
    ]);
    expect(one({ ladder: [d(40), d(60)] })).toHaveLength(2);
  });

  it.each([
    [
      'a Trident without its puts',
      TRIDENT,
      ['-1 480 C', '1 490 C'],
      'Call vertical, rest of a Senex Trident',
      1,
    ],
    [
      'a Trident without its calls',
      TRIDENT,
      ['2 440 P', '-2 450 P'],
      'Put verticals × 2, rest of a Senex Trident',
      1,
    ],
    [
      'a Trident in normal progress',
      TRIDENT,
      ['1 440 P', '-1 450 P', '-1 480 C', '1 490 C'],
      'Senex Trident',
      2,
    ],
    [
      'a Trident that lost one long put',
      TRIDENT,
      ['1 440 P', '-2 450 P', '-1 480 C', '1 490 C'],
      'Senex Trident + Short put',
      3,
    ],
    [
      'a condor that lost both shorts',
      CONDOR,
      ['1 440 P', '1 560 C'],
      'Long strangle, rest of an iron condor',
      1,
    ],
    [
      'a condor that lost a short call',
      CONDOR,
      ['1 440 P', '-1 450 P', '1 560 C'],
      'Bull put vertical + Long call, rest of an iron condor',
      2,
    ],
    [
      'a condor of one wing and a short',
      CONDOR,
      ['1 440 P', '-1 550 C'],
      'Long put + Short call, rest of an iron condor',
      2,
    ],
    [
      'a vertical’s long half',
      opened('10', 2, '1 440 P @ 1', '-1 450 P @ 2'),
      ['1 440 P'],
      'Long put, rest of a bull put vertical',
      1,
    ],
    [
      'a vertical’s short half',
      opened('10', 2, '1 440 P @ 1', '-1 450 P @ 2'),
      ['-1 450 P'],
      'Short put, rest of a bull put vertical',
      1,
    ],
    [
      'two verticals with one long leg',
      opened('10', 2, '2 440 P @ 1', '-2 450 P @ 2'),
      ['1 440 P', '-2 450 P'],
      'Bull put vertical + Short put',
      2,
    ],
    [
      'two verticals with one short leg',
      opened('10', 2, '2 440 P @ 1', '-2 450 P @ 2'),
      ['2 440 P', '-1 450 P'],
      'Bull put vertical + Long put',
      2,
    ],
    [
      'a butterfly without its lower wing',
      opened('10', 2, '1 440 P @ 1', '-2 450 P @ 2.5', '1 460 P @ 4'),
      ['-2 450 P', '1 460 P'],
      'Front ratio spread, rest of a long put butterfly',
      1,
    ],
    [
      'a butterfly without a middle',
      opened('10', 2, '1 440 P @ 1', '-2 450 P @ 2.5', '1 460 P @ 4'),
      ['1 440 P', '-1 450 P', '1 460 P'],
      'Custom, rest of a long put butterfly',
      1,
    ],
    [
      'a ratio without its long',
      opened('10', 2, '1 550 C @ 3', '-2 560 C @ 2'),
      ['-2 560 C'],
      'Short call × 2, rest of a front ratio spread',
      1,
    ],
    [
      'a ratio that lost one short',
      opened('10', 2, '1 550 C @ 3', '-2 560 C @ 2'),
      ['1 550 C', '-1 560 C'],
      'Bull call vertical, rest of a front ratio spread',
      1,
    ],
  ])('%s', (_what, opening, held, title, parts) => {
    const { plan, positions, title: found } = account(held, [opening]);
    const [position] = positions;
    expect(positions.map(({ key }) => key)).toEqual(['order:10']);
    expect(found).toBe(title);
    const { plans, protecting } = plan(position as Position, { percent: d(10) });
    expect(plans.length + protecting.length).toBe(parts);
  });

  it('a covered call whose shares are sold is a short call', () => {
    const bought = filledOrder(
      '10',
      ['buy-to-open 100 QQQ @ 500', `sell-to-open 1 ${QQQ} 550 C @ 3`],
      day(2),
    );
    expect(account(['100 QQQ', '-1 550 C'], [bought]).title).toBe('Covered call');
    const { one, title } = account(['-1 550 C'], [bought]);
    expect(title).toBe('Short call');
    expect(one()).toEqual(['1 × Short call, 50 %: debit 1.5 (buy-to-close 1)']);
  });

  it('what works for a part works for it alone, and for the whole as long as there is one', () => {
    const vertical = opened('10', 2, '2 440 P @ 1', '-2 450 P @ 2');
    const close = (id: string, ...legs: string[]) =>
      workingOrder(
        id,
        legs.map((leg) => leg.replace(/(\d{3} P)/, `${QQQ} $1`)),
      );
    const whole = close('20', 'sell-to-close 1 440 P', 'buy-to-close 1 450 P');
    expect(account(['1 440 P', '-2 450 P'], [vertical, whole]).one()).toEqual([
      '1 × Short put, 50 %: debit 1 (buy-to-close 1)',
    ]);
    const short = close('20', 'buy-to-close 1 450 P');
    expect(account(['1 440 P', '-2 450 P'], [vertical, short]).one()).toEqual([
      '1 × Bull put vertical, 50 %: debit 0.5 (sell-to-close 1, buy-to-close 1)',
    ]);
  });
});

describe('a ladder over several parts', () => {
  const three = opened('10', 2, '6 440 P @ 1.20', '-6 450 P @ 3.05', '-3 480 C @ 4.00', '3 490 C @ 1.60');
  const held = ['6 440 P', '-6 450 P', '-3 480 C', '3 490 C'];
  const ladder = [40, 60, 50].map(d);
  const puts = [
    '3 × Put verticals (1 of 2), 40 %: debit 1.11 (sell-to-close 3, buy-to-close 3)',
    '3 × Put verticals (2 of 2), 60 %: debit 0.74 (sell-to-close 3, buy-to-close 3)',
  ];

  it('means the same before and after one part has its order, and after it is closed', () => {
    const calls = workingOrder('20', [`buy-to-close 3 ${QQQ} 480 C`, `sell-to-close 3 ${QQQ} 490 C`]);
    expect(account(held, [three]).one({ ladder })).toEqual([
      ...puts,
      expect.stringContaining('Call verticals, 50 %'),
    ]);
    expect(account(held, [three, calls]).one({ ladder })).toEqual(puts);
    expect(account(held.slice(0, 2), [three]).one({ ladder })).toEqual(puts);
  });
});

describe('a partly filled closing order', () => {
  const lots = (id: string, date: number, count: number, credit: string) =>
    opened(id, date, `${count} 440 P @ 1.00`, `-${count} 450 P @ ${credit}`);
  /** Five of so many are filled. */
  const partLegs = (count: number) => [
    orderLeg(`sell-to-close ${count} ${QQQ} 440 P @ 0.9`, 5, day(9)),
    orderLeg(`buy-to-close ${count} ${QQQ} 450 P @ 1.4`, 5, day(9)),
  ];
  const part = (state: 'working' | 'cancelled') => order('20', partLegs(8), { state, at: day(9) });
  const orders = [lots('10', 2, 7, '2.00'), lots('11', 3, 12, '2.50')];

  it.each(['working', 'cancelled'] as const)(
    'belongs to the position that could hold what it ordered (%s)',
    (state) => {
      const { positions, plan, working } = account(['14 440 P', '-14 450 P'], [...orders, part(state)]);
      expect(positions.map(({ key, units, doubts }) => [key, units, doubts])).toEqual([
        ['order:10', 7, []],
        ['order:11', 7, []],
      ]);
      expect([...working.keys()]).toEqual(state === 'working' ? ['order:11'] : []);
      const [, second] = positions;
      const { plans } = plan(second as Position);
      // 12 lots opened at 1.50, of which 7 are left, and 3 of those may still be closed by the order.
      expect(plans.map(({ units }) => units)).toEqual([state === 'working' ? 4 : 7]);
      expect(plans[0]?.pricing.limit.toString()).toBe('0.75');
    },
  );

  it('that nobody could hold alone is taken as it was filled', () => {
    const big = order('20', partLegs(19), { state: 'cancelled', at: day(9) });
    const { positions } = account(['14 440 P', '-14 450 P'], [...orders, big]);
    expect(positions.map(({ units }) => units)).toEqual([2, 12]);
    expect(positions[0]?.doubts).toHaveLength(1);
  });
});

describe('a long leg that covers a short one', () => {
  const short = opened('10', 2, '-1 475 P @ 5.00');
  const wing = opened('11', 4, '1 470 P @ 3.00');

  it('is not offered alone, unless that is chosen; then it says what is left', () => {
    const { positions, plan } = account(['-1 475 P', '1 470 P'], [short, wing]);
    const [, long] = positions;
    const kept = plan(long as Position);
    expect(kept.plans).toEqual([]);
    expect(kept.protecting).toMatchObject([
      {
        label: 'Long put',
        legs: [{ contracts: 1 }],
        leaves: [{ contracts: 1, instrument: { option: { strike: d(475) } } }],
      },
    ]);
    expect(plan(long as Position, { price: d(9) }).plans).toEqual([]);
    const chosen = plan(long as Position, {}, true);
    expect(chosen.plans).toMatchObject([{ leaves: [{ contracts: 1 }] }]);
    expect(chosen.protecting).toEqual([]);
  });

  it('is offered as far as no short needs it', () => {
    const { positions, plan } = account(['-1 475 P', '3 470 P'], [short, opened('11', 4, '3 470 P @ 3.00')]);
    const { plans, protecting } = plan(positions[1] as Position);
    expect(plans).toMatchObject([{ units: 2, leaves: [] }]);
    expect(plans[0]?.notes).toEqual([]);
    expect(protecting).toMatchObject([{ legs: [{ contracts: 1 }] }]);
  });

  it('the wing of a vertical rolled in an order of its own', () => {
    const vertical = opened('10', 2, '1 475 P @ 3', '-1 480 P @ 5');
    const roll = filledOrder(
      '11',
      [`sell-to-close 1 ${QQQ} 475 P @ 2`, `buy-to-open 1 ${QQQ} 470 P @ 1`],
      day(4),
    );
    const { positions, plan } = account(['-1 480 P', '1 470 P'], [vertical, roll]);
    expect(positions.map(({ key }) => key)).toEqual(['order:10', 'order:11']);
    expect(plan(positions[0] as Position).plans).toHaveLength(1);
    expect(plan(positions[1] as Position)).toMatchObject({ plans: [], protecting: [{}] });
  });

  it('a calendar put together leg by leg, but not one whose long leg ends first', () => {
    const far = filledOrder('11', ['buy-to-open 1 QQQ 2027-01-15 475 P @ 7'], day(1));
    const { positions, plan } = account(['-1 475 P', '1 QQQ 2027-01-15 475 P'], [short, far]);
    expect(plan(positions[0] as Position).plans).toEqual([]);
    const near = filledOrder('11', ['buy-to-open 1 QQQ 2026-12-11 475 P @ 4'], day(1));
    const early = account(['-1 475 P', '1 QQQ 2026-12-11 475 P'], [short, near]);
    expect(early.plan(early.positions[0] as Position).plans).toHaveLength(1);
  });

  it('shares cover a call as well as a long call does', () => {
    const call = opened('10', 2, '-1 550 C @ 3');
    const leap = filledOrder('11', ['buy-to-open 1 QQQ 2027-06-18 450 C @ 80'], day(1));
    const held = ['-1 550 C', '1 QQQ 2027-06-18 450 C'];
    const without = account(held, [call, leap]);
    expect(without.plan(without.positions[0] as Position).plans).toEqual([]);
    const covered = account([...held, '100 QQQ'], [call, leap]);
    expect(covered.plan(covered.positions[0] as Position).plans).toHaveLength(1);
  });

  it('counts what already works to sell the other long', () => {
    const { positions, plan } = account(
      ['-1 475 P', '1 470 P', '1 465 P'],
      [short, wing, opened('12', 5, '1 465 P @ 2'), workingOrder('20', [`sell-to-close 1 ${QQQ} 465 P`])],
    );
    expect(plan(positions[1] as Position)).toMatchObject({ plans: [], protecting: [{}] });
  });

  it('a whole spread may always be closed', () => {
    const vertical = opened('11', 4, '1 470 P @ 3', '-1 475 P @ 5');
    const { positions, plan } = account(['-2 475 P', '1 470 P'], [short, vertical]);
    expect(positions.map((each) => plan(each).plans.length)).toEqual([1, 1]);
  });

  it('refuses what was asked wrongly first', () => {
    const { positions, plan } = account(['-1 475 P', '1 470 P'], [short, wing]);
    expect(() => plan(positions[0] as Position, { percent: d(101) })).toThrow(code('PERCENT_OUT_OF_RANGE'));
  });
});
