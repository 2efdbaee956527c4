import { describe, expect, it } from 'vitest';
import type { OrderTrail } from '../../../src/ports/audit.js';
import type { CancelledHere } from '../../../src/ports/cancels.js';
import { auditViews } from '../../../src/screens/audit.js';
import { AuditService, MOST_ORDERS } from '../../../src/services/history/audit.js';
import { expectWithinLimits } from '../../commands/support/limits.js';
import { d } from '../../domain/build.js';
import {
  ACCOUNT,
  CHANNEL,
  intent,
  LONG_PUT,
  NAME,
  SHORT_PUT,
  TRADER,
  verticalLegs,
} from '../support/builders.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 15, 0, second));
const plan = (id: string): OrderTrail['plan'] => ({
  id,
  userId: TRADER,
  guildId: '9',
  channelId: CHANNEL,
  messageIds: ['1', '2'],
  createdAt: at(0),
});
const unanswered = {
  legs: verticalLegs(1),
  units: 1,
  price: d('0.82'),
  state: 'submitting',
  brokerOrderId: null,
  brokerStatus: null,
} as const;
const trail = (
  planId: string,
  change: Partial<OrderTrail['intent']> = {},
  more: Partial<OrderTrail> = {},
): OrderTrail => ({
  intent: intent({ ...unanswered, planId, ...change }),
  plan: plan(planId),
  events: [{ at: at(1), actor: TRADER, kind: 'plan-claimed', planId, details: {} }],
  fills: [],
  toldAt: null,
  ...more,
});
const placed = {
  state: 'placed',
  brokerOrderId: '417',
  brokerStatus: 'Filled',
  sentAt: at(1),
  settledAt: at(2),
} as const;

const HERE = {
  userId: TRADER,
  confirmedAt: at(20),
  state: 'ended',
  orderState: 'cancelled',
  replacedBy: null,
  reason: null,
} as const;

function serviceOver(orders: OrderTrail[], account = ACCOUNT, cancels: Record<string, CancelledHere[]> = {}) {
  return new AuditService({
    store: {
      trail: async (_account, _position, most) => orders.slice(0, most),
      cancelsOf: async () => new Map(Object.entries(cancels)),
      positionAccounts: async () => new Map([[37, account]]),
    },
    desks: { holding: async () => ({ number: ACCOUNT, name: NAME }) as never },
  });
}

async function linesOf(orders: OrderTrail[], cancels?: Record<string, CancelledHere[]>): Promise<string[]> {
  const views = auditViews(await serviceOver(orders, ACCOUNT, cancels).read(37, null), 'PAPER');
  for (const view of views) expectWithinLimits(view);
  return views.flatMap(({ content }) =>
    content.replaceAll('\u00a0', ' ').replaceAll('\u2060', '').split('\n'),
  );
}

