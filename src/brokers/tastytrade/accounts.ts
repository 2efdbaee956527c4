import { z } from 'zod';
import type { Balances, BrokerAccount } from '../../services/ports/broker.js';
import { route, type TastytradeHttp } from './http.js';
import { allItems } from './pages.js';
import { flag, lenientDecimal, maybe, read, single, text } from './wire.js';

const accountItem = z.object({
  account: z.object({
    'account-number': text,
    nickname: maybe(text),
    'margin-or-cash': maybe(text),
    'account-type-name': maybe(text),
    'is-closed': flag,
  }),
});

const balanceFields = z.object({
  'net-liquidating-value': lenientDecimal,
  'cash-balance': lenientDecimal,
  'derivative-buying-power': lenientDecimal,
});

/** Accounts of this login that are not closed. */
export async function readAccounts(http: TastytradeHttp): Promise<BrokerAccount[]> {
  const items = await allItems(http, '/customers/me/accounts');
  return items
    .map((item) => read(accountItem, item, 'an account').account)
    .filter((account) => !account['is-closed'])
    .map((account) => ({
      number: account['account-number'],
      nickname: account.nickname,
      type: account['margin-or-cash'] ?? account['account-type-name'],
    }));
}

/** Dollar balances. What the broker leaves out is null. */
export async function readBalances(http: TastytradeHttp, account: string): Promise<Balances> {
  const body = await http.read(route`/accounts/${account}/balances/USD`);
  const fields = read(balanceFields, read(single, body, 'balances').data, 'balances');
  return {
    netLiquidatingValue: fields['net-liquidating-value'],
    cash: fields['cash-balance'],
    derivativeBuyingPower: fields['derivative-buying-power'],
  };
}
