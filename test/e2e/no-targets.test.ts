import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf, Desk, textOf } from './support/desk.js';

/** Orders that somebody places in the broker's own platform, and what the bot says of them. */
let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

/** Closing legs over all that is held of an underlying's options. */
async function closingLegs(underlying: string, longOnly = false) {
  const { positions } = await desk.admin.snapshot();
  const held = positions.filter((each) => each['underlying-symbol'] === underlying && each.symbol.length > 6);
  return held
    .filter((each) => !longOnly || each['quantity-direction'] === 'Long')
    .map((each) => ({
      'instrument-type': 'Equity Option',
      symbol: each.symbol,
      quantity: Math.abs(Number(each.quantity)),
      action: each['quantity-direction'] === 'Long' ? 'Sell to Close' : 'Buy to Close',
    }));
}

test('a lone stop is no target: the preview, `/positions` and `/orders` say what it is', async () => {
  const legs = await closingLegs('NVDA');
  const stop = await desk.admin.placeOrder({
    'order-type': 'Stop',
    'time-in-force': 'Day',
    'stop-trigger': '0.01',
    legs,
  });
  const position = await desk.positionId('NVDA');
  const words = `${stop.id} (Day stop at 0.01; placed elsewhere; reserves 2 contracts)`;

  const preview = contentOf(await desk.preview(position, { price: '99' }));
  expect(preview).toContain(`Order ${words} is no profit target.`);
  expect(preview).not.toContain('Everything is covered');
  expect(preview).toContain('Your price of 99.00 is not used');
  expect(contentOf(await desk.ask('positions', { underlying: 'NVDA' }))).toContain(
    `no targets · no target: ${words}`,
  );
  expect(contentOf(await desk.ask('orders'))).toContain('No profit target: Day stop at 0.01');
});

test('a limit and its stop of one OCO cover the contracts once', async () => {
  const legs = await closingLegs('MSFT');
  const { orders } = await desk.admin.placeOco([
    { 'order-type': 'Limit', 'time-in-force': 'GTC', price: '0.01', 'price-effect': 'Debit', legs },
    {
      'order-type': 'Stop Limit',
      'time-in-force': 'GTC',
      'stop-trigger': '9.5',
      price: '9.9',
      'price-effect': 'Debit',
      legs,
    },
  ]);
  const preview = textOf(await desk.preview(await desk.positionId('MSFT')));
  expect(preview).toContain(`Everything is covered by working orders already: ${orders[0]?.id}.`);
  expect(preview).toMatch(/2 held · 2 working to close/);
  expect(preview).not.toMatch(/4 working/);
  expect(contentOf(await desk.ask('orders'))).toContain(
    `(or ${orders[1]?.id}, stop limit at 9.50, limit 9.90: one cancels the other)`,
  );
});

test('the fill of one order of an OCO cancels the other at the broker', async () => {
  const [limit, stop] = (await desk.admin.orders()).slice(-2);
  await desk.admin.fill(limit?.id ?? 0);
  const after = await desk.admin.orders();
  expect(after.find(({ id }) => id === stop?.id)?.status).toBe('Cancelled');
});
