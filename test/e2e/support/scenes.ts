import { join } from 'node:path';
import type { LocalDiscordUser, Message } from '@profit-target/local-discord/client';
import { CATALOG, contractOf, expirations } from '@profit-target/paper-broker';
import type { PaperOrder, PaperReceived } from '@profit-target/paper-broker/client';
import sqlite3 from 'sqlite3';
import { expect } from 'vitest';
import { Desk, textOf, until } from './desk.js';
import { BrokerProxy } from './proxy.js';

/*
 * What the end-to-end tests of the money path do and ask again and again, over a running desk.
 */

export const PLACING = /\/accounts\/[^/]+\/orders$/;
export const HOLDINGS = /\/accounts\/[^/]+\/positions$/;
/** The route of the message with the order ids, as faults of the local Discord name it. */
export const POSTING = 'POST /channels/';

const EPHEMERAL = 64;
const DONE = ['Filled', 'Cancelled', 'Rejected', 'Expired'];

/** Starts counting: the returned function lists the orders that reached the broker since. */
export async function arrivals(desk: Desk): Promise<() => Promise<PaperReceived[]>> {
  const before = (await desk.admin.received()).length;
  return async () => (await desk.admin.received()).slice(before);
}

/** Resolves once the broker has this many orders more. */
export async function arrived(news: () => Promise<PaperReceived[]>, count: number): Promise<PaperReceived[]> {
  return until(async () => {
    const orders = await news();
    return orders.length >= count ? orders : null;
  });
}

/** The result message about one position. */
export function resultFor(
  desk: Desk,
  position: string,
  after: Message,
  timeoutMs = 60_000,
): Promise<Message> {
  return desk.trader.waitForMessage((message) => isResult(desk, message) && names(message, position), {
    after,
    timeoutMs,
  });
}

/** Every message that mentions the trader about a position. */
export async function resultsFor(desk: Desk, position: string): Promise<Message[]> {
  const messages = await desk.trader.messages(desk.discord.channelIds.trading, 1000);
  return messages.filter((message) => isResult(desk, message) && names(message, position));
}

function isResult(desk: Desk, message: Message): boolean {
  return (
    message.content.includes(`<@${desk.trader.id}>`) &&
    !isFill(message) &&
    !isDigest(message) &&
    !isCancel(message) &&
    !isLost(message) &&
    !isExit(message) &&
    !isCard(message) &&
    !isFound(message)
  );
}

/** A fill mentions the trader too; its footer says that it is one. */
export function isFill({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^fill \d+$/.test(footer?.text ?? ''));
}

/** Many fills, likewise. */
export function isDigest({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^fills \d+( part)?$/.test(footer?.text ?? ''));
}

/** What became of a cancellation, likewise. */
export function isCancel({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^cancel [\w-]+$/.test(footer?.text ?? ''));
}

/** An order that was lost, likewise. */
export function isLost({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^lost \d+$/.test(footer?.text ?? ''));
}

/** The card of a position that has come to its days, likewise. */
export function isExit({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^exit \d+\/\d+$/.test(footer?.text ?? ''));
}

/** The card of a new position, likewise. */
export function isCard({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^opened \d+$/.test(footer?.text ?? ''));
}

/** What was found unasked between journal and broker, likewise. */
export function isFound({ embeds }: Message): boolean {
  return embeds.some(({ footer }) => /^reconcile [\w-]+$/.test(footer?.text ?? ''));
}

function names(message: Message, position: string): boolean {
  return new RegExp(`#${position}\\b`).test(textOf(message));
}

/** What a person is told in private about something they did. */
export function privately(user: LocalDiscordUser, words: string, after?: Message): Promise<Message> {
  return user.waitForMessage(
    (message) => (message.flags & EPHEMERAL) !== 0 && textOf(message).includes(words),
    { timeoutMs: 30_000, ...(after ? { after } : {}) },
  );
}

export function ids(orders: readonly PaperReceived[]): number[] {
  return orders.flatMap(({ orderId }) => orderId ?? []);
}

export function pricesOf(orders: readonly PaperReceived[]): string[] {
  return orders.map(({ body }) => String(body.price)).sort();
}

/** Claims that a message names every one of these orders. */
export function expectIds(message: Message, orders: readonly PaperReceived[]): void {
  for (const id of ids(orders)) expect(textOf(message)).toContain(`Order ${id}`);
}

