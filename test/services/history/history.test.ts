import { describe, expect, it } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { Decimal } from '../../../src/domain/money.js';
import type { LedgerRow } from '../../../src/domain/realised.js';
import type { LedgerSearch } from '../../../src/ports/broker.js';
import type { IntentKind } from '../../../src/ports/order-intents.js';
import type { AccountDesk } from '../../../src/services/accounts/account-desk.js';
import { beginningOf, HistoryService, type HistoryWish } from '../../../src/services/history/history.js';
import { d, holding, option } from '../../domain/build.js';
import { ledgerRow } from '../../domain/ledger-row.js';
import { ACCOUNT, intent, NAME } from '../support/builders.js';

const NOW = new Date('2026-12-18T22:00:00Z');
const PUT = option('QQQ 2026-12-18 480 P');
const CALL = option('SPXW/SPX 2027-01-15 7000 C');

interface World {
  rows: LedgerRow[];
  held?: string[];
  odd?: number;
  ours?: string[];
  /** Ids of positions by key. */
  seen?: [string, number][];
  kind?: IntentKind;
  stopTrigger?: Decimal;
  down?: boolean;
}

async function history(
  { rows, held = [], odd = 0, ours = [], seen = [], down = false, ...how }: World,
  wish: Partial<HistoryWish> = {},
) {
  const asked: LedgerSearch[] = [];
  const service = new HistoryService({
    broker: {
      ledger: async (_account, search) => {
        asked.push(search);
        if (down) throw new BrokerUnreachable('no answer');
        const { since, symbol } = search;
        const meant = rows.filter(
          ({ at, instrument }) => at >= since && (symbol === undefined || symbol === instrument.symbol),
        );
        return { rows: meant, odd };
      },
      holdings: async () => ({ held: held.map((each) => holding(each)), odd: [] }),
    },
    store: {
      orderLinks: async () => new Map(),
      positionIds: async () => new Map(seen),
      intentsByOrderIds: async (_account, ids) =>
        new Map(
          ids.filter((id) => ours.includes(id)).map((id) => [id, intent({ brokerOrderId: id, ...how })]),
        ),
    },
    desks: {
      each: async (_typed, look) => ({
        read: [await look({ number: ACCOUNT, name: NAME } as AccountDesk)],
        unread: [],
        missing: [],
      }),
    },
    clock: { now: () => NOW, steady: () => 0, sleep: async () => {} },
  });
  const told = await service.read({ account: null, period: '30-days', underlying: null, ...wish });
  return { told, account: told.read[0], asked };
}

const sold = ledgerRow(1, 'sell-to-open', new Date('2026-11-02T15:00:00Z'), 99);
const bought = ledgerRow(2, 'buy-to-close', new Date('2026-12-10T15:00:00Z'), -41);

