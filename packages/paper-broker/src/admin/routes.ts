import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { z } from 'zod';
import { findPosition, movePosition } from '../account/ledger.js';
import { ApiError, malformed, notFound } from '../errors.js';
import { pathOf } from '../http/app.js';
import type { Context } from '../http/context.js';
import { findUnderlying } from '../market/catalog.js';
import { findContract } from '../market/listing.js';
import { text } from '../money.js';
import { end, findOrder } from '../orders/book.js';
import { act } from '../orders/corporate.js';
import { forceFill, submit, submitOco } from '../orders/desk.js';
import { readOco, readOrder } from '../orders/request.js';
import { isTerminal } from '../state.js';
import type { AccountStream } from '../stream.js';
import { positionWire } from '../wire/account.js';
import { orderWire } from '../wire/orders.js';
import type { World } from '../world.js';
import { ADMIN_PAGE } from './page.js';
import { ADMIN_SCRIPT } from './page-script.js';
import { ADMIN_STYLE } from './page-style.js';
import * as shapes from './shapes.js';
import { snapshot } from './snapshot.js';

/** Source label of orders placed in the broker's own platform. */
const PLATFORM = 'WBT-ember;';

const MOOD_AFTER = { mute: 'mute', silence: 'silent', resume: 'speaking' } as const;

type ById = { Params: { id: string } };
type BySymbol = { Params: { symbol: string } };

/** Loopback names only: a page elsewhere must not reach these routes through a rebound host name. */
function requireLoopbackHost(request: FastifyRequest): void {
  const { hostname } = new URL(`http://${request.headers.host ?? ''}`);
  if (['127.0.0.1', 'localhost', '[::1]'].includes(hostname)) return;
  throw new ApiError(403, 'not_permitted', 'The admin routes answer on loopback only');
}

/** The account that `?account=` names, the first by default. @throws ApiError 404 */
function chosen({ world, worlds }: Context, { search }: FastifyRequest): World {
  const number = search.one('account') ?? world.accountNumber;
  const found = worlds.find((each) => each.accountNumber === number);
  if (!found) throw notFound(`account ${number}`);
  return found;
}

function read<T>(schema: z.ZodType<T>, body: unknown): T {
  const result = schema.safeParse(body ?? {});
  if (result.success) return result.data;
  throw malformed(result.error.issues.map((each) => ({ domain: each.path.join('.'), reason: each.message })));
}

/** The panel and the routes by which tests and people move the market and break things. See README.md. */
export function adminRoutes(app: FastifyInstance, context: Context, stream: AccountStream): void {
  app.addHook('onRequest', async (request) => {
    if (pathOf(request).startsWith('/admin')) requireLoopbackHost(request);
  });
  pageRoutes(app);
  marketRoutes(app, context);
  oddities(app, context);
  accountRoutes(app, context);
  faultRoutes(app, context, stream);
}

function pageRoutes(app: FastifyInstance): void {
  app.get('/admin', async (_request, reply) => reply.redirect('/admin/'));
  app.get('/admin/', async (_request, reply) => reply.type('text/html; charset=utf-8').send(ADMIN_PAGE));
  app.get('/admin/panel.css', async (_request, reply) => reply.type('text/css').send(ADMIN_STYLE));
  app.get('/admin/panel.js', async (_request, reply) => reply.type('text/javascript').send(ADMIN_SCRIPT));
}

