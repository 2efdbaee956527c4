import type { Message } from '@profit-target/local-discord/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import { MovedClock } from './support/moved-clock.js';

const SHORT = 'SPX   261218P05800000';
const LONG = 'SPX   261218P05775000';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ startBot: false, paper: { scenario: 'empty', startAt: '2026-12-17T15:00:00Z' } });
  await desk.admin.position(SHORT, { quantity: -1, price: '12.00' });
  await desk.admin.position(LONG, { quantity: 1, price: '8.00' });
  await liveAt('2026-12-17T15:00:00Z');
});
afterAll(() => desk?.close());

async function liveAt(at: string): Promise<void> {
  await desk.admin.clock({ at });
  await new MovedClock(desk).startAt(at);
}

/** One contract of each, by an order of its own at the broker's platform. */
async function opened(action: string, symbols: readonly string[]): Promise<void> {
  for (const symbol of symbols) {
    const { id } = await desk.admin.placeOrder({
      'time-in-force': 'GTC',
      'order-type': 'Limit',
      price: action.startsWith('Sell') ? '30.00' : '0.50',
      'price-effect': action.startsWith('Sell') ? 'Credit' : 'Debit',
      legs: [{ 'instrument-type': 'Equity Option', symbol, action, quantity: 1 }],
    });
    await desk.admin.fill(id);
  }
}

const submits = (message: Message) => buttonsOf(message).some((label) => label.startsWith('Submit'));

describe('a quote that can’t be', () => {
  test.each([
    ['its quote is crossed', { bid: '12.00', ask: '11.00' }],
    ['trading is halted', { 'is-trading-halted': true }],
    ['nobody bids', { bid: '0.0', ask: '4.80', mark: '2.40' }],
    ['its quote is from before this session', { 'updated-at': '2026-12-16T21:00:00.000Z' }],
  ])('is none, and said why: %s', async (reason, told) => {
    await desk.admin.quote(SHORT, told);
    const preview = await desk.preview('1', { price: '1' });
    const text = textOf(preview);
    expect(text).toContain(`no mark (${reason}) · open profit unknown`);
    expect(text).not.toMatch(/fills at once|Already past this target/);
    await desk.admin.quote(SHORT, {});
  });
});

test('a morning-settled option says the day before that it trades last, and can still be closed', async () => {
  const preview = await desk.preview('1');
  expect(textOf(preview)).toContain('18 Dec 26 (1 DTE, settles in the morning: trades last today)');
  expect(submits(preview)).toBe(true);
});

test('once it has traded last it is expired, not settled yet: no Submit, no profit, no days', async () => {
  await desk.admin.holdSettlement(true);
  await liveAt('2026-12-18T15:00:00Z');
  const positions = textOf(await desk.ask('positions'));
  expect(positions).toContain('18 Dec 26 (expired, not settled yet)');
  expect(positions).toContain('no mark (trades no more) · open profit unknown');
  expect(positions).not.toContain('DTE');
  const preview = await desk.preview('1');
  expect(textOf(preview)).toContain('expired, not settled yet. It trades no more; the broker settles it.');
  expect(submits(preview)).toBe(false);
});

test('shares that an assignment brings are told once the ledger has them, with what they cost, and nothing is offered', async () => {
  const set = await desk.trader.command(
    'settings',
    { to: desk.discord.channelIds.trading },
    { sub: 'channel' },
  );
  await desk.trader.answer(set, 30_000);
  await opened('Sell to Open', ['AAPL  261218P00300000', 'AAPL  261218P00240000', 'XSP   261218P00690000']);
  await opened(
    'Buy to Open',
    ['232500', '235000', '237500', '245000'].map((strike) => `AAPL  261218P00${strike}`),
  );
  await until(async () => textOf(await desk.ask('positions')).includes('690'));
  await desk.admin.holdSettlement(false);
  await liveAt('2026-12-18T22:00:00Z');
  const told = await desk.trader.waitForMessage((each) => textOf(each).includes('came by assignment'), {
    timeoutMs: 60_000,
  });
  expect(textOf(told)).toContain('**100 AAPL shares came by assignment**');
  expect(textOf(told)).toContain('cost **$30,005.00**');
  expect(textOf(told)).toContain('by your short 1 × AAPL 18 Dec 26 300 P');
  expect(buttonsOf(told)).toEqual([]);
  // What settled while the bot was down is told with what it made.
  for (const end of ['AAPL assigned', 'AAPL expired', 'XSP expired']) {
    const card = await desk.trader.waitForMessage((each) => textOf(each).includes(`${end}** · **`), {
      timeoutMs: 60_000,
    });
    // Of what isn't worthless the broker takes five dollars more.
    const fees = end === 'AAPL expired' ? /after fees of \$1\.\d\d/ : /after fees of \$6\.\d\d/;
    expect(textOf(card)).toMatch(fees);
  }
  // Of more than five at once the rest comes together.
  const rest = await desk.trader.waitForMessage((each) => textOf(each).includes('2 positions gone'), {
    timeoutMs: 60_000,
  });
  expect(textOf(rest).match(/AAPL expired\*\* · \*\*−\$51\.\d\d\*\* net/g)).toHaveLength(2);
});
