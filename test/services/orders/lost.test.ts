import pino from 'pino';
import { describe, expect, it } from 'vitest';
import type { BrokerOrder, OddRow } from '../../../src/domain/types.js';
import type { OrderIntent } from '../../../src/ports/store.js';
import { lostWords } from '../../../src/screens/lost.js';
import { LostProjector } from '../../../src/services/orders/lost-projector.js';
import { LostReader } from '../../../src/services/orders/lost-reader.js';
import { d, workingOrder } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import {
  brokerWith,
  CHANNEL,
  echo,
  intent,
  type Levels,
  NAME,
  noticesWith,
  plan,
  TRADER,
} from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const CANCELLED = { state: 'cancelled', status: 'Cancelled' } as const;
const PUTS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C @ 1', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 1'];

interface Scene {
  order?: Partial<BrokerOrder>;
  of?: Partial<OrderIntent>;
  levels?: Levels;
  /** The stop beside it, or the target beside a stop. */
  pair?: { of: Partial<OrderIntent>; order?: Partial<BrokerOrder> };
  /** What works on its contracts now. */
  working?: BrokerOrder[];
  held?: typeof TRIDENT.held;
  /** Rows of the account that can't be read. */
  odd?: OddRow[];
}

function told({
  order = CANCELLED,
  of = {},
  pair,
  levels = {},
  working = [],
  held = TRIDENT.held,
  odd = [],
}: Scene = {}) {
  const ours = intent(of);
  const other = pair && intent({ id: 2, brokerOrderId: '1002', ...pair.of });
  const book = { ...bookOf(held, [TRIDENT.opening], working), odd };
  const desk = { positions: { read: async () => book } } as never;
  const desks = { find: async () => desk, nameOf: () => NAME };
  const reader = new LostReader({
    broker: brokerWith({
      order: async (_account, id) => (other && id === '1002' ? echo(other, pair?.order) : echo(ours, order)),
    }),
    store: {
      intent: async () => ours,
      intents: async () => (other ? [ours, other] : [ours]),
      plan: async () => plan({ channelId: CHANNEL, userId: TRADER }),
    },
    desks,
    log: pino({ level: 'silent' }),
  });
  const clock = new BriskClock('2026-11-23T15:00:01Z');
  const sut = new LostProjector(reader, lostWords('PAPER'), noticesWith(levels), clock);
  return { sut, screen: () => sut.project('1') };
}

async function page(scene: Scene = {}) {
  const screen = await told(scene).screen();
  const [view] = screen?.pages ?? [];
  if (!screen || !view) throw new Error('nothing is told');
  const labels = view.components.flatMap(({ components }) =>
    components.map((each) => ('label' in each ? each.label : '')),
  );
  return { screen, labels, text: view.content.replaceAll('\u00a0', ' ').replaceAll('\u2060', '') };
}