function marketRoutes(app: FastifyInstance, context: Context): void {
  const { world } = context;
  app.get('/admin/api/snapshot', async (request) => snapshot(context.worlds, chosen(context, request)));
  app.post('/admin/api/clock', async ({ body }) => {
    const { at, advanceMs, speed } = read(shapes.clock, body);
    if (speed !== undefined) world.clock.setSpeed(speed);
    if (at !== undefined) world.clock.setTo(Date.parse(at));
    if (advanceMs !== undefined) {
      world.clock.advance(advanceMs);
      for (const token of world.state.tokens) token.expiresAt -= advanceMs;
    }
    return changed(context);
  });
  app.post('/admin/api/session', async ({ body }) => {
    const { forced, alwaysOpen } = read(shapes.session, body);
    const rules = world.state.session;
    if (forced !== undefined) Object.assign(rules, { forced, forcedAt: world.clock.now() });
    if (alwaysOpen !== undefined) rules.alwaysOpen = alwaysOpen;
    return changed(context);
  });
  app.post('/admin/api/freeze', async ({ body }) => {
    const { frozen } = read(shapes.freeze, body);
    const already = world.state.hands.frozenAt;
    world.state.hands.frozenAt = frozen ? (already ?? world.market.pricedAt()) : null;
    return changed(context);
  });
  app.post<BySymbol>('/admin/api/underlyings/:symbol', async ({ params: { symbol }, body }) => {
    const underlying = findUnderlying(symbol);
    if (!underlying) throw notFound(`underlying ${symbol}`);
    const { price, nudge, pin, volatility } = read(shapes.underlying, body);
    const { pins, volatility: scales } = world.state.hands;
    const now = world.market.spot(underlying).toNumber();
    const wasPinned = pins[symbol] !== undefined;
    const target = price ?? (nudge === undefined ? undefined : now * (1 + nudge));
    if (target !== undefined || pin !== undefined) {
      world.market.setSpot(underlying, target ?? now, pin ?? wasPinned);
    }
    if (volatility !== undefined) scales[symbol] = volatility;
    return changed(context);
  });
}

/** Market data and rows as they shouldn't be, and a settlement, lists and a ledger that take their time. */
function oddities(app: FastifyInstance, context: Context): void {
  const { hands } = context.world.state;
  app.put<BySymbol>('/admin/api/quotes/:symbol', async ({ params: { symbol }, body }) => {
    if (!findContract(symbol) && !findUnderlying(symbol)) throw notFound(`symbol ${symbol}`);
    hands.told = { ...hands.told, [symbol]: read(shapes.quote, body) };
    return changed(context);
  });
  app.put<{ Params: { row: string } }>('/admin/api/odd/:row', async ({ params: { row }, body }) => {
    hands.odd = { ...hands.odd, [row]: read(shapes.odd, body) };
    return changed(context);
  });
  app.post('/admin/api/settlement', async ({ body }) => {
    hands.settlementHeld = read(shapes.hold, body).held;
    return changed(context);
  });
  app.post('/admin/api/lists', async ({ body }) => {
    const now = context.worlds.map(({ accountNumber, state }) => [accountNumber, state.orders] as const);
    hands.listed = read(shapes.hold, body).held ? structuredClone(Object.fromEntries(now)) : {};
    return changed(context);
  });
  app.post('/admin/api/brackets', async ({ body }) => {
    hands.brackets = read(shapes.brackets, body);
    return changed(context);
  });
  app.post('/admin/api/corporate-actions', async (request) => {
    const world = chosen(context, request);
    const action = read(shapes.corporateAction, request.body);
    if (!findUnderlying(action.underlying)) throw notFound(`underlying ${action.underlying}`);
    act(world, action);
    return changed(context);
  });
  app.post('/admin/api/ledger', async ({ body }) => {
    hands.unbookedFrom = read(shapes.hold, body).held ? context.world.state.nextId.transaction : null;
    return changed(context);
  });
}

/** What every change of the market answers: the panel's view after it. */
function changed(context: Context) {
  context.world.store.touch();
  context.pump();
  return snapshot(context.worlds, context.world);
}

