import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { LedgerRow } from '../../../src/domain/realised.js';
import type { BrokerOrder, LegAction } from '../../../src/domain/types.js';
import type { LedgerSearch } from '../../../src/ports/broker.js';
import { Chains } from '../../../src/services/accounts/chains.js';
import { filledOrder, holding, option } from '../../domain/build.js';
import { ledgerRow } from '../../domain/ledger-row.js';
import { ACCOUNT, brokerWith } from '../support/builders.js';

const PUT = (strike: number) => option(`QQQ 2026-12-18 ${strike} P`);
/** Days before the end of November. */
const ago = (days: number) => new Date(Date.UTC(2026, 10, 30, 15) - days * 86_400_000);
let next = 1;
const row = (action: LegAction, order: string, days: number, net: number, strike: number) =>
  ledgerRow(next++, action, ago(days), net, { instrument: PUT(strike), orderId: order });

/** A put that was rolled twice, so far apart that no one look at the ledger finds all of it. */
const ROWS = [
  row('sell-to-open', 'A', 300, 100, 480),
  row('buy-to-close', 'B', 200, -250, 480),
  row('sell-to-open', 'B', 200, 300, 470),
  row('buy-to-close', 'C', 10, -400, 470),
  row('sell-to-open', 'C', 10, 450, 460),
];
const ORDERS: Record<string, BrokerOrder> = {
  A: filledOrder('A', ['sell-to-open 1 QQQ 2026-12-18 480 P @ 1'], ago(300)),
  B: filledOrder(
    'B',
    ['buy-to-close 1 QQQ 2026-12-18 480 P @ 2.5', 'sell-to-open 1 QQQ 2026-12-18 470 P @ 3'],
    ago(200),
  ),
};
const unknown = (id: string): never => {
  throw new BrokerRefusal(404, 'record_not_found', `no ${id}`);
};
const HELD = ['-1 QQQ 2026-12-18 460 P @ 4.50'];

function chains({ rows = ROWS, held = HELD, odd = 0, away = false } = {}) {
  const asked: LedgerSearch[] = [];
  const broker = brokerWith({
    ledger: async (_account, search) => {
      asked.push(search);
      if (away) throw new BrokerUnreachable('no answer');
      const meant = ({ at, instrument }: LedgerRow) =>
        at >= search.since && (search.symbol === undefined || search.symbol === instrument.symbol);
      return { rows: rows.filter(meant), odd };
    },
    order: async (_account, id) => ORDERS[id] ?? unknown(id),
    holdings: async () => ({ held: held.map((each) => holding(each)), odd: [] }),
  });
  const store = { orderLinks: async () => new Map() };
  const clock = { now: () => ago(0) };
  return { asked, sut: new Chains({ broker, store, clock, log: pino({ level: 'silent' }) }) };
}

const WISH = { key: 'order:C', openedAt: ago(10), symbols: [PUT(460).symbol] };

describe('what rolls made', () => {
  it('is read as far back as the first of them was opened, to the cent', async () => {
    const [told] = await chains().sut.read(ACCOUNT, [WISH]);
    expect(told).toMatchObject({ rolls: 2, since: ago(300), sure: true });
    expect(told?.realised.toString()).toBe('-250');
  });

  it('is nothing for what was never rolled, and asks nothing where nothing is wanted', async () => {
    const { sut, asked } = chains();
    expect(await sut.read(ACCOUNT, [{ key: 'order:Z', openedAt: ago(10), symbols: [] }])).toEqual([null]);
    const before = asked.length;
    expect(await sut.read(ACCOUNT, [])).toEqual([]);
    expect(asked).toHaveLength(before);
  });

  it.each([
    ['a contract is held that the rows don’t open', { held: [...HELD, '-1 QQQ 2026-12-18 470 P @ 3'] }],
    ['a contract is gone that the rows don’t close', { held: [] }],
    [
      'a contract of it was moved without a price',
      {
        rows: [...ROWS, ledgerRow(99, null, ago(5), 0, { instrument: PUT(480), subType: 'Symbol Change' })],
      },
    ],
    ['a row can’t be read', { odd: 1 }],
  ])('is unsure while %s', async (_what, world) => {
    const [told] = await chains(world).sut.read(ACCOUNT, [WISH]);
    expect(told).toMatchObject({ rolls: 2, sure: false });
  });

  it('is unsure, whichever row is missing, or not told at all', async () => {
    for (const missing of ROWS) {
      const rows = ROWS.filter((each) => each !== missing);
      const [told] = await chains({ rows }).sut.read(ACCOUNT, [WISH]);
      expect(told?.sure ?? false, `${missing.orderId} ${missing.action}`).toBe(false);
    }
  });

  const position = (change: object) => ({
    id: 37,
    position: {
      key: 'order:C',
      openedAt: ago(10),
      legs: [],
      rolled: false,
      closedBy: [],
      ...change,
    } as never,
  });
  const book = {
    account: ACCOUNT,
    history: [
      filledOrder(
        'C',
        ['buy-to-close 1 QQQ 2026-12-18 470 P @ 4', 'sell-to-open 1 QQQ 2026-12-18 460 P @ 4.5'],
        ago(10),
      ),
    ],
  };

  it('is asked for positions that a roll opened or closed a part of, and for no others', async () => {
    const { sut, asked } = chains();
    expect((await sut.of(book, [position({ rolled: true })])).get(37)).toMatchObject({ rolls: 2 });
    expect((await sut.of(book, [position({ key: 'order:B', closedBy: ['C'] })])).get(37)).toMatchObject({
      rolls: 2,
    });
    const before = asked.length;
    expect((await sut.of(book, [position({ closedBy: ['D'] })])).size).toBe(0);
    expect(asked).toHaveLength(before);
  });

  it('is left out where the ledger can’t be read', async () => {
    expect((await chains({ away: true }).sut.of(book, [position({ rolled: true })])).size).toBe(0);
    await expect(chains({ away: true }).sut.read(ACCOUNT, [WISH])).rejects.toThrow(BrokerUnreachable);
  });
});
