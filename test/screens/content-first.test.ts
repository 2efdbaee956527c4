import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseOcc } from '../../src/domain/occ.js';
import { heldCredit } from '../../src/domain/profit.js';
import { percentText, priceText } from '../../src/domain/text.js';
import type { BrokerOrder, Effect } from '../../src/domain/types.js';
import type { Reminder } from '../../src/ports/reminder-store.js';
import { roughPercent, signedUsd } from '../../src/screens/format.js';
import { helpViews } from '../../src/screens/help.js';
import { ordersViews } from '../../src/screens/orders.js';
import { heading } from '../../src/screens/position.js';
import { previewViews } from '../../src/screens/preview.js';
import { blockedText, lockedText } from '../../src/screens/preview-notes.js';
import { reasonText } from '../../src/screens/reasons.js';
import { reminderViews } from '../../src/screens/reminders/message.js';
import { removedView } from '../../src/screens/reminders/schedule.js';
import { mismatchText, reportViews } from '../../src/screens/report.js';
import type { View } from '../../src/screens/view.js';
import { kindText } from '../../src/screens/working-order.js';
import { workingOrders } from '../../src/services/orders/working-orders.js';
import { canSubmit } from '../../src/services/previews/preview.js';
import type { PreviewedTarget } from '../../src/services/previews/pricing.js';
import { findMissing } from '../../src/services/reminders/kinds/missing-targets.js';
import type { Found } from '../../src/services/reminders/kinds/registry.js';
import { findOrders, limitsOf } from '../../src/services/reminders/kinds/working-orders.js';
import { anyReport, book, circumstances, previewOf } from '../commands/support/arbitraries.js';
import { expectWithinLimits, plainTextOf } from '../commands/support/limits.js';
import { d, x } from '../domain/build.js';
import { line, NAME, report, T0, TRADER } from '../services/support/builders.js';
import { bookOf, CLEAN, TRIDENT } from '../services/support/scene.js';
import { positionsViews } from './support/positions-views.js';

/** Whoever has embeds switched off sees the text alone, and a phone's lock screen its first line. */
const LOCK_SCREEN = 80;
const WORDS: Record<Effect, string> = { debit: 'You pay', credit: 'You receive' };

function expectMessages(views: readonly View[]): void {
  expect(views.length).toBeGreaterThan(0);
  for (const view of views) {
    expectWithinLimits(view);
    expect(view.content.trim()).not.toBe('');
    // Where a line could end between a number and its unit, or a sign and its dollars.
    expect(view.content).not.toMatch(/\d (%|DTE|×|orders?\b|positions?\b|days?\b)|× |[+−]\$/);
  }
  expect(firstLineOf(views).length).toBeLessThanOrEqual(LOCK_SCREEN);
}

function firstLineOf([first]: readonly View[]): string {
  return (first?.content.split('\n', 1)[0] ?? '').replaceAll('\u2060', '');
}

/** The lines of each position, over all pages: what stands below its name up to the next one's. */
function linesByPosition(views: readonly View[]): Map<number, string[]> {
  const lines = new Map<number, string[]>();
  for (const view of views) {
    let own: string[] = [];
    for (const line of plainTextOf([view]).split('\n')) {
      const id = /^\*\*#(\d+) /.exec(line)?.[1];
      if (id !== undefined) {
        own = lines.get(Number(id)) ?? [];
        lines.set(Number(id), own);
      } else if (line === '') own = [];
      else own.push(line);
    }
  }
  return lines;
}

/** As a screen of so many characters breaks it. */
function wrapped(text: string, width: number): string[] {
  const plain = text.replaceAll('**', '').replaceAll(/<t:\d+:R>/g, 'in\u00a02\u00a0minutes');
  return plain.split('\n').flatMap((line) => {
    const rows: string[] = [];
    for (const word of line.split(' ')) {
      const row = rows.at(-1);
      if (row !== undefined && row.length + 1 + word.length <= width)
        rows[rows.length - 1] = `${row} ${word}`;
      else rows.push(word);
    }
    return rows;
  });
}

/** Every leg of an order by count and strike, however it is put. */
function tellsLegs(
  line: string,
  { legs }: { legs: readonly { symbol: string; quantity: number }[] },
): boolean {
  return legs.every(({ symbol, quantity }) => {
    const strike = parseOcc(symbol)?.strike.toString() ?? symbol;
    return new RegExp(`\\b${quantity} × [^,·]*\\b${strike}\\D`).test(line);
  });
}

/** A text from outside can’t pass for a line of ours. */
function oneLine(text: string): string {
  return text.replaceAll(/\s+/g, ' ').trim();
}

