import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, textOf } from './support/desk.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

async function remind(sub: string, options: Record<string, string | number | boolean> = {}) {
  return desk.trader.answer(await desk.trader.command('remind', options, { sub }), 30_000);
}
const soon = (ms = 2_000) =>
  new Date(Math.ceil((Date.now() + ms) / 1000) * 1000).toISOString().replace('.000Z', 'Z');

test('smoke', async () => {
  for (const kind of [
    'missing-targets',
    'expiry',
    'working-orders',
    'daily-summary',
    'expiration-friday',
    'note',
  ]) {
    const added = await remind('add', {
      kind,
      when: soon(),
      ...(kind === 'note' ? { text: 'hi' } : { say_when_empty: true }),
    });
    console.log(textOf(added));
    const id = /reminder (\d+)/.exec(textOf(added))?.[1] ?? '';
    console.log(textOf(await remind('test', { id })));
    const m = await desk.trader.waitForMessage(
      (m) => textOf(m).includes(`reminder ${id} ·`) && m.content.startsWith('<@'),
      { timeoutMs: 30_000 },
    );
    console.log(textOf(m), JSON.stringify(m.components));
  }
  console.log(textOf(await remind('list')));
  console.log(textOf(await desk.ask('status')));
  expect(1).toBe(1);
});