export async function working(desk: Desk): Promise<PaperOrder[]> {
  return (await desk.admin.orders()).filter(({ status }) => !DONE.includes(status));
}

/** Claims that no contract has more working to close than is held. */
export async function expectCovered(desk: Desk): Promise<void> {
  const { positions } = await desk.admin.snapshot();
  const closing = new Map<string, number>();
  for (const { legs } of await working(desk)) {
    for (const { action, symbol, 'remaining-quantity': left } of legs) {
      if (action.endsWith('to Close')) closing.set(symbol, (closing.get(symbol) ?? 0) + left);
    }
  }
  for (const [symbol, contracts] of closing) {
    const held = positions.find((position) => position.symbol === symbol)?.quantity ?? '0';
    expect(contracts, `${symbol} working to close`).toBeLessThanOrEqual(Math.abs(Number(held)));
  }
}

/** Makes the bot's own orders as old as a list of the broker's can be late: what isn't in it then isn't there. */
export async function passListLag(desk: Desk): Promise<void> {
  const database = new sqlite3.Database(join(desk.folder, 'bot.sqlite'));
  try {
    database.configure('busyTimeout', 10_000);
    await new Promise<void>((resolve, reject) =>
      database.run('UPDATE order_intents SET settled_at = settled_at - 120000', (error) =>
        error ? reject(error) : resolve(),
      ),
    );
  } finally {
    database.close();
  }
}

/** Ends what the bot placed and switches every fault off, so that the next test finds the desk as it was. */
export async function tidy(desk: Desk): Promise<void> {
  await desk.admin.clearFaults();
  await desk.trader.faults.clear();
  for (const order of await working(desk)) {
    if (order['external-identifier']?.startsWith('ptb-')) await desk.admin.end(order.id);
  }
}

/** The account stream goes dark and stays so; resolves once the bot knows. */
export async function cutStream(desk: Desk): Promise<void> {
  const before = count(desk, 'account stream down');
  await desk.admin.stream('silence');
  await desk.admin.stream('drop');
  await until(async () => count(desk, 'account stream down') > before);
}

/** The stream comes back; resolves once the bot listens again. */
export async function mendStream(desk: Desk): Promise<void> {
  const before = count(desk, 'account stream live');
  // A connection made while it was dark waits for an answer that was never given. It is cut first, because after
  // `resume` the cut could hit the connection that listens already.
  await desk.admin.stream('drop');
  await desk.admin.stream('resume');
  await until(async () => count(desk, 'account stream live') > before);
}

function count(desk: Desk, words: string): number {
  return desk.bot.log.split(words).length - 1;
}

/** The broker's order that opened a position. */
export async function openingOrder(desk: Desk, underlying: string, legs: number): Promise<PaperOrder> {
  const found = (await desk.admin.orders()).find(
    (order) => order['underlying-symbol'] === underlying && order.legs.length === legs && opens(order),
  );
  if (!found) throw new Error(`no opening order of ${legs} legs on ${underlying}`);
  return found;
}

/** More of what is held is opened at the broker's platform, by the order that opened it. */
export async function openAgain(desk: Desk, underlying: string, legs: number): Promise<void> {
  const former = await openingOrder(desk, underlying, legs);
  const { id } = await desk.admin.placeOrder({
    'time-in-force': 'GTC',
    'order-type': 'Limit',
    price: String(former.price),
    'price-effect': former['price-effect'],
    legs: former.legs.map(({ symbol, action, quantity }) => ({
      'instrument-type': 'Equity Option',
      symbol,
      action,
      quantity: Number(quantity),
    })),
  });
  await desk.admin.fill(id);
}

