import type { FastifyInstance, FastifyRequest } from 'fastify';
import { addDays, dayOf, instant } from '../calendar.js';
import { notFound } from '../errors.js';
import {
  complexOrders,
  dryRun,
  dryRunOco,
  dryRunReplacement,
  findComplex,
  replace,
  requestCancel,
  requestComplexCancel,
  submit,
  submitOco,
} from '../orders/desk.js';
import { readChange, readOco, readOrder } from '../orders/request.js';
import { isTerminal, type OrderRecord } from '../state.js';
import { paginate, type Wire, withOddFields } from '../wire/common.js';
import { complexWire, orderWire, placedPairWire, placedWire } from '../wire/orders.js';
import type { World } from '../world.js';
import { accountOf, idOf, openAccountOf } from './accounts.js';
import { type Context, envelope, listEnvelope } from './context.js';
import type { Query } from './query.js';
import { noteAccepted, noteRefused } from './received.js';
import { requireStart } from './versions.js';

type ByNumber = { Params: { number: string } };
type ById = { Params: { number: string; id: string } };

/** Orders: checking, placing, reading, cancelling, replacing. */
export function orderRoutes(app: FastifyInstance, context: Context): void {
  const { clock, store, state } = context.world;
  const show = (order: OrderRecord, number: string) =>
    withOddFields(state.hands.odd, String(order.id), orderWire(order, number));
  const own = (number: string) => {
    const world = accountOf(context, number);
    return number === world.accountNumber ? world.state.orders : [];
  };
  const listed = (number: string) => {
    const now = own(number);
    return state.hands.listed?.[number] ?? now;
  };

  app.post<ByNumber>('/accounts/:number/orders/dry-run', async ({ params: { number }, body }) => {
    const world = openAccountOf(context, number);
    return envelope(`/accounts/${number}/orders/dry-run`, placedWire(dryRun(world, readOrder(body)), number));
  });
  app.post<ByNumber>('/accounts/:number/orders', async (request, reply) => {
    const { number } = request.params;
    const answer = await placed(context, request, number, (world) => {
      const accepted = submit(world, readOrder(request.body));
      return { id: accepted.order.id, answer: placedWire(accepted, number) };
    });
    reply.code(201);
    return envelope(`/accounts/${number}/orders`, answer);
  });
  app.get<ByNumber>('/accounts/:number/orders/live', async ({ params: { number } }) => {
    const today = dayOf(clock.now());
    const live = listed(number).filter((each) => !isTerminal(each) || dayOf(each.updatedAt) === today);
    return listEnvelope(
      `/accounts/${number}/orders/live`,
      [...live].reverse().map((order) => show(order, number)),
    );
  });
  app.get<ByNumber>('/accounts/:number/orders', async (request) => {
    const { params, search } = request;
    const { number } = params;
    requireStart(request);
    const found = sorted(listed(number).filter(wanted(search)), search);
    const offset = search.whole('page-offset', 0, 0, 1_000_000);
    const { items, pagination } = paginate(found, offset, search.whole('per-page', 10, 1, 200));
    return listEnvelope(
      `/accounts/${number}/orders`,
      items.map((order) => show(order, number)),
      pagination,
    );
  });
  app.get<ById>('/accounts/:number/orders/:id', async ({ params: { number, id } }) => {
    const order = own(number).find((each) => each.id === idOf(id));
    if (!order) throw notFound(`order ${id}`);
    return envelope(`/accounts/${number}/orders/${id}`, show(order, number));
  });
  app.delete<ById>('/accounts/:number/orders/:id', async ({ params: { number, id } }) => {
    const world = openAccountOf(context, number);
    const order = show(requestCancel(world, idOf(id)), number);
    await store.flush();
    return envelope(`/accounts/${number}/orders/${id}`, order);
  });
  complexRoutes(app, context, show);
  app.route<ById>({
    method: ['PUT', 'PATCH'],
    url: '/accounts/:number/orders/:id',
    handler: async ({ params: { number, id }, body }) => {
      const world = openAccountOf(context, number);
      const order = show(replace(world, idOf(id), readChange(body)), number);
      await store.flush();
      return envelope(`/accounts/${number}/orders/${id}`, order);
    },
  });
  app.post<ById>('/accounts/:number/orders/:id/dry-run', async ({ params: { number, id }, body }) => {
    const world = openAccountOf(context, number);
    const accepted = dryRunReplacement(world, idOf(id), readChange(body));
    return envelope(`/accounts/${number}/orders/${id}/dry-run`, placedWire(accepted, number));
  });
}

