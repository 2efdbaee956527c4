import type { FastifyInstance } from 'fastify';
import { addDays, dayOf, instant } from '../calendar.js';
import { notFound } from '../errors.js';
import type { TransactionRecord } from '../state.js';
import { totalFeesWire, transactionWire } from '../wire/account.js';
import { paginate } from '../wire/common.js';
import { accountOf, idOf } from './accounts.js';
import { type Context, envelope, listEnvelope } from './context.js';
import type { Query } from './query.js';

type ByNumber = { Params: { number: string } };

/** What was traded, delivered and charged. */
export function transactionRoutes(app: FastifyInstance, context: Context): void {
  const own = (number: string) => {
    const { accountNumber, state } = accountOf(context, number);
    const from = state.hands.unbookedFrom ?? Number.POSITIVE_INFINITY;
    return number === accountNumber ? state.transactions.filter(({ id }) => id < from) : [];
  };

  app.get<ByNumber>('/accounts/:number/transactions', async ({ params: { number }, search }) => {
    const newestFirst = own(number)
      .filter(wanted(search))
      .sort((a, b) => b.executedAt - a.executedAt || b.id - a.id);
    const list = search.one('sort')?.toLowerCase() === 'asc' ? newestFirst.reverse() : newestFirst;
    const offset = search.whole('page-offset', 0, 0, 1_000_000);
    const { items, pagination } = paginate(list, offset, search.whole('per-page', 250, 1, 2000));
    const wire = items.map((each) => transactionWire(each, number));
    return listEnvelope(`/accounts/${number}/transactions`, wire, pagination);
  });
  app.get<ByNumber>('/accounts/:number/transactions/total-fees', async ({ params: { number }, search }) => {
    const date = search.day('date') ?? dayOf(context.world.clock.now());
    return envelope(`/accounts/${number}/transactions/total-fees`, totalFeesWire(own(number), date));
  });
  app.get<{ Params: { number: string; id: string } }>(
    '/accounts/:number/transactions/:id',
    async ({ params: { number, id } }) => {
      const found = own(number).find((each) => each.id === idOf(id));
      if (!found) throw notFound(`transaction ${id}`);
      return envelope(`/accounts/${number}/transactions/${id}`, transactionWire(found, number));
    },
  );
}

function wanted(search: Query): (record: TransactionRecord) => boolean {
  const oneOf = (name: string) => {
    const values = search.all(name);
    return (value: string | null) => values.length === 0 || (value !== null && values.includes(value));
  };
  const type = search.one('type');
  const [types, subTypes, symbols] = [oneOf('types'), oneOf('sub-type'), oneOf('symbol')];
  const [underlyings, instruments, actions] = [
    oneOf('underlying-symbol'),
    oneOf('instrument-type'),
    oneOf('action'),
  ];
  const startDate = search.day('start-date');
  const endDate = search.day('end-date');
  const from = search.instant('start-at') ?? (startDate === undefined ? -Infinity : instant(startDate, 0));
  const to =
    search.instant('end-at') ?? (endDate === undefined ? Infinity : instant(addDays(endDate, 1), 0) - 1);
  return (each) =>
    (type === undefined || each.type === type) &&
    types(each.type) &&
    subTypes(each.subType) &&
    symbols(each.symbol) &&
    underlyings(each.underlying) &&
    instruments(each.instrumentType) &&
    actions(each.action) &&
    each.executedAt >= from &&
    each.executedAt <= to;
}
