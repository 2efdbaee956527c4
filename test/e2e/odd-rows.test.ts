import type { Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import { closingBody, openingOrder } from './support/scenes.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const submits = (message: Message) => buttonsOf(message).some((label) => label.startsWith('Submit'));
const symbolOf = async (underlying: string) => {
  const { positions } = await desk.admin.snapshot();
  const found = positions.find(
    (each) => each['underlying-symbol'] === underlying && each.symbol.length === 21,
  );
  if (!found) throw new Error(`no option of ${underlying} held`);
  return found.symbol;
};

describe('one odd row of the broker is one odd row', () => {
  let odd: string;
  afterEach(() => desk.admin.odd(odd, {}));

  test.each([
    ['a quantity that is none', { quantity: 'NaN' }],
    ['part of a contract', { quantity: '0.5' }],
    ['no multiplier', { multiplier: null }],
    ['no side', { 'quantity-direction': null }],
  ])('a holding with %s: no Submit there, the row is named, all else works', async (_what, fields) => {
    odd = await symbolOf('MSFT');
    const [msft, qqq] = [await desk.positionId('MSFT'), await desk.positionId('QQQ', 'Senex Trident')];
    await desk.admin.odd(odd, fields);
    const positions = textOf(await desk.ask('positions'));
    expect(positions).toMatch(/can’t be read/);
    expect(positions).toContain('QQQ Senex Trident');
    expect(submits(await desk.preview(qqq))).toBe(true);
    const doubted = await desk.preview(msft);
    expect(submits(doubted)).toBe(false);
    expect(textOf(doubted)).toContain('I can’t read the holding MSFT');
  });

  test('a working order on GOOGL that can’t be read: nothing can be submitted there, and it is named', async () => {
    const { working } = await desk.admin.snapshot();
    const order = working.find((each) => each['underlying-symbol'] === 'GOOGL');
    odd = String(order?.id);
    await desk.admin.odd(odd, {
      legs: [{ symbol: 'GOOGL', 'instrument-type': 'Equity Option', quantity: 'x' }],
    });
    const preview = await desk.preview(await desk.positionId('GOOGL'));
    expect(submits(preview)).toBe(false);
    expect(textOf(preview)).toContain(odd);
    expect(submits(await desk.preview(await desk.positionId('QQQ', 'Senex Trident')))).toBe(true);
  });

  test('an order on the live stream that can’t be read: a press on its contracts sends nothing and names it', async () => {
    const opened = await openingOrder(desk, 'SPX', 2);
    const elsewhere = () => desk.admin.placeOrder(closingBody(opened, 1, '0.05'));
    const before = await elsewhere();
    await desk.admin.end(before.id);
    const [position, trident] = [
      await desk.positionId('SPX', 'Bull put'),
      await desk.positionId('QQQ', 'Trident'),
    ];
    const preview = await desk.preview(position);
    const other = await desk.preview(trident);
    expect([submits(preview), submits(other)]).toEqual([true, true]);
    // It can't be read from its first message on.
    odd = String(before.id + 1);
    await desk.admin.odd(odd, { status: null });
    const placed = await elsewhere();
    expect(String(placed.id)).toBe(odd);
    try {
      await until(async () => desk.bot.log.includes('unreadable order on the account stream'));
      await desk.trader.press(preview, 'Submit');
      const ended = await desk.trader.waitForEdit(preview, ({ content }) =>
        content.includes('The position changed'),
      );
      expect(ended.content).toMatch(/nothing was sent/);
      expect(ended.content).toMatch(
        new RegExp(`order ${odd} on SPXW? .* \\(its status is missing\\) can’t be read now`),
      );
      // The stream lives on, and what doesn't rest on that order goes out.
      await desk.trader.press(other, 'Submit');
      expect(textOf(await desk.result(other))).toMatch(/3 GTC orders placed/);
    } finally {
      await desk.admin.end(placed.id);
    }
  });
});