describe('the history', () => {
  it.each([
    ['today', '2026-12-18T05:00:00Z'],
    ['7-days', '2026-12-12T05:00:00Z'],
    ['this-year', '2026-01-01T05:00:00Z'],
    // Summer time.
    ['12-months', '2025-12-19T05:00:00Z'],
  ] as const)('of %s begins at the exchange’s midnight', (period, from) => {
    expect(beginningOf(period, NOW)).toEqual(new Date(from));
    expect(beginningOf('30-days', new Date('2026-11-03T12:00:00Z'))).toEqual(
      new Date('2026-10-05T04:00:00Z'),
    );
  });

  it('has what was closed since then, whose it was, and which of our orders closed it', async () => {
    const { account, asked } = await history({ rows: [sold, bought], ours: ['2'] });
    expect(
      account?.entries.map(({ net, positionId, targets }) => [net.toString(), positionId, targets]),
    ).toEqual([['58', 37, 1]]);
    expect(account).toMatchObject({ unsure: [], odd: 0, unsettled: [] });
    // One look, two months farther back than asked for, because what was closed was opened before.
    expect(asked).toEqual([{ since: new Date('2026-09-20T04:00:00Z') }]);
  });

  it('names by its id what was seen as held, though none of our orders closed it', async () => {
    const expired = ledgerRow(2, null, new Date('2026-12-18T21:00:00Z'), 0);
    const idOf = async (seen: [string, number][]) =>
      (await history({ rows: [sold, expired], seen })).account?.entries.map(({ positionId }) => positionId);
    expect(await idOf([['order:1', 37]])).toEqual([37]);
    expect(await idOf([])).toEqual([null]);
  });

  it('names it by its own id where one of our orders for another position closed it', async () => {
    const { account } = await history({ rows: [sold, bought], ours: ['2'], seen: [['order:1', 38]] });
    expect(account?.entries.map(({ positionId, targets }) => [positionId, targets])).toEqual([[38, 1]]);
  });

  it.each([
    ['at once', { kind: 'close' as const }],
    ['by a stop', { stopTrigger: d('0.90') }],
  ])('counts what was closed %s as ours, and as no target', async (_what, how) => {
    const { account } = await history({ rows: [sold, bought], ours: ['2'], ...how });
    expect(account?.entries.map(({ positionId, targets }) => [positionId, targets])).toEqual([[37, 0]]);
  });

  it('reads a contract farther back that was opened before', async () => {
    const old = ledgerRow(1, 'sell-to-open', new Date('2025-02-02T15:00:00Z'), 99);
    const { account, asked } = await history({ rows: [old, bought] });
    expect(account?.entries.map(({ net }) => net.toString())).toEqual(['58']);
    expect(account?.unsure).toEqual([]);
    expect(asked[1]).toMatchObject({ symbol: PUT.symbol });
    expect(asked).toHaveLength(2);
  });

  it('takes an older lot first even where a younger one would do', async () => {
    const old = ledgerRow(1, 'sell-to-open', new Date('2026-03-02T15:00:00Z'), 199);
    const young = ledgerRow(3, 'sell-to-open', new Date('2026-12-01T15:00:00Z'), 99);
    const { account } = await history({ rows: [old, young, bought], held: ['-1 QQQ 2026-12-18 480 P @ 1'] });
    expect(account?.entries.map(({ net }) => net.toString())).toEqual(['158']);
  });

  it('names contracts whose rows don’t lead to what is held, and those that only wait to be settled', async () => {
    const { account } = await history({
      rows: [sold, ledgerRow(5, 'sell-to-open', new Date('2026-11-02T15:00:00Z'), 99), bought],
      odd: 2,
      held: ['-3 QQQ 2026-12-17 470 P @ 1'],
    });
    expect(account?.unsure).toEqual([PUT]);
    expect(account?.odd).toBe(2);
    expect(account?.unsettled.map(({ symbol }) => symbol)).toEqual([option('QQQ 2026-12-17 470 P').symbol]);
  });

  it('has what was rolled as that, whether it goes on, and in total what the ledger has, to the cent', async () => {
    const later = option('QQQ 2027-01-15 480 P');
    const rolls = [
      ledgerRow(2, 'buy-to-close', new Date('2026-12-10T15:00:00Z'), '-141.12'),
      ledgerRow(3, 'sell-to-open', new Date('2026-12-10T15:00:00Z'), '198.88', {
        instrument: later,
        orderId: '2',
      }),
    ];
    const last = ledgerRow(4, 'buy-to-close', new Date('2026-12-15T15:00:00Z'), '-61.13', {
      instrument: later,
    });
    const told = async (world: World) =>
      (await history(world)).account?.entries.map(({ ways, goesOn, net, whole }) => [
        [...ways].join(),
        goesOn,
        net.toString(),
        whole,
      ]);
    const held = ['-1 QQQ 2027-01-15 480 P @ 2'];
    expect(await told({ rows: [sold, ...rolls], held })).toEqual([['rolled', true, '-42.12', true]]);
    // 99 − 141.12 + 198.88 − 61.13
    expect(await told({ rows: [sold, ...rolls, last] })).toEqual([
      ['traded', false, '137.75', true],
      ['rolled', false, '-42.12', true],
    ]);
  });

  it('is of one underlying where that is asked for, also by a contract’s root', async () => {
    const calls = [
      ledgerRow(7, 'buy-to-open', new Date('2026-12-02T15:00:00Z'), -101, { instrument: CALL }),
      ledgerRow(8, 'sell-to-close', new Date('2026-12-03T15:00:00Z'), 150, { instrument: CALL }),
    ];
    const { account } = await history({ rows: [sold, bought, ...calls] }, { underlying: 'spxw' });
    expect(account?.entries.map(({ underlying, net }) => [underlying, net.toString()])).toEqual([
      ['SPX', '49'],
    ]);
    expect(account?.steps).toHaveLength(1);
  });

  it('fails where no account can be read', async () => {
    await expect(history({ rows: [], down: true })).rejects.toThrow(BrokerUnreachable);
  });
});
