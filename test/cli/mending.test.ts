import { describe, expect, it } from 'vitest';
import { mendingOf } from '../../src/cli/mending.js';
import { ME } from '../../src/cli/screen.js';
import { plainFailure, plainViews } from '../../src/cli/text.js';
import { BrokerUnreachable, UserError } from '../../src/domain/errors.js';
import type { BrokerOrder } from '../../src/domain/types.js';
import { mendingView } from '../../src/screens/command-line.js';
import { reconciled } from '../../src/services/orders/reconcile.js';
import { workingOrders } from '../../src/services/orders/working-orders.js';
import { d, workingOrder } from '../domain/build.js';
import { accessRules, intent } from '../services/support/builders.js';
import { bookOf, TRIDENT } from '../services/support/scene.js';

const PUTS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
const TARGET = workingOrder('801', PUTS, { price: d('1.20'), effect: 'debit' });
const OURS = intent({ id: 5, planId: 'p5', brokerOrderId: '701', state: 'placed' });

/** @param read what the broker says of the order that its list doesn't show; null if it doesn't know it, an error if it can't be asked */
function desk(read: BrokerOrder | null | Error = null, unread: { error: Error }[] = []) {
  const done: string[] = [];
  const book = bookOf(TRIDENT.held, [TRIDENT.opening], [TARGET]);
  const found = reconciled(book, [OURS], new Map(read instanceof Error ? [] : [['701', read]]));
  const [order] = workingOrders(book);
  const services = {
    adoption: {
      adoptable: async (id: string) => {
        if (!order || id !== '801')
          throw new UserError('ADOPT_IMPOSSIBLE', { orderId: id, why: 'no-target' }, 'nothing-more');
        return { book, order };
      },
      adopt: async (id: string) => {
        done.push(`adopt ${id}`);
        return 'p9';
      },
      forgettable: async () => {
        if (read instanceof Error) throw read;
        if (read) throw new UserError('FORGET_IMPOSSIBLE', { orderId: '701' }, 'nothing-more');
        return OURS;
      },
      forget: async (id: number) => {
        done.push(`forget ${id}`);
        return OURS;
      },
    },
    reconciling: { read: async () => ({ accounts: [found], unread, missing: [] }) as never },
    access: accessRules({ traderUserIds: [ME.userId] }),
    environment: 'PAPER' as const,
  };
  return { done, found, services };
}

describe('mending what reconcile named, on the command line', () => {
  it('shows the order first and changes nothing before it is told to', async () => {
    const { done, services } = desk();
    const adoption = await mendingOf({ how: 'adopt', orderId: '801' }, ME, services);
    expect(plainViews(adoption.views)).toMatch(/Order 801 · #37 QQQ Senex Trident/);
    const forgetting = await mendingOf({ how: 'forget', orderId: '701' }, ME, services);
    expect(plainViews(forgetting.views)).toMatch(/^1 point to look at\n\n⚪ Order 701 works no more/);
    expect(done).toEqual([]);
    expect((await adoption.mend()).planId).toBe('p9');
    const { planId, views } = await forgetting.mend();
    expect([planId, plainViews(views)]).toEqual(['p5', expect.stringContaining('is forgotten')]);
    expect(done).toEqual(['adopt 801', 'forget 5']);
  });

  it('refuses what can’t be adopted, and forgets nothing that the broker knows or that isn’t surely gone', async () => {
    const ended = { ...TARGET, id: '701', state: 'filled' as const, status: 'Filled' };
    await expect(mendingOf({ how: 'adopt', orderId: '7' }, ME, desk().services)).rejects.toMatchObject({
      code: 'ADOPT_IMPOSSIBLE',
    });
    for (const [orderId, read] of [
      ['701', ended],
      ['801', null],
    ] as const) {
      await expect(mendingOf({ how: 'forget', orderId }, ME, desk(read).services)).rejects.toMatchObject({
        code: 'FORGET_IMPOSSIBLE',
      });
    }
    const away = new BrokerUnreachable('no answer');
    await expect(
      mendingOf({ how: 'forget', orderId: '9' }, ME, desk(null, [{ error: away }]).services),
    ).rejects.toBe(away);
  });

  it('says what keeps the order from being read, rather than that the broker knows it', async () => {
    const away = new BrokerUnreachable('no answer');
    await expect(mendingOf({ how: 'forget', orderId: '701' }, ME, desk(away).services)).rejects.toBe(away);
    expect(plainFailure(away, false).text).toContain(
      'The broker doesn’t answer: no answer. Nothing was sent.',
    );
  });

  it.each(['adopt', 'forget'] as const)('reads nothing to %s where READ_ONLY is set', async (how) => {
    const { services } = desk();
    const access = accessRules({ traderUserIds: [ME.userId], readOnly: true });
    const unasked = async () => {
      throw new Error('was read');
    };
    const asked = {
      ...services,
      access,
      adoption: { ...services.adoption, adoptable: unasked },
      reconciling: { read: unasked },
    };
    const mending = mendingOf({ how, orderId: how === 'adopt' ? '801' : '701' }, ME, asked);
    await expect(mending).rejects.toMatchObject({ code: 'READ_ONLY' });
  });

  it('names what is to be typed for each point, once', () => {
    const lines = mendingView([desk().found, desk().found])?.content.split('\n');
    expect(lines?.slice(1)).toEqual([
      '  reconcile --forget 701',
      '  reconcile --adopt 801',
      '  reconcile --cancel 801',
      '  targets --position 37',
    ]);
    expect(mendingView([{ findings: [] }])).toBeNull();
  });
});
