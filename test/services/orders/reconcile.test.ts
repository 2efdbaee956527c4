import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerOrder, Holding } from '../../../src/domain/types.js';
import type { OrderIntent } from '../../../src/ports/order-intents.js';
import { reconcileViews } from '../../../src/screens/reconcile.js';
import { ReconcileService } from '../../../src/services/orders/reconcile.js';
import { expectWithinLimits, plainTextOf } from '../../commands/support/limits.js';
import { d, holding, workingOrder } from '../../domain/build.js';
import { intent, T0 } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const LIMIT = { price: d('1.20'), effect: 'debit' } as const;
const PUTS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C @ 1', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 1'];
const ours = (brokerOrderId: string | null, change: Partial<OrderIntent> = {}) =>
  intent({ id: Number(brokerOrderId ?? 1), brokerOrderId, state: 'placed', ...change });

interface World {
  held?: Holding[];
  open: BrokerOrder[];
  journal?: OrderIntent[];
  /** What the broker answers for an order by its id; null if it doesn't know it. */
  ended?: Record<string, Partial<BrokerOrder> | null>;
}

async function look({ held = TRIDENT.held, open, journal = [], ended = {} }: World) {
  const recorded: string[] = [];
  const book = bookOf(held, [TRIDENT.opening], open);
  const service = new ReconcileService({
    broker: {
      order: async (_account, id) => {
        const change = ended[id];
        if (change === null) throw new BrokerRefusal(404, 'record_not_found', 'no such order');
        if (!change) throw new BrokerUnreachable('no answer');
        return { ...workingOrder(id, PUTS, LIMIT), ...change };
      },
    },
    store: {
      workingIntents: async () => journal,
      recordOrders: async (orders) => {
        recorded.push(...orders.map(({ id }) => id));
        return [];
      },
    },
    desks: { read: async () => ({ read: [book], unread: [], missing: [] }) },
    clock: { now: () => T0 },
  });
  const [account] = (await service.read(null)).accounts;
  if (!account) throw new Error('no account');
  const views = reconcileViews(account, 'PAPER', T0);
  for (const view of views) expectWithinLimits(view);
  const kinds = account.findings.map(({ kind }) => kind);
  return { kinds, matched: account.matched.length, text: plainTextOf(views), recorded, views };
}

