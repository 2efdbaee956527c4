import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BrokerOrder, Holding } from '../../../src/domain/types.js';
import type { OrderIntent } from '../../../src/ports/order-intents.js';
import { reconcileViews } from '../../../src/screens/reconcile.js';
import type { View } from '../../../src/screens/view.js';
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
  const views = reconcileViews(account, 'PAPER');
  for (const view of views) expectWithinLimits(view);
  const kinds = account.findings.map(({ kind }) => kind);
  return { kinds, matched: account.matched.length, text: plainTextOf(views), recorded, views };
}

/** What can be pressed under a message, by its label. */
const pressed = ({ components }: View) =>
  components.flatMap((row) =>
    row.components.flatMap((each) =>
      'label' in each && 'custom_id' in each ? [[each.label, each.custom_id]] : [],
    ),
  );
const buttons = (views: readonly View[]) => views.flatMap(pressed);
const labels = (views: readonly View[]) => buttons(views).map(([label]) => label);
/** A target and its stop, as the broker's platform places them. */
const pair = (stop: Partial<BrokerOrder> = {}): BrokerOrder[] => [
  { ...workingOrder('801', PUTS, LIMIT), complex: { id: '9', tag: 'OCO::order' } },
  {
    ...workingOrder('802', PUTS, { price: d('4.30'), effect: 'debit' }),
    orderType: 'Stop Limit',
    stopTrigger: d('4.20'),
    complex: { id: '9', tag: 'OCO::order' },
    ...stop,
  },
];

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
    expect(buttons(views)).toEqual([
      ['Adopt 801 QQQ 1.20', 'reconcile:adopt:801'],
      ['Cancel 801', 'cancel:one:801'],
      ['Preview QQQ #37', 'targets:again:37'],
    ]);
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

  it('offers to adopt a target that was placed elsewhere, with its stop too; of what it doesn’t, it says why and what to do', async () => {
    const alone = await look({ open: [workingOrder('801', PUTS, LIMIT)] });
    expect(alone.text).not.toContain('Not to be adopted');
    const both = await look({ open: pair() });
    expect(labels(both.views)).toEqual(['Adopt 801 QQQ 1.20 with stop 802', 'Cancel 801', 'Preview QQQ #37']);
    expect(both.text).toContain(
      '**Order 801** (or 802, stop limit at 4.20, limit 4.30: one cancels the other) was placed elsewhere',
    );
    const plain = workingOrder('801', PUTS, LIMIT);
    const cases: [BrokerOrder[], string][] = [
      [
        [{ ...plain, timeInForce: 'Day' }],
        'no profit target (Day limit 1.20). It ends by itself. Leave it till then',
      ],
      [
        [{ ...plain, orderType: 'Stop Limit', stopTrigger: d('4') }],
        'no profit target (stop limit at 4.00, limit 1.20). Leave it, or cancel it and preview anew with `stop:`',
      ],
      [
        [workingOrder('801', PUTS.slice(0, 1), LIMIT)],
        'no profit target (closes one leg only). Leave it if you know why',
      ],
      [[{ ...plain, price: d('9.00') }], 'no profit target (limit 9.00, at a loss)'],
      [pair({ timeInForce: 'Day' }), '802 beside it is no GTC stop limit of the same contracts'],
      [pair({ orderType: 'Stop', price: null, effect: null }), '802 beside it is no GTC stop limit'],
      [
        pair({
          legs: workingOrder(
            '802',
            PUTS.map((leg) => leg.replace(' 2 ', ' 1 ')),
            LIMIT,
          ).legs,
        }),
        '802 beside it is no',
      ],
    ];
    for (const [open, words] of cases) {
      const { text, views } = await look({ open });
      expect(text).toContain(`Not to be adopted: `);
      expect(text).toContain(words);
      expect(labels(views)).not.toContainEqual(expect.stringContaining('Adopt'));
      expect(labels(views)).toContain('Cancel 801');
    }
  });

  it('puts each finding’s buttons under the message that names it, on as many as it takes', async () => {
    const gone = Array.from({ length: 60 }, (_, at) => ours(String(70_000 + at)));
    const ended = Object.fromEntries(gone.map(({ brokerOrderId }) => [brokerOrderId, null]));
    const { views } = await look({ open: [], journal: gone, ended });
    expect(views.length).toBeGreaterThan(2);
    expect(buttons(views)).toHaveLength(61);
    for (const view of views) {
      const named = view.content.match(/Order\s7\d+/g)?.map((each) => each.slice(-5)) ?? [];
      const forgotten = pressed(view).flatMap(([, id]) =>
        id?.startsWith('reconcile:forget') ? id.slice(-5) : [],
      );
      expect(forgotten).toEqual(named);
    }
  });

  it('offers to forget an order that the broker doesn’t know, not one that only can’t be read now', async () => {
    const journal = [ours('701'), ours('702')];
    const { text, views } = await look({ open: [], journal, ended: { 701: null } });
    expect(text).toContain('**Order 701** works no more: the broker doesn’t know it (any more)');
    expect(text).toContain(
      '**Order 702** works no more: the broker doesn’t show it, and it can’t be read now',
    );
    expect(text).toContain('look again later');
    expect(buttons(views).filter(([, id]) => id?.startsWith('reconcile:forget'))).toEqual([
      ['Forget 701 #37 0.67', 'reconcile:forget:701'],
    ]);
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
    // Each of them once, ours too, though two contracts are concerned.
    expect(labels(views)).toEqual(['Cancel 701', 'Cancel 801', 'Preview QQQ #37']);
  });

  it('says of a pair that closes more than is held that it does so alone, and counts it once', async () => {
    // The target has one left; the broker left its stop as it was.
    const [target, stop] = pair();
    const legs = (target?.legs ?? []).map((leg) => ({ ...leg, remaining: 1 }));
    const open = [{ ...target, legs } as BrokerOrder, stop as BrokerOrder];
    const held = TRIDENT.held.map((each) =>
      legs.some(({ instrument }) => instrument.symbol === each.instrument.symbol)
        ? { ...each, quantity: 1 }
        : each,
    );
    const { text, views } = await look({ held, open });
    expect(text).toContain('🔴 **QQQ 261218P00480000: 2 to be closed, 1 held**');
    expect(text).toContain(
      'Order 801 (or 802, stop limit at 4.20, limit 4.30: one cancels the other) may close more than is held. Cancel it, and preview anew.',
    );
    expect(labels(views).filter((label) => label?.startsWith('Cancel'))).toEqual(['Cancel 801']);
  });

  it('says which order’s fate nobody knows, and whether somebody is asked about it', async () => {
    const open = [workingOrder('702', CALLS, LIMIT)];
    const unknown = ours(null, { state: 'unknown' });
    const { kinds, text } = await look({ open, journal: [unknown, ours('702')] });
    expect(kinds).toContain('unsettled');
    expect(text).toContain('an order whose fate isn’t known');
    const asked = await look({ open, journal: [{ ...unknown, lookalikes: ['801'] }] });
    expect(asked.text).toContain('801 looks just like it and carries no mark of mine: say whose it is.');
    expect(buttons(asked.views).slice(0, 2)).toEqual([
      ['#37: placed by hand', 'targets:byhand:1:801'],
      ['Order 801 is the bot’s', 'targets:ours:1:801'],
    ]);
  });
});
