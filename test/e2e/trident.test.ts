import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk } from './support/desk.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

test('a QQQ Trident becomes three GTC orders at 40, 60 and 50 % of its own verticals’ credits, ids in the channel', async () => {
  const preview = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
  expect(contentOf(preview)).toContain('**40 %** ');
  expect(buttonsOf(preview)).toContain('Submit 3 GTC orders');
  expect(await desk.admin.received()).toHaveLength(0);

  await desk.trader.press(preview, 'Submit');
  const result = await desk.result(preview);

  const received = await desk.admin.received();
  expect(received).toHaveLength(3);
  for (const { orderId, body } of received) {
    expect(contentOf(result)).toContain(`Order ${orderId}`);
    expect(body).toMatchObject({
      'time-in-force': 'GTC',
      'order-type': 'Limit',
      'price-effect': 'Debit',
      'advanced-instructions': { 'strict-position-effect-validation': true },
    });
  }
  const checked = await desk.trader.waitForEdit(result, (message) => contentOf(message).includes('Live'));
  expect(contentOf(checked)).toContain('3 GTC orders placed');
  expect(desk.trader.current(preview).components).toHaveLength(0);
});