describe('reconciling the journal with the broker', () => {
  it('says that all agrees where each order works as written down and all is covered', async () => {
    const open = [workingOrder('701', PUTS, LIMIT), workingOrder('702', CALLS, LIMIT)];
    const { kinds, matched, text, views } = await look({ open, journal: [ours('701'), ours('702')] });
    expect(kinds).toEqual([]);
    expect(matched).toBe(2);
    expect(text).toContain('**All agrees**');
    expect(text).toContain('✅ 2 orders of mine work at the broker as written down.');
    expect(text).toContain('Nothing was sent.');
    expect(views.at(-1)?.components).toEqual([]);
  });

  it('tells an order placed elsewhere from its own, and what has no target', async () => {
    const { kinds, text, views } = await look({ open: [workingOrder('801', PUTS, LIMIT)] });
    expect(kinds).toEqual(['elsewhere', 'part']);
    expect(text).toContain('**Order 801** was placed elsewhere · #37 QQQ Senex Trident');
    expect(text).toMatch(/⚠️ \*\*#37 QQQ Senex Trident\*\* · working: 801/);
    // Each leads on: to the order, and to a preview.
    expect(JSON.stringify(views.at(-1)?.components)).toMatch(/cancel:open.*targets:open/);
  });

  it('reads an order that the list shows no more, takes over its end, and says so', async () => {
    const journal = [ours('701'), ours('702'), ours('703')];
    const { kinds, text, recorded } = await look({
      open: [],
      journal,
      ended: { 701: { state: 'filled', status: 'Filled' }, 702: {} },
    });
    // 702 works by the broker's own word for it: only its list is late.
    expect(kinds).toEqual(['stale', 'stale', 'missing']);
    expect(recorded).toEqual(['701', '702']);
    expect(text).toContain('⚪ **Order 701** works no more: Filled');
    expect(text).toContain('Written down now');
    expect(text).toContain(
      '**Order 703** works no more: the broker doesn’t show it, and it can’t be read now',
    );
  });

  it('offers to adopt a target that was placed elsewhere, and nothing else', async () => {
    const menu = async (order: BrokerOrder) =>
      JSON.stringify((await look({ open: [order] })).views.at(-1)?.components).includes('reconcile:adopt');
    expect(await menu(workingOrder('801', PUTS, LIMIT))).toBe(true);
    expect(await menu({ ...workingOrder('801', PUTS, LIMIT), timeInForce: 'Day' })).toBe(false);
    expect(
      await menu({ ...workingOrder('801', PUTS, LIMIT), orderType: 'Stop Limit', stopTrigger: d('4') }),
    ).toBe(false);
    expect(await menu(workingOrder('801', PUTS.slice(0, 1), LIMIT))).toBe(false);
  });

  it('offers to forget an order that the broker doesn’t know, not one that only can’t be read now', async () => {
    const journal = [ours('701'), ours('702')];
    const { text, views } = await look({ open: [], journal, ended: { 701: null } });
    expect(text).toContain('**Order 701** works no more: the broker doesn’t know it (any more)');
    expect(text).toContain(
      '**Order 702** works no more: the broker doesn’t show it, and it can’t be read now',
    );
    const menus = JSON.stringify(views.at(-1)?.components);
    expect(menus).toContain('reconcile:forget');
    expect(menus).toContain('Order 701');
    expect(menus).not.toContain('Order 702');
  });

  it('calls what closes nothing held by its name, and what it may be called by now', async () => {
    const renamed = { ...holding('-1 QQQ 2026-12-18 480 P @ 4.00') };
    const { option } = renamed.instrument;
    if (!option) throw new Error('an option');
    const instrument = {
      ...renamed.instrument,
      symbol: 'QQQ1  261218P00480000',
      option: { ...option, root: 'QQQ1' },
    };
    const open = [workingOrder('701', ['buy-to-close 1 QQQ 2026-12-18 480 P @ 1'], LIMIT)];
    const moved = await look({ held: [{ ...renamed, instrument }], open, journal: [ours('701')] });
    expect(moved.kinds[0]).toBe('loose');
    expect(moved.text).toContain('**Order 701** closes nothing that is held\n');
    expect(moved.text).toContain('may have been renamed: held is QQQ1 261218P00480000');
    const alone = await look({ held: [holding('-1 QQQ 2026-12-18 490 P @ 4.00')], open });
    expect(alone.text).toContain('closes nothing that is held, and was placed elsewhere');
    expect(alone.text).toContain('Cancel it, or leave it');
  });

  it('names orders that together close more than is held', async () => {
    const { kinds, text, views } = await look({
      open: [workingOrder('701', PUTS, LIMIT), workingOrder('801', PUTS, LIMIT)],
      journal: [ours('701')],
    });
    expect(kinds.slice(0, 2)).toEqual(['over', 'over']);
    expect(text).toContain('🔴 **QQQ 261218P00480000: 4 to be closed, 2 held**');
    expect(text).toContain('Orders 701 and 801 together close more than is held.');
    // Each of them once, ours too: the menu cancels one.
    const [menu = ''] =
      JSON.stringify(views.at(-1)?.components).match(/\{"type":1.*?cancel:open.*?\]\}\]\}/) ?? [];
    expect(menu.match(/"value":"\d+"/g)).toEqual(['"value":"701"', '"value":"801"']);
  });

  it('says which order’s fate nobody knows, and whether somebody is asked about it', async () => {
    const open = [workingOrder('702', CALLS, LIMIT)];
    const unknown = ours(null, { state: 'unknown' });
    const { kinds, text } = await look({ open, journal: [unknown, ours('702')] });
    expect(kinds).toContain('unsettled');
    expect(text).toContain('an order whose fate isn’t known');
    const asked = await look({ open, journal: [{ ...unknown, lookalikes: ['801'] }] });
    expect(asked.text).toContain('801 looks just like it: its result asks which it is.');
  });
});