/** What is left of what an order of so many legs opened is rolled at the broker's platform, in one order: the same strikes, a later expiration. */
export async function rollOut(desk: Desk, symbol: string, legs: number): Promise<void> {
  const underlying = CATALOG.find((each) => each.symbol === symbol);
  if (!underlying) throw new Error(`no ${symbol} is traded`);
  const former = await openingOrder(desk, symbol, legs);
  const [, root = '', day = ''] = /^(.{6})(\d{6})/.exec(former.legs[0]?.symbol ?? '') ?? [];
  const { clock, positions } = await desk.admin.snapshot();
  const today = clock.now.slice(0, 10);
  const days = expirations(underlying, today).map((each) => each.slice(2).replaceAll('-', ''));
  const later = days.find((each) => each > day);
  if (later === undefined) throw new Error(`nothing later than ${day} is listed`);
  const leg = (of: PaperOrder['legs'][number], change: { symbol?: string; action?: string }) => ({
    'instrument-type': 'Equity Option',
    symbol: of.symbol,
    action: of.action,
    quantity: Number(positions.find((each) => each.symbol === of.symbol)?.quantity),
    ...change,
  });
  const turned = (action: string) => (action.startsWith('Sell') ? 'Buy to Close' : 'Sell to Close');
  const { id } = await desk.admin.placeOrder({
    'time-in-force': 'GTC',
    'order-type': 'Limit',
    price: '0.10',
    'price-effect': 'Credit',
    legs: [
      ...former.legs.map((each) => leg(each, { action: turned(each.action) })),
      ...former.legs.map((each) =>
        leg(each, { symbol: each.symbol.replace(`${root}${day}`, `${root}${later}`) }),
      ),
    ],
  });
  await desk.admin.fill(id);
}

function opens({ legs }: PaperOrder): boolean {
  return legs.every(({ action }) => action.endsWith('to Open'));
}

/** Sells and fills this many put verticals, each a position with contracts of its own. */
export async function sellVerticals(desk: Desk, symbol: string, count: number): Promise<void> {
  const underlying = CATALOG.find((each) => each.symbol === symbol);
  if (!underlying) throw new Error(`no ${symbol} is traded`);
  const { base, strikeStep } = underlying;
  const today = (await desk.admin.snapshot()).clock.now.slice(0, 10);
  const strikes = Array.from({ length: 200 }, (_, step) => strikeStep * step);
  // Every second one: the strike below it is the long leg's.
  const short = strikes.filter(
    (strike, step) => step % 2 === 0 && strike > base * 0.5 && strike < base * 0.95,
  );
  const wanted = expirations(underlying, today)
    .slice(2)
    .flatMap((day) => short.map((strike) => ({ day, strike })))
    .slice(0, count);
  if (wanted.length < count) throw new Error(`only ${wanted.length} verticals are listed`);
  for (const { day, strike } of wanted) {
    const leg = (at: number, action: string) => ({
      'instrument-type': 'Equity Option',
      symbol: contractOf(underlying, symbol, day, 'P', at).symbol,
      quantity: 1,
      action,
    });
    const { id } = await desk.admin.placeOrder({
      'time-in-force': 'GTC',
      'order-type': 'Limit',
      price: '1.50',
      'price-effect': 'Credit',
      legs: [leg(strike, 'Sell to Open'), leg(strike - strikeStep, 'Buy to Open')],
    });
    await desk.admin.fill(id);
  }
}

/** The order that would close `units` of what an opening order opened, as the broker's platform would place it. */
export function closingBody({ legs }: PaperOrder, perLeg: number, price: string): Record<string, unknown> {
  return {
    'time-in-force': 'GTC',
    'order-type': 'Limit',
    price,
    'price-effect': 'Debit',
    legs: legs.map(({ symbol, action }) => ({
      'instrument-type': 'Equity Option',
      symbol,
      quantity: perLeg,
      action: action === 'Sell to Open' ? 'Buy to Close' : 'Sell to Close',
    })),
  };
}

/** Sets how many of each leg of an opening order are held now. */
export async function holdOfEach(desk: Desk, { legs }: PaperOrder, contracts: number): Promise<void> {
  for (const { symbol, action } of legs) {
    await desk.admin.position(symbol, { quantity: action === 'Sell to Open' ? -contracts : contracts });
  }
}

/** A desk whose bot reaches the broker over a proxy, by which a test holds back what passes. */
export async function deskBehindProxy(
  settings: Record<string, string> = {},
): Promise<{ desk: Desk; proxy: BrokerProxy }> {
  const proxy = await BrokerProxy.start();
  const desk = await Desk.open({
    startBot: false,
    settings: { TASTYTRADE_API_URL: proxy.url, ...settings },
  });
  proxy.target = desk.paper.url;
  await desk.startBot();
  return { desk, proxy };
}