describe('an order that was lost', () => {
  it('is told in answer to its own message, with what stands uncovered and how to set it again', async () => {
    const { screen, text, labels } = await page();
    expect(screen).toMatchObject({
      news: 'lost',
      level: 'on',
      repliesTo: { kind: 'result', topic: 'plan-1' },
    });
    expect(screen).not.toHaveProperty('again');
    expect(text.split('\n')[0]).toBe(`<@${TRADER}> **#37 QQQ 480/475P** order **cancelled**`);
    expect(text).toContain('Cancelled. It is not working. No cancel from here was under way.');
    expect(text).toMatch(/\*\*As of <t:\d+:f>\*\*\n⚠️ #37 QQQ Senex Trident · no targets/);
    expect(labels).toEqual(['Set 0.67 again', 'Set target again']);
  });

  it('says why the broker rejected it, and is told whatever was chosen; an end elsewhere as chosen', async () => {
    const order = { state: 'rejected', status: 'Rejected', rejectReason: 'Session offline' } as const;
    const { screen, text } = await page({ order, levels: { cancelled: 'off' } });
    expect(screen.level).toBe('on');
    expect(text).toContain('order **rejected**');
    expect(text).toContain('Rejected: Session offline. It is not working.');
    for (const level of ['silent', 'off'] as const)
      expect((await page({ levels: { cancelled: level } })).screen.level).toBe(level);
    const expired = { state: 'expired', status: 'Expired' } as const;
    expect((await page({ order: expired, levels: { cancelled: 'silent' } })).screen.level).toBe('silent');
  });

  it('is told at once, though nobody knows yet what it left uncovered, and looked at again', async () => {
    const still = { ...workingOrder('1001', PUTS), account: TRIDENT.opening.account };
    const { screen, text, labels } = await page({ working: [still] });
    expect(text).toContain('What stands uncovered now I can’t read yet; I look again.');
    expect(screen.again?.toISOString()).toBe('2026-11-23T15:00:03.000Z');
    expect(labels).toContain('Set target again');
  });

  it('offers nothing to set where all is covered or nothing is held', async () => {
    const full = await page({ working: [workingOrder('703', PUTS), workingOrder('704', CALLS)] });
    expect(full.text).toContain('✅ #37 QQQ Senex Trident');
    expect(full.labels).toEqual([]);
    const gone = await page({ held: [] });
    expect(gone.text).toContain('#37 is no longer held.\nIf a split or a merger changed its contracts');
    expect(gone.labels).toEqual([]);
    const why = 'its quantity is missing';
    const odd: OddRow = { what: 'holding', name: null, why, doubts: 'coverage', concern: 'account' };
    const hidden = await page({ held: [], odd: [odd] });
    expect(hidden.text).not.toContain('no longer held');
    expect(hidden.text).toContain('What stands uncovered now I can’t read yet; I look again.');
  });

  it('that expired with its contracts leaves nothing to cover, and nothing is offered; one that expired before them does', async () => {
    const end = (at: string) => ({ state: 'expired', status: 'Expired', updatedAt: new Date(at) }) as const;
    const { screen, text, labels } = await page({ order: end('2026-12-18T21:00:00Z') });
    expect(text.split('\n')[0]).toBe(
      `<@${TRADER}> **#37 QQQ 480/475P** order **expired** with its contracts`,
    );
    expect(text).toContain('Expired. It is not working.');
    expect(text).not.toMatch(/As of|split|I look again/);
    expect([labels, screen]).toEqual([[], expect.not.objectContaining({ again: expect.anything() })]);
    expect((await page({ order: end('2026-12-18T20:59:00Z') })).labels).toContain('Set target again');
  });

  it('that was a close is offered anew by its position alone: at its price it may be no target', async () => {
    expect((await page({ of: { kind: 'close' } })).labels).toEqual(['Set target again']);
  });

  it('that gave way to another order is no news, and what was told before says so', async () => {
    const { screen, text, labels } = await page({ order: { ...CANCELLED, replacedBy: '1002' } });
    expect(screen.level).toBe('off');
    expect(text).toContain('Replaced by order 1002');
    expect(labels).toEqual([]);
  });

  it('is never told of one that the broker shows as working', async () => {
    await expect(told({ order: {} }).screen()).rejects.toThrow('no end yet');
  });

  it('is known again by its footer, and as nothing else', async () => {
    const { sut, screen } = told();
    const [view] = (await screen())?.pages ?? [];
    if (!view) throw new Error('no page');
    expect([sut.newsOn(view, '1'), sut.newsOn(view, '11'), sut.begins(view)]).toEqual(['lost', null, true]);
  });
});

describe('one of a target and its stop', () => {
  const STOP = { targetKey: 'puts:1/stop', stopTrigger: d('3.10'), price: d('3.45') };
  const FILLED = { state: 'filled', status: 'Filled' } as const;

  it('that ended with the fill of the other is no news', async () => {
    const stop = await page({ of: STOP, pair: { of: {}, order: FILLED } });
    expect([stop.screen.level, stop.labels]).toEqual(['off', []]);
    expect(stop.text).toContain('Cancelled by the broker with the fill of order 1002, as was meant.');
    const target = await page({ pair: { of: STOP, order: FILLED } });
    expect([target.screen.level, target.labels]).toEqual(['off', []]);
  });

  it('that was cancelled by somebody before the other one filled stays one that was lost', async () => {
    const day = (date: number) => new Date(`2026-11-${date}T15:00:00Z`);
    const trade = (at: Date) => {
      const leg = {
        ...echo(intent()).legs[0],
        remaining: 0,
        fills: [{ id: '1', quantity: 1, price: d(1), at }],
      };
      return { ...FILLED, legs: [leg, leg] as BrokerOrder['legs'] };
    };
    const ended = (at: Date) => ({ order: { ...CANCELLED, updatedAt: at }, of: STOP });
    const before = await page({ ...ended(day(24)), pair: { of: {}, order: trade(day(27)) } });
    expect(before.text).toContain('Cancelled. It is not working. No cancel from here was under way.');
    const together = await page({ ...ended(day(27)), pair: { of: {}, order: trade(day(27)) } });
    expect([together.screen.level, together.text]).toEqual(['off', expect.stringContaining('as was meant')]);
  });

  it('a stop that ends while its target works on, filled in part, is told as loud as any that was lost', async () => {
    const leg = { ...echo(intent({ units: 2 })).legs[0], quantity: 2, remaining: 1 };
    const fills = [{ id: '1', quantity: 1, price: d('0.67'), at: new Date('2026-11-23T15:00:00Z') }];
    const order = { legs: [{ ...leg, fills }] as BrokerOrder['legs'] };
    const legs = intent()
      .legs.slice(0, 1)
      .map((each) => ({ ...each, quantity: 2 }));
    const { screen, text } = await page({
      of: { ...STOP, units: 2, legs },
      pair: { of: { units: 2, legs }, order },
    });
    expect(screen.level).toBe('on');
    expect(text).toContain('Its target, order 1002, works on, **without a stop**.');
  });

  it('where both were cancelled, is told once, by the target', async () => {
    const target = await page({ pair: { of: STOP, order: CANCELLED } });
    expect([target.screen.level, target.labels]).toEqual(['on', ['Set 0.67 again', 'Set target again']]);
    expect(target.text).toContain('Its stop, order 1002, works no more either.');
    expect((await page({ of: STOP, pair: { of: {}, order: CANCELLED } })).screen.level).toBe('off');
  });

  it('names what took the other one’s place elsewhere, rather than say that nothing of it works', async () => {
    const { text } = await page({ pair: { of: STOP, order: { ...CANCELLED, replacedBy: '1003' } } });
    expect(text).toContain(
      'Its stop, order 1002, was replaced by order 1003, not by me: `/orders` shows it.',
    );
    expect(text).not.toContain('works no more either');
    const stop = await page({ of: STOP, pair: { of: {}, order: { ...CANCELLED, replacedBy: '1003' } } });
    expect(stop.screen.level).toBe('on');
    expect(stop.text).toContain('Its target, order 1002, was replaced by order 1003');
  });

  it('a stop that is lost alone is told, and nothing is to be set again: its target works', async () => {
    const { screen, text, labels } = await page({ of: STOP, pair: { of: {} } });
    expect([screen.level, labels]).toEqual(['on', []]);
    expect(text.split('\n')[0]).toContain('stop order **cancelled**');
    expect(text).toContain('Its target, order 1002, works on, **without a stop**.');
  });

  it('what the broker rejected is told of each', async () => {
    const order = { state: 'rejected', status: 'Rejected', rejectReason: 'Off tick' } as const;
    for (const [of, other] of [
      [STOP, {}],
      [{}, STOP],
    ] as const)
      expect((await page({ order, of, pair: { of: other, order } })).screen.level).toBe('on');
  });
});
