import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import type { Message } from '../support/discord-user.js';
import { buttonsOf, Desk, textOf } from './support/desk.js';

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
    expect(textOf(doubted)).toContain('I can’t read the broker’s holding MSFT');
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
});
