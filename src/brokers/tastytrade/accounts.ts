import { z } from 'zod';
import type { Balances, BrokerAccount, TradingStatus } from '../../ports/broker.js';
import { route, type TastytradeHttp } from './http.js';
import { allItems } from './pages.js';
import { fieldOf, flag, lenientDecimal, read, single, textIn } from './wire.js';

const balanceFields = z.object({
  'net-liquidating-value': lenientDecimal,
  'cash-balance': lenientDecimal,
  'derivative-buying-power': lenientDecimal,
});

const statusFields = z.object({
  'is-closed': flag,
  'is-frozen': flag,
  'is-closing-only': flag,
  'is-risk-reducing-only': flag,
  'is-in-margin-call': flag,
  'is-in-day-trade-equity-maintenance-call': flag,
});

/** Accounts of this login that are not closed. One without a readable number is among them: it may be the one meant. */
export async function readAccounts(http: TastytradeHttp): Promise<BrokerAccount[]> {
  const items = await allItems(http, '/customers/me/accounts');
  return items
    .map((item) => fieldOf(item, 'account'))
    .filter((account) => !flag.parse(fieldOf(account, 'is-closed')))
    .map((account) => ({
      number: textIn(account, 'account-number'),
      nickname: textIn(account, 'nickname'),
      type: textIn(account, 'margin-or-cash') ?? textIn(account, 'account-type-name'),
    }));
}

/** What the account is restricted in. The broker sends only what concerns it: a field that is missing restricts nothing. */
export async function readTradingStatus(http: TastytradeHttp, account: string): Promise<TradingStatus> {
  const body = await http.read(route`/accounts/${account}/trading-status`);
  const fields = read(statusFields, read(single, body, 'trading-status').data, 'trading-status');
  return {
    closed: fields['is-closed'],
    frozen: fields['is-frozen'],
    closingOnly: fields['is-closing-only'],
    riskReducingOnly: fields['is-risk-reducing-only'],
    marginCall: fields['is-in-margin-call'],
    dayTradeCall: fields['is-in-day-trade-equity-maintenance-call'],
  };
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
