import { describe, expect, it } from 'vitest';
import type { BrokerOrder, Quote } from '../../src/domain/types.js';
import type { Broker } from '../../src/ports/broker.js';
import { previewViews } from '../../src/screens/preview.js';
import type { View } from '../../src/screens/view.js';
import { parseClose } from '../../src/services/previews/close-wish.js';
import { planClose } from '../../src/services/previews/closing.js';
import type { Preview } from '../../src/services/previews/preview.js';
import { PreviewPricer } from '../../src/services/previews/pricing.js';
import { expectWithinLimits, plainTextOf } from '../commands/support/limits.js';
import { d, filledOrder, holding, workingOrder } from '../domain/build.js';
import { ACCOUNT, brokerWith, NAME, T0, TRADER } from '../services/support/builders.js';
import { bookOf, CLEAN } from '../services/support/scene.js';

/* What somebody reads who is about to close a position: every number that is confirmed, as text. */

const OPENING = ['sell-to-open 2 QQQ 2026-12-18 480 P @ 4.00', 'buy-to-open 2 QQQ 2026-12-18 475 P @ 2.00'];
const HELD = ['-2 QQQ 2026-12-18 480 P @ 4.00', '2 QQQ 2026-12-18 475 P @ 2.00'].map((text) => holding(text));
const quote = (bid: string, ask: string, mark: string): Quote => ({
  bid: d(bid),
  ask: d(ask),
  mark: d(mark),
  at: T0,
});
const QUOTED = [quote('1.50', '1.60', '1.55'), quote('0.50', '0.60', '0.55')];
const target = (id: string, count: number) =>
  workingOrder(
    id,
    [`buy-to-close ${count} QQQ 2026-12-18 480 P @ 1`, `sell-to-close ${count} QQQ 2026-12-18 475 P @ 1`],
    { price: d('0.80'), effect: 'debit', status: 'Live' },
  );

interface Wanted {
  at?: string;
  portion?: string;
  orders?: BrokerOrder[];
  quotes?: Quote[];
  dryRun?: Broker['dryRun'];
  change?: Partial<Preview>;
}

async function shown({ at = 'mid', portion, orders = [], quotes = QUOTED, dryRun, change }: Wanted = {}) {
  const served = new Map(
    HELD.flatMap(({ instrument: { symbol } }, index) => {
      const found = quotes[index];
      return found ? [[symbol, found] as const] : [];
    }),
  );
  const opening = filledOrder('100', OPENING);
  const book = bookOf(HELD, [opening], orders, served);
  const [view] = book.positions;
  if (!view) throw new Error('no position');
  const wish = parseClose({ at, portion: portion ?? null });
  const plan = planClose(book, view, wish, null);
  const then = bookOf(
    HELD,
    [opening],
    orders.filter((order) => !plan.givingWay.includes(order)),
    served,
  );
  const broker = brokerWith({
    underlying: async (symbol) => ({
      symbol,
      isIndex: false,
      optionTicks: [{ below: null, increment: d('0.01') }],
    }),
    dryRun: dryRun ?? (async () => CLEAN),
  });
  const rules = { rounding: 'nearest', spreadTicks: new Map(), maxOrderContracts: null } as const;
  const how = { at: wish.at, leaveNaked: false, instead: null, urgency: 'trader' } as const;
  const { market, ...position } = await new PreviewPricer(broker, rules).close(
    then,
    then.positions[0] ?? view,
    plan,
    how,
  );
  const preview: Preview = {
    planId: 'AbCdEf-_0123',
    actor: { userId: TRADER, roleIds: [], guildId: null, channelId: '1' },
    account: ACCOUNT,
    name: NAME,
    positions: [position],
    leftOut: [],
    overrides: {},
    dryRun: false,
    givingWay: plan.givingWay,
    bared: [],
    close: { ...wish, units: plan.units, held: plan.whole.units, market },
    expiresAt: new Date(T0.getTime() + 120_000),
    orders: position.targets.filter(({ blocked }) => blocked === null).length,
    locked: null,
    halt: null,
    quotes: served,
    odd: [],
    marksMissing: null,
    ...change,
  };
  const views = previewViews(preview, 'PAPER', T0);
  for (const view of views) expectWithinLimits(view);
  return { text: plainTextOf(views), labels: labelsOf(views) };
}