function accountRoutes(app: FastifyInstance, context: Context): void {
  const show = (world: World, id: number) => orderWire(findOrder(world, id), world.accountNumber);

  app.get('/admin/api/orders', async (request) => {
    const { state, accountNumber } = chosen(context, request);
    return state.orders.map((each) => orderWire(each, accountNumber));
  });
  app.post('/admin/api/orders', async (request) => {
    const world = chosen(context, request);
    const { body } = request;
    const { order } = submit(world, { ...readOrder(body), source: PLATFORM });
    return show(world, order.id);
  });
  app.post('/admin/api/complex-orders', async (request) => {
    const world = chosen(context, request);
    const { body } = request;
    const drafts = readOco(body).map((draft) => ({ ...draft, source: PLATFORM }));
    const { id, parts } = submitOco(world, drafts);
    context.pump();
    return { id, type: 'OCO', orders: parts.map(({ order }) => show(world, order.id)) };
  });
  app.post<ById>('/admin/api/orders/:id/fill', async (request) => {
    const world = chosen(context, request);
    const {
      params: { id },
      body,
    } = request;
    forceFill(world, Number(id), read(shapes.fill, body).units);
    context.pump();
    return show(world, Number(id));
  });
  app.post<ById>('/admin/api/orders/:id/end', async (request) => {
    const world = chosen(context, request);
    const {
      params: { id },
      body,
    } = request;
    const order = findOrder(world, Number(id));
    const { status, reason } = read(shapes.end, body);
    if (!isTerminal(order)) end(world, order, status, reason);
    return show(world, order.id);
  });
  app.delete<ById>('/admin/api/orders/:id', async (request) => {
    const { state, store } = chosen(context, request);
    const at = state.orders.findIndex(({ id }) => id === Number(request.params.id));
    if (at < 0) throw notFound(`order ${request.params.id}`);
    state.orders.splice(at, 1);
    store.touch();
    return {};
  });
  app.put<BySymbol>('/admin/api/positions/:symbol', async (request) => {
    const world = chosen(context, request);
    const {
      params: { symbol },
      body,
    } = request;
    const { quantity, price, restricted, frozen } = read(shapes.position, body);
    const contract = findContract(symbol);
    if (!contract && !findUnderlying(symbol)) throw notFound(`symbol ${symbol}`);
    const instrumentType = contract ? 'Equity Option' : 'Equity';
    const held = findPosition(world.state, symbol)?.quantity ?? 0;
    const at = world.clock.now();
    const mark = text(price ?? world.market.quote(symbol)?.mark ?? 0);
    const position = movePosition(world.state, { symbol, instrumentType }, quantity - held, mark, at);
    if (restricted !== undefined) position.restricted = restricted;
    if (frozen !== undefined) position.frozen = frozen;
    world.publish({ type: 'CurrentPosition', position });
    return positionWire(world, position, true);
  });
  app.post('/admin/api/trading-status', async (request) => {
    const world = chosen(context, request);
    const { body } = request;
    Object.assign(world.state.tradingStatus, read(shapes.tradingStatus, body));
    world.publish({ type: 'TradingStatus' });
    return world.state.tradingStatus;
  });
}

function faultRoutes(app: FastifyInstance, context: Context, stream: AccountStream): void {
  const { world, counts } = context;
  app.get('/admin/api/faults', async () => world.faults.list());
  app.post('/admin/api/faults', async ({ body }) => world.faults.add(read(shapes.fault, body)));
  app.delete('/admin/api/faults', async () => {
    world.faults.clear();
    return [];
  });
  app.delete<ById>('/admin/api/faults/:id', async ({ params: { id } }) => {
    if (!world.faults.remove(Number(id))) throw notFound(`fault ${id}`);
    return world.faults.list();
  });
  app.get('/admin/api/received', async () => world.state.received);
  app.get('/admin/api/counts', async () => Object.fromEntries(counts));
  app.delete('/admin/api/counts', async () => {
    counts.clear();
    return {};
  });
  app.get('/admin/api/stream', async () => ({ mood: stream.mood, clients: stream.describe() }));
  app.post('/admin/api/stream', async ({ body }) => {
    const { action } = read(shapes.stream, body);
    if (action === 'drop') stream.drop();
    else stream.mood = MOOD_AFTER[action];
    return { mood: stream.mood, clients: stream.describe() };
  });
  app.post('/admin/api/tokens/expire', async () => {
    for (const token of world.state.tokens) token.expiresAt = 0;
    world.store.touch();
    return {};
  });
}