describe('a preview without its embeds', () => {
  it('still says of every order its legs, quantity, direction, price, percentage, profit, and why it can’t be sent', async () => {
    await fc.assert(
      fc.asyncProperty(book(30), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const views = previewViews(preview, 'PAPER', T0);
        expectMessages(views);
        const told = linesByPosition(views);
        for (const { view, targets } of preview.positions) {
          const lines = told.get(view.id) ?? [];
          const prices = lines.filter((line) => / · You (pay|receive) /.test(line));
          expect(prices).toHaveLength(targets.length);
          for (const [index, { order, plan, blocked }] of targets.entries()) {
            const line = prices[index] ?? '';
            expect(line).toContain(`${WORDS[order.effect]} **${priceText(order.price)}**`);
            expect(tellsLegs(line, order)).toBe(true);
            expect(order.units === 1 || line.includes(' each')).toBe(true);
            const { requestedPercent, profit } = plan.pricing;
            expect(line).toContain(requestedPercent ? `**${percentText(requestedPercent)}` : 'your price');
            expect(line).toContain(profit ? signedUsd(profit) : 'profit not known');
            expect(line.startsWith('⛔')).toBe(blocked !== null);
            if (blocked)
              expect(plainTextOf(views)).toContain(`⛔ ${oneLine(blockedText(blocked)).slice(0, 200)}`);
          }
        }
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('still says beside its buttons how many orders, for how much, from which account, until when', async () => {
    await fc.assert(
      fc.asyncProperty(book(12), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const views = previewViews(preview, 'PRODUCTION', T0);
        const text = plainTextOf(views.slice(-1));
        expect(text).toContain('**PRODUCTION** · account …0001');
        if (preview.locked) expect(text).toContain(lockedText(preview.locked));
        if (preview.halt) expect(text).toContain('Nothing can be sent: halted by');
        const waits = canSubmit(preview);
        expect(text.includes('Not sent yet · expires <t:')).toBe(waits);
        const [first] = preview.positions;
        if (first && preview.positions.length === 1)
          expect(firstLineOf(views)).toContain(`#${first.view.id} `);
        const offered = preview.positions.flatMap(({ targets }) => targets.filter((each) => !each.blocked));
        const total = offered.reduce<PreviewedTarget['plan']['pricing']['profit']>(
          (sum, { plan }) => (sum && plan.pricing.profit ? sum.plus(plan.pricing.profit) : null),
          offered[0]?.plan.pricing.profit?.times(0) ?? null,
        );
        const whole = plainTextOf(views);
        if (total) expect(whole).toContain(`**${signedUsd(total)}** if`);
        if (preview.orders > 0) expect(whole).toMatch(new RegExp(`\\b${preview.orders}( GTC)? orders?\\b`));
      }),
      { numRuns: 60 },
    );
  }, 60_000);

  it('still says whatever the broker warns of', async () => {
    await fc.assert(
      fc.asyncProperty(book(6), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const text = plainTextOf(previewViews(preview, 'PAPER', T0));
        for (const { blocked, dryRun } of preview.positions.flatMap(({ targets }) => targets)) {
          if (blocked !== null) continue;
          for (const { message, code } of dryRun?.warnings ?? [])
            expect(text).toContain(oneLine(message || code).slice(0, 150));
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('is 18 lines at most of a Trident, on a phone', async () => {
    const credits = ['3.99', '2.02', '3.07', '2.02'];
    const held = TRIDENT.held.map((each, index) => ({ ...each, averageOpenPrice: d(credits[index] ?? 1) }));
    const quotes = new Map(
      held.map(({ instrument: { symbol }, side }) => {
        const mark = side === 'short' ? d('3.02') : d('1.12');
        return [symbol, { bid: mark.minus('0.02'), ask: mark.plus('0.02'), mark }];
      }),
    );
    const { opening } = TRIDENT;
    const legs = opening.legs.map((leg, index) => ({
      ...leg,
      fills: leg.fills.map((fill) => ({ ...fill, price: d(credits[index] ?? 1) })),
    }));
    const given = bookOf(held, [{ ...opening, legs }], [], quotes);
    const how = { increment: d('0.01'), trials: [CLEAN], locked: null };
    const [view, ...more] = previewViews(await previewOf(given, how), 'PAPER', T0);
    expect(more).toEqual([]);
    const embed = view?.embeds[0]?.description ?? '';
    expect(embed).toContain('Raw 1.182 · 0.788 · 0.525');
    // What fits into 390 pixels in the local Discord's page, beneath an avatar and within an embed's frame.
    const lines = [...wrapped(view?.content ?? '', 37), ...wrapped(embed, 40)];
    expect(lines.length).toBeLessThanOrEqual(18);
  });

  it('names every position it is about, those it leaves out too', async () => {
    await fc.assert(
      fc.asyncProperty(book(20), circumstances, async (given, how) => {
        const preview = await previewOf(given, how);
        const views = previewViews({ ...preview, leftOut: given.positions.slice(0, 3) }, 'PAPER', T0);
        expectMessages(views);
        const text = plainTextOf(views);
        for (const view of given.positions) expect(text).toContain(heading(view));
      }),
      { numRuns: 30 },
    );
  }, 60_000);
});

describe('a result without its embeds', () => {
  it('still says of every order its id, what it is, for how much, its state and why', () => {
    fc.assert(
      fc.property(anyReport, (given) => {
        const views = reportViews(given, 'SANDBOX', NAME);
        expectMessages(views);
        expect(plainTextOf(views)).toContain('**SANDBOX** · account …0001');
        const blocks = plainTextOf(views)
          .split(/\n(?=[✅💰🔴❓] \*\*(?:Order|No order))/u)
          .slice(1);
        expect(blocks).toHaveLength(given.lines.length);
        for (const view of views.filter(({ content }) => /\*\*(Order|No order)/.test(content)))
          expect(plainTextOf([view])).toContain('**#37 QQQ · 18 Dec 26**');
        for (const [index, line] of given.lines.entries()) {
          const block = blocks[index] ?? '';
          expect(block).toContain(line.orderId ? `**Order ${line.orderId}**` : '**No order**');
          const [, deal = '', state = ''] = block.split('\n');
          expect(deal).toContain(`${WORDS[line.effect]} **${priceText(line.price)}**`);
          expect(tellsLegs(deal, line)).toBe(true);
          // Of a close no percentage was asked for.
          if (line.percent && line.kind !== 'close')
            expect(deal).toContain(roughPercent(line.percent).replace('\u00a0', ' '));
          // What can't fill any more makes nothing.
          const open =
            line.state === 'placed'
              ? !['filled', 'rejected', 'cancelled', 'expired'].includes(line.orderState ?? '')
              : ['unknown', 'submitting'].includes(line.state);
          if (line.profit) expect(deal.includes(signedUsd(line.profit))).toBe(open);
          if (line.state === 'refused') expect(state).toMatch(/^-# Not placed: /);
          const told =
            line.state !== 'placed' || ['rejected', 'cancelled', 'expired'].includes(line.orderState ?? '');
          if (line.reason && told) expect(state).toContain(oneLine(reasonText(line.reason)).slice(0, 150));
          if (line.state === 'placed') expect(state).toContain(line.status ?? '');
          const odd = oneLine(line.mismatches.map(mismatchText).join('; '));
          if (line.mismatches.length > 0) expect(block).toContain(odd.slice(0, 150));
        }
      }),
      { numRuns: 100 },
    );
  }, 60_000);

  it('says on a lock screen what was filled and for how much', () => {
    const fill = { units: 1, price: x('0.65'), profit: x('47.5'), percent: x(42) };
    const [filled] = reportViews(
      report([line({ orderState: 'filled', status: 'Filled', fill })]),
      'PAPER',
      NAME,
    );
    expect(filled && firstLineOf([filled])).toBe(
      `<@${TRADER}> **1 GTC order placed** · #37 QQQ · **+$47.50** filled`,
    );
  });
});

/** The block of a text that begins like this, up to the next empty line. */
function blockAt(text: string, beginning: string): string {
  const at = text.indexOf(beginning);
  return at < 0 ? '' : (text.slice(at).split('\n\n', 1)[0] ?? '');
}

describe('a list without its embeds', () => {
  it('of positions still says of each its id, legs, prices, profit, and which orders work', () => {
    fc.assert(
      fc.property(book(40), (given) => {
        const views = positionsViews(given, given.positions, 'SANDBOX', T0);
        expectMessages(views);
        const text = plainTextOf(views);
        expect(text).toContain('**SANDBOX** · account …0001');
        for (const { id, position, working, profit } of given.positions) {
          const block = blockAt(text, `**#${id} `);
          for (const { held, side, instrument } of position.legs) {
            const sign = side === 'short' ? '−' : '+';
            expect(block).toMatch(
              new RegExp(`${sign === '+' ? '\\+' : sign}${held} × [^·]*${instrument.option?.strike}`),
            );
          }
          const { perUnit } = heldCredit(position);
          if (perUnit) expect(block).toContain(`of ${priceText(perUnit.abs())} (`);
          if (profit.dollars) expect(block).toContain(signedUsd(profit.dollars));
          for (const { order } of working) expect(block).toContain(order.id);
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);

  it('of working orders still says of each its id, legs, direction and price, and why it is no target', async () => {
    await fc.assert(
      fc.asyncProperty(book(40), async (given) => {
        const orders = workingOrders(given);
        const views = ordersViews(given, orders, 'SANDBOX');
        expectMessages(views);
        const text = plainTextOf(views);
        expect(text).toContain('**SANDBOX** · account …0001');
        for (const { order, flaws, positions } of orders) {
          const block = blockAt(text, `**Order ${order.id}**`);
          expectOrder(block, order);
          for (const { id } of positions) expect(block).toContain(`#${id} `);
          if (flaws.length > 0) expect(block).toContain(kindText(order, flaws));
        }
      }),
      { numRuns: 40 },
    );
  }, 60_000);
});

function expectOrder(block: string, { price, effect, legs }: BrokerOrder): void {
  if (price && effect) expect(block).toContain(`${WORDS[effect]} **${priceText(price)}**`);
  expect(
    tellsLegs(block, {
      legs: legs.map(({ instrument, quantity }) => ({ symbol: instrument.symbol, quantity })),
    }),
  ).toBe(true);
}

describe('a reminder without its embeds', () => {
  const reminder = (kind: string) => ({
    id: 12,
    guildId: '900',
    channelId: '800',
    userId: TRADER,
    kind,
    when: 'market open +15m',
    zone: 'America/New_York',
    marketDaysOnly: true,
    options: '{}',
    state: 'active' as const,
    pausedReason: null,
    nextRunAt: T0,
    createdAt: T0,
  });
  const told = (found: Found) => {
    const part = { reminder: reminder(found.kind), account: null, dueAt: T0, alsoMissed: [], found };
    const views = reminderViews({ leadId: 77, userId: TRADER, late: false, parts: [part] }, 'SANDBOX', T0);
    expectMessages(views);
    const text = plainTextOf(views);
    expect(text.startsWith(`<@${TRADER}> **`)).toBe(true);
    expect(text).toContain('**SANDBOX** · account …0001');
    return text;
  };

  it('of missing targets still names each position, what it was opened for, and what works', () => {
    fc.assert(
      fc.property(book(30), (given) => {
        const findings = findMissing(given, {});
        const text = told({ kind: 'missing-targets', findings });
        for (const { id, position, working } of [...findings.without, ...findings.partly]) {
          const block = blockAt(text, `**#${id} `);
          const { perUnit } = heldCredit(position);
          if (perUnit) expect(block).toContain(`of ${priceText(perUnit.abs())} (`);
          for (const { order } of working) expect(block).toContain(order.id);
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('of working orders still says of each its id, legs, price, and why it is worth a look', () => {
    fc.assert(
      fc.property(book(30), (given) => {
        const limits = limitsOf({ withinPercent: 100, olderThanDays: 1 });
        const later = new Date(T0.getTime() + 40 * 86_400_000);
        const findings = { ...findOrders(given, workingOrders(given), limits, new Map(), later), unread: [] };
        const text = told({ kind: 'working-orders', findings });
        for (const { working, reasons } of findings.orders) {
          const block = blockAt(text, `**Order ${working.order.id}**`);
          expectOrder(block, working.order);
          const [, why = ''] = block.split('⏳ ');
          for (const reason of reasons) {
            if (reason.kind === 'old') expect(why).toContain(`working for **${reason.days} days**`);
            else if (reason.kind === 'reached') expect(why).toContain('reached its limit');
            else expect(why).toContain(`**${priceText(reason.away)} from filling**`);
          }
        }
      }),
      { numRuns: 30 },
    );
  }, 60_000);

  it('leaves room on every page for who dealt with it', () => {
    fc.assert(
      fc.property(book(40), (given) => {
        const part = { reminder: reminder('missing-targets'), account: null, dueAt: T0, alsoMissed: [] };
        const found: Found = { kind: 'missing-targets', findings: findMissing(given, {}) };
        const parts = [{ ...part, found }];
        const views = reminderViews({ leadId: 77, userId: TRADER, late: true, parts }, 'SANDBOX', T0);
        const snoozed = `💤 Snoozed by <@12345678901234567890> until <t:1795446000:f> (<t:1795446000:R>).`;
        for (const { content } of views)
          expect(content.length + 1 + snoozed.length).toBeLessThanOrEqual(2000);
      }),
      { numRuns: 20 },
    );
  }, 60_000);
});

it('help, and what is said of a reminder, need no embed', () => {
  const { id, kind, when } = { id: 12, kind: 'expiry', when: 'market open +15m' };
  const removed = removedView({ id, kind, when } as Reminder, 'SANDBOX');
  const help = helpViews('SANDBOX', [{ name: 'orders', description: 'Closing orders that work' }]);
  for (const view of [...help, removed]) {
    expectMessages([view]);
    expect(view.embeds).toEqual([]);
    expect(view.content).toContain('**SANDBOX**');
  }
  const many = Array.from({ length: 40 }, (_, index) => ({
    name: `command-${index}`,
    description: 'x'.repeat(80),
  }));
  const pages = helpViews('SANDBOX', many);
  expectMessages(pages);
  expect(plainTextOf(pages)).toContain('/command-39');
  expect(removed.content).toContain('**Removed**: 12 · Expiry\nmarket open +15m');
});