function labelsOf(views: readonly View[]): string[] {
  return views.flatMap(({ components }) =>
    components.flatMap((row) =>
      row.components.flatMap((each) => ('label' in each ? (each.label ?? []) : [])),
    ),
  );
}

describe('the preview of a close', () => {
  it('says what is paid, what that makes, and the market it stands on with its age', async () => {
    const { text, labels } = await shown();
    expect(text).toContain('**Close #37 QQQ Bull put vertical × 2** · **+$200.00** if it fills');
    expect(text).toContain('2 × 480/475P · You pay **1.00** each · at mid');
    expect(text).toContain('Makes **+$200.00** (50 % of credit) before fees');
    expect(text).toContain(
      `you pay mid 1.00 · mark 1.00 · natural 1.10 · quoted <t:${T0.getTime() / 1000}:R>`,
    );
    expect(text).toContain('Rests 0.10 away from the natural price');
    expect(text).toContain('Fees $2.50 · buying power +$500.00');
    expect(text).not.toContain('Cancels first');
    expect(labels).toEqual([
      'Submit: close at 1.00',
      'Mid',
      'Mark',
      'Natural',
      'Price…',
      'Refresh',
      'Discard',
    ]);
  });

  it('names what ends first, and of a part what stands without a target then', async () => {
    const { text, labels } = await shown({ portion: '1', orders: [target('701', 2)], at: 'natural' });
    expect(text).toContain('**Close 1 of #37 QQQ Bull put vertical × 2**');
    expect(text).toContain('Fills at once');
    expect(text).toContain(
      '**Cancels first, because it holds these contracts:**\n• **Order 701** · You pay **0.80**',
    );
    expect(text).toContain('1 of 2 stands without a target afterwards');
    expect(labels[0]).toBe('Submit: cancel 701, then close at 1.10');
    const both = await shown({ orders: [target('701', 1), target('702', 1)] });
    expect(both.labels[0]).toBe('Submit: cancel 2, then close at 1.00');
    expect(both.text).not.toContain('without a target');
  });

  it('names a position beside it that loses its target by that', async () => {
    const [beside] = bookOf(HELD, [filledOrder('100', OPENING)]).positions;
    const bared = beside ? [{ ...beside, id: 38 }] : [];
    const { text } = await shown({ orders: [target('701', 2)], change: { bared } });
    expect(text).toContain('**That also leaves #38 QQQ Bull put vertical × 2 uncovered:** no targets.');
  });

  it('a loss is called one, and a price that nobody quotes is no price', async () => {
    expect((await shown({ at: '2.75' })).text).toContain(
      '**Loss:** **−$150.00** (−37.5 % of credit) before fees',
    );
    const blind = await shown({ at: '1.00', quotes: [] });
    expect(blind.text).toContain('No quote that can be true');
    expect(blind.text).not.toMatch(/Fills at once|Rests/);
  });

  it('has no Submit where the broker would refuse it, or nothing may be sent', async () => {
    const refused = await shown({
      dryRun: async () => ({ ...CLEAN, errors: [{ code: 'x', message: 'Not now' }] }),
    });
    expect(refused.text).toContain('⛔ The broker would refuse it: Not now');
    expect(refused.labels).not.toContainEqual(expect.stringMatching(/^Submit/));
    const readOnly = await shown({ change: { locked: 'READ_ONLY' } });
    expect(readOnly.text).toContain('🔒 **Read-only mode');
    expect(readOnly.labels).not.toContainEqual(expect.stringMatching(/^Submit/));
    const halted = await shown({ change: { halt: { by: TRADER, at: T0, reason: null } } });
    expect(halted.text).toContain('Nothing can be sent');
  });
});