/** Complex orders: of its kinds only the OCO, a limit and a stop of which the fill of one cancels the other. */
function complexRoutes(
  app: FastifyInstance,
  context: Context,
  show: (order: OrderRecord, number: string) => Wire,
): void {
  const wire = (id: number, orders: readonly OrderRecord[], number: string) =>
    complexWire(
      id,
      orders.map((order) => show(order, number)),
      number,
    );
  const shown = (id: string, orders: OrderRecord[], number: string) =>
    envelope(`/accounts/${number}/complex-orders/${id}`, wire(idOf(id), orders, number));
  /** The newest first. */
  const all = (number: string) =>
    [...complexOrders(openAccountOf(context, number))].reverse().map(([id, orders]) => ({ id, orders }));
  app.get<ByNumber>('/accounts/:number/complex-orders/live', async ({ params: { number } }) => {
    const live = all(number).filter(({ orders }) => orders.some((each) => !isTerminal(each)));
    return listEnvelope(
      `/accounts/${number}/complex-orders/live`,
      live.map(({ id, orders }) => wire(id, orders, number)),
    );
  });
  app.get<ByNumber>('/accounts/:number/complex-orders', async ({ params: { number }, search }) => {
    const offset = search.whole('page-offset', 0, 0, 1_000_000);
    const { items, pagination } = paginate(all(number), offset, search.whole('per-page', 10, 1, 200));
    return listEnvelope(
      `/accounts/${number}/complex-orders`,
      items.map(({ id, orders }) => wire(id, orders, number)),
      pagination,
    );
  });
  app.post<ByNumber>('/accounts/:number/complex-orders/dry-run', async ({ params: { number }, body }) => {
    const trial = dryRunOco(openAccountOf(context, number), readOco(body));
    return envelope(`/accounts/${number}/complex-orders/dry-run`, placedPairWire(trial, number));
  });
  app.post<ByNumber>('/accounts/:number/complex-orders', async (request, reply) => {
    const { number } = request.params;
    const answer = await placed(context, request, number, (world) => {
      const accepted = submitOco(world, readOco(request.body));
      return { id: accepted.id, answer: placedPairWire(accepted, number) };
    });
    reply.code(201);
    return envelope(`/accounts/${number}/complex-orders`, answer);
  });
  app.get<ById>('/accounts/:number/complex-orders/:id', async ({ params: { number, id } }) =>
    shown(id, findComplex(openAccountOf(context, number), idOf(id)), number),
  );
  app.delete<ById>('/accounts/:number/complex-orders/:id', async ({ params: { number, id } }) => {
    const orders = requestComplexCancel(openAccountOf(context, number), idOf(id));
    await context.world.store.flush();
    return shown(id, orders, number);
  });
}

/**
 * Takes an order, or a complex one, in and has it on file before anybody is told.
 * @param take gives the answer as it stands on acceptance, even if saving takes a moment
 */
async function placed(
  context: Context,
  request: FastifyRequest,
  number: string,
  take: (world: World) => { id: number; answer: Wire },
): Promise<Wire> {
  try {
    const world = openAccountOf(context, number);
    const { id, answer } = take(world);
    noteAccepted(request.receivedLog, id);
    await world.store.flush();
    return answer;
  } catch (error) {
    noteRefused(request.receivedLog, error);
    throw error;
  }
}

/** The search's filter. A window holds an order whose receipt lies in it by the market's or by the real clock. */
function wanted(search: Query): (order: OrderRecord) => boolean {
  const statuses = search.all('status');
  const underlying = search.one('underlying-symbol');
  const type = search.one('underlying-instrument-type');
  const from = search.instant('start-at') ?? startOf(search.day('start-date'));
  const to = search.instant('end-at') ?? endOf(search.day('end-date'));
  const within = (at: number) => (from === undefined || at >= from) && (to === undefined || at <= to);
  return (order) =>
    (statuses.length === 0 || statuses.includes(order.status)) &&
    (underlying === undefined || order.underlying === underlying) &&
    (type === undefined || type === 'Equity') &&
    (within(order.receivedAt) || within(order.receivedReal));
}

function startOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : instant(date, 0);
}

function endOf(date: string | undefined): number | undefined {
  return date === undefined ? undefined : instant(addDays(date, 1), 0) - 1;
}

function sorted(orders: OrderRecord[], search: Query): OrderRecord[] {
  const newestFirst = [...orders].sort((a, b) => b.receivedAt - a.receivedAt || b.id - a.id);
  return search.one('sort')?.toLowerCase() === 'asc' ? newestFirst.reverse() : newestFirst;
}
