import { randomBytes } from 'node:crypto';
import type { FastifyInstance } from 'fastify';
import { accountValue } from '../account/account.js';
import { notFound } from '../errors.js';
import {
  accountWire,
  balanceWire,
  positionLimitWire,
  positionWire,
  tradingStatusWire,
} from '../wire/account.js';
import { withOddFields } from '../wire/common.js';
import { accountOf } from './accounts.js';
import { type Context, envelope, listEnvelope } from './context.js';

type ByNumber = { Params: { number: string } };

/** Accounts, trading status, balances, positions and limits. */
export function accountRoutes(app: FastifyInstance, context: Context): void {
  const { world, worlds } = context;
  const numbers = [
    world.accountNumber,
    world.closedAccountNumber,
    ...worlds.slice(1).map((each) => each.accountNumber),
  ];

  app.get('/customers/me', async () =>
    envelope('/customers/me', {
      id: 'me',
      'external-id': 'U0000000001',
      'first-name': 'Paper',
      'last-name': 'Trader',
    }),
  );
  app.get('/customers/me/accounts', async () =>
    listEnvelope(
      '/customers/me/accounts',
      numbers.map((number) => ({
        account: accountWire(accountOf(context, number), number),
        'authority-level': 'owner',
      })),
    ),
  );
  app.get<ByNumber>('/customers/me/accounts/:number', async ({ params: { number } }) => {
    if (!numbers.includes(number)) throw notFound(`account ${number}`);
    return envelope(`/customers/me/accounts/${number}`, accountWire(accountOf(context, number), number));
  });
  app.get<ByNumber>('/accounts/:number/trading-status', async ({ params: { number } }) => {
    const world = accountOf(context, number);
    return envelope(`/accounts/${number}/trading-status`, tradingStatusWire(world, number));
  });
  app.get<ByNumber>('/accounts/:number/position-limit', async ({ params: { number } }) => {
    accountOf(context, number);
    return envelope(`/accounts/${number}/position-limit`, positionLimitWire(number));
  });
  app.get<ByNumber>('/accounts/:number/balances', async ({ params: { number } }) => {
    return listEnvelope(`/accounts/${number}/balances`, [balances(context, number)]);
  });
  app.get<ByNumber>('/accounts/:number/balances/USD', async ({ params: { number } }) => {
    return envelope(`/accounts/${number}/balances/USD`, balances(context, number));
  });
  app.get<ByNumber>('/accounts/:number/positions', async ({ params: { number }, search }) => {
    const world = accountOf(context, number);
    const symbols = search.all('symbol');
    const underlyings = search.all('underlying-symbol');
    const type = search.one('instrument-type');
    const withMarks = search.flag('include-marks') && !world.faults.isDark();
    const items = (number === world.accountNumber ? world.state.positions : [])
      .filter((each) => each.quantity !== 0 || search.flag('include-closed-positions'))
      .filter((each) => symbols.length === 0 || symbols.includes(each.symbol))
      .filter((each) => underlyings.length === 0 || underlyings.includes(each.underlying))
      .filter((each) => type === undefined || each.instrumentType === type)
      .map((each) => withOddFields(world.state.hands.odd, each.symbol, positionWire(world, each, withMarks)));
    return listEnvelope(`/accounts/${number}/positions`, items);
  });
  app.get('/api-quote-tokens', async () =>
    envelope('/api-quote-tokens', {
      token: randomBytes(24).toString('base64url'),
      'dxlink-url': 'wss://127.0.0.1/not-simulated',
      level: 'api',
    }),
  );
}

function balances(context: Context, number: string) {
  const world = accountOf(context, number);
  const value = accountValue(world.state, world.market);
  if (number === world.accountNumber) return balanceWire(world, number, value);
  const zero = value.cash.times(0);
  return balanceWire(world, number, {
    cash: zero,
    netLiquidatingValue: zero,
    maintenanceRequirement: zero,
    derivativeBuyingPower: zero,
    longDerivativeValue: zero,
    shortDerivativeValue: zero,
    longEquityValue: zero,
  });
}
