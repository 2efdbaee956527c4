import type { FastifyInstance } from 'fastify';
import { dayOf } from '../calendar.js';
import { malformed, notFound } from '../errors.js';
import { CATALOG, findUnderlying, type Underlying } from '../market/catalog.js';
import { contractOf, expirations, findContract, rootsOn, strikes } from '../market/listing.js';
import { paginate } from '../wire/common.js';
import { equityWire, nestedChainWire, optionWire } from '../wire/instruments.js';
import { metricsWire, optionQuoteWire, underlyingQuoteWire } from '../wire/market.js';
import { type Context, envelope, listEnvelope } from './context.js';

type BySymbol = { Params: { symbol: string } };

const MAX_QUOTES = 100;

function equity(underlying: Underlying) {
  return equityWire(underlying, 100 + CATALOG.indexOf(underlying));
}

/** Equities, options and chains. */
export function instrumentRoutes(app: FastifyInstance, { world }: Context): void {
  app.get('/instruments/equities', async ({ search }) => {
    const wanted = search.all('symbol');
    const found = wanted.flatMap((symbol) => findUnderlying(symbol) ?? []);
    return listEnvelope('/instruments/equities', found.map(equity));
  });
  app.get('/instruments/equities/active', async ({ search }) => {
    const active = CATALOG.filter((each) => each.kind !== 'index').map(equity);
    const offset = search.whole('page-offset', 0, 0, 10_000);
    const { items, pagination } = paginate(active, offset, search.whole('per-page', 1000, 1, 1000));
    return listEnvelope('/instruments/equities/active', items, pagination);
  });
  app.get<BySymbol>('/instruments/equities/:symbol', async ({ params: { symbol } }) => {
    const found = findUnderlying(symbol);
    if (!found) throw notFound(`equity ${symbol}`);
    return envelope(`/instruments/equities/${symbol}`, equity(found));
  });
  app.get('/instruments/equity-options', async ({ search }) => {
    const now = world.clock.now();
    const symbols = search.all('symbol');
    if (symbols.length === 0) throw malformed([{ domain: 'symbol', reason: 'is missing' }]);
    const items = symbols
      .flatMap((symbol) => findContract(symbol) ?? [])
      .filter((each) => now < each.expiresAt || search.flag('with-expired'))
      .map((each) => optionWire(each, now));
    return listEnvelope('/instruments/equity-options', items);
  });
  app.get<BySymbol>('/instruments/equity-options/:symbol', async ({ params: { symbol } }) => {
    const found = findContract(symbol);
    if (!found) throw notFound(`equity option ${symbol}`);
    return envelope(`/instruments/equity-options/${symbol}`, optionWire(found, world.clock.now()));
  });
  app.get<BySymbol>('/option-chains/:symbol/nested', async ({ params: { symbol } }) => {
    const items = nestedChainWire(requireUnderlying(symbol), world.clock.now());
    return listEnvelope(`/option-chains/${symbol}/nested`, items);
  });
  app.get<BySymbol>('/option-chains/:symbol', async ({ params: { symbol } }) => {
    const now = world.clock.now();
    const underlying = requireUnderlying(symbol);
    const items = expirations(underlying, dayOf(now)).flatMap((date) =>
      rootsOn(underlying, date).flatMap((root) =>
        strikes(underlying).flatMap((strike) =>
          (['C', 'P'] as const).map((right) =>
            optionWire(contractOf(underlying, root, date, right, strike), now),
          ),
        ),
      ),
    );
    return listEnvelope(`/option-chains/${symbol}`, items);
  });
}

function requireUnderlying(symbol: string): Underlying {
  const found = findUnderlying(symbol);
  if (!found) throw notFound(`option chain ${symbol}`);
  return found;
}

/** Quotes of up to a hundred symbols at once; unknown ones are left out. */
export function marketDataRoutes(app: FastifyInstance, { world }: Context): void {
  app.get('/market-data/by-type', async ({ search }) => {
    const stocks = [...search.all('equity'), ...search.all('index')].flatMap((each) => each.split(','));
    const options = search.all('equity-option').flatMap((each) => each.split(','));
    if (stocks.length + options.length > MAX_QUOTES) {
      throw malformed([{ domain: 'symbols', reason: `must be at most ${MAX_QUOTES} in total` }]);
    }
    return listEnvelope('/market-data/by-type', [
      ...stocks
        .flatMap((symbol) => findUnderlying(symbol) ?? [])
        .map((each) => underlyingQuoteWire(world, each)),
      ...options.flatMap((symbol) => findContract(symbol) ?? []).map((each) => optionQuoteWire(world, each)),
    ]);
  });
  app.get('/market-metrics', async ({ search }) => {
    const wanted = search.all('symbols').flatMap((each) => each.split(','));
    const found = wanted.flatMap((symbol) => findUnderlying(symbol) ?? []);
    const now = world.clock.now();
    return listEnvelope(
      '/market-metrics',
      found.map((each) => metricsWire(each, now)),
    );
  });
  app.get<{ Params: { type: string; symbol: string } }>(
    '/market-data/:type/:symbol',
    async ({ params: { type, symbol } }) => {
      const path = `/market-data/${type}/${symbol}`;
      const contract = findContract(symbol);
      if (contract) return envelope(path, optionQuoteWire(world, contract));
      return envelope(path, underlyingQuoteWire(world, requireUnderlying(symbol)));
    },
  );
}