describe('the audit of a position', () => {
  it('tells each press with its preview, what was sent and answered, and what came of it', async () => {
    const fills = [SHORT_PUT, LONG_PUT].map((symbol) => ({
      symbol,
      quantity: 1,
      price: d('0.82'),
      at: at(9),
    }));
    const refused = trail('p2', {
      state: 'refused',
      reason: 'margin_check_failed',
      sentAt: at(5),
      settledAt: at(6),
    });
    const first = trail('p1', placed, { fills, toldAt: at(9) });
    const second = at(1).getTime() / 1000;
    expect(await linesOf([refused, first])).toEqual([
      '**#37 QQQ** · 2 orders, the latest first',
      '',
      `**<@${TRADER}> pressed Submit** <t:${second}:f> · [preview](https://discord.com/channels/9/${CHANNEL}/2)`,
      '**Put verticals (1 of 2)** · 1 × 480/475P · You pay **0.82** · 18 Dec 26',
      `-# sent <t:${second + 4}:t> · was refused, and no order exists <t:${second + 5}:t>`,
      '-# margin_check_failed',
      '',
      `**<@${TRADER}> pressed Submit** <t:${second}:f> · [preview](https://discord.com/channels/9/${CHANNEL}/2)`,
      '**Order 417** · 1 × 480/475P · You pay **0.82** · 18 Dec 26',
      `-# sent <t:${second}:t> · was taken by the broker <t:${second + 1}:t> · now **Filled** since <t:${second + 8}:f> · traded 1 of 1, the last <t:${second + 8}:f>`,
      '',
      '-# **PAPER** · account …0001',
    ]);
  });

  it('says that what was adopted was placed elsewhere, and when somebody had it forgotten', async () => {
    const event = (kind: string, second: number, details = {}) => ({
      at: at(second),
      actor: TRADER,
      kind,
      planId: 'p1',
      details,
    });
    const adopted = trail(
      'p1',
      { ...placed, brokerStatus: 'Forgotten', reason: { code: 'FORGOTTEN', userId: TRADER } },
      {
        events: [
          event('plan-claimed', 1),
          event('order-adopted', 1, { orderId: '417' }),
          event('order-forgotten', 8, { orderId: '416' }),
          event('order-forgotten', 9, { orderId: '417' }),
        ],
      },
    );
    const second = at(1).getTime() / 1000;
    expect((await linesOf([adopted])).slice(2, 6)).toEqual([
      `**<@${TRADER}> adopted it** <t:${second}:f> · [preview](https://discord.com/channels/9/${CHANNEL}/2)`,
      '**Order 417** · 1 × 480/475P · You pay **0.82** · 18 Dec 26',
      '-# placed elsewhere · now **Forgotten**',
      `-# The broker doesn’t know it (any more); <@${TRADER}> had it forgotten. · <t:${second + 8}:f>`,
    ]);
  });

  it('says of what came from the command line where it came from, and mentions nobody', async () => {
    const events = ['plan-claimed', 'order-adopted'].map((kind) => ({
      at: at(1),
      actor: 'cli',
      kind,
      planId: 'p1',
      details: kind === 'order-adopted' ? { orderId: '417' } : {},
    }));
    const here = { ...plan('p1'), userId: 'cli', messageIds: [] };
    const reason = { code: 'ADOPTED', userId: 'cli' } as const;
    const adopted = trail('p1', { ...placed, reason }, { events, plan: here });
    const submitted = trail('p2', placed, { plan: { ...here, id: 'p2' } });
    const lines = await linesOf([adopted, submitted], {
      417: [{ ...HERE, userId: 'cli', successor: null }],
    });
    const start = at(0).getTime() / 1000;
    expect(lines).toContain(`**The command line adopted it** <t:${start + 1}:f>`);
    expect(lines).toContain(`**The command line pressed Submit** <t:${start + 1}:f>`);
    expect(lines).toContain('-# placed elsewhere, adopted by the command line');
    expect(lines).toContain(`-# The command line cancelled it <t:${start + 20}:f>`);
    expect(lines.join('\n')).not.toContain('<@');
  });

  it('names what was placed at another price, and what was closed at once', async () => {
    const lines = await linesOf([
      trail('p1', { ...placed, kind: 'close' }),
      trail('p2', { kind: 'change', state: 'refused' }),
    ]);
    expect(lines.filter((text) => / · You pay/.test(text)).map((text) => text.split(' · ')[0])).toEqual([
      '**Close: Order 417**',
      '**New price: Put verticals (1 of 2)**',
    ]);
  });

  it('tells who had an order cancelled, what came of that, and what took its place', async () => {
    const uneven = [{ symbol: SHORT_PUT, quantity: 1, price: d('0.82'), at: at(9) }];
    const order = trail('p1', { ...placed, brokerStatus: 'Cancelled' }, { fills: uneven });
    const lines = await linesOf([order], {
      417: [
        {
          ...HERE,
          confirmedAt: at(15),
          state: 'absent',
          orderState: null,
          replacedBy: null,
          successor: null,
        },
        { ...HERE, successor: '423' },
        { ...HERE, confirmedAt: at(25), orderState: 'filled', reason: null, successor: null },
      ],
    });
    const start = at(0).getTime() / 1000;
    expect(lines).toContain(
      `-# <@${TRADER}> asked to cancel it <t:${start + 15}:f> · never arrived, and the order works`,
    );
    expect(lines).toContain(`-# <@${TRADER}> cancelled it <t:${start + 20}:f> · order 423 took its place`);
    expect(lines).toContain(
      `-# <@${TRADER}> asked to cancel it <t:${start + 25}:f> · it ended first: filled`,
    );
    expect(lines.join('\n')).toContain('traded 1 contract, its legs unevenly');
  });

  it('puts the orders of one press together as they were sent, and says who decided about a look-alike', async () => {
    const decided = {
      at: at(30),
      actor: TRADER,
      kind: 'lookalike-decided',
      planId: 'p1',
      details: { whose: 'by-hand' },
    };
    const events = [...trail('p1').events, decided];
    const both = [
      trail('p1', { id: 2, label: 'Calls' }, { events }),
      trail('p1', { id: 1, label: 'Puts' }, { events }),
    ];
    const lines = await linesOf(both);
    expect(lines.filter((line) => line.includes('pressed Submit'))).toHaveLength(1);
    expect(lines.findIndex((line) => line.startsWith('**Puts**'))).toBeLessThan(
      lines.findIndex((line) => line.startsWith('**Calls**')),
    );
    expect(lines.join('\n')).toContain(`<@${TRADER}> said that what looked like it was placed by hand`);
  });

  it('says that nothing was sent, and that there is more', async () => {
    expect(await linesOf([])).toContain('**#37** · nothing was ever sent for it by me');
    const many = Array.from({ length: MOST_ORDERS + 1 }, (_, index) => trail(`p${index}`));
    const lines = await linesOf(many);
    expect(lines[0]).toContain(`${MOST_ORDERS} orders`);
    expect(lines).toContain('… and earlier orders, which the database keeps too.');
  });

  it('knows no position of another account', async () => {
    await expect(serviceOver([], '5WT00009').read(37, null)).rejects.toMatchObject({
      code: 'POSITION_UNKNOWN',
    });
  });
});
