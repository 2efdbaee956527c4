import type { Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import { resultFor, tidy } from './support/scenes.js';

/* A preview that can't be sent any more loses its buttons at the next chance, also where Discord took no change at first. */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

/** No change of a message gets through by the way a press has; a bot's own way stays open. */
const NO_EDITS = { kind: '5xx', route: '(PATCH|POST) /webhooks/', times: 1_000 };

/** How the message looks once it offers nothing of the old preview, though its press could not change it. */
async function closed(preview: Message): Promise<Message> {
  return until(async () => {
    const now = desk.trader.current(preview);
    const offers = buttonsOf(now).filter((label) => label !== 'Fresh preview');
    return offers.length === 0 && now;
  }, 60_000);
}

test('a preview that was submitted keeps its line, whatever an older press on its message still brings', async () => {
  const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  const trials = async () =>
    Object.entries(await desk.admin.counts()).find(([route]) => route.endsWith('/orders/dry-run'))?.[1] ?? 0;
  const before = await trials();
  await desk.trader.faults.add({ kind: 'slow', route: 'PATCH /webhooks/', times: 1, ms: 3_000 });
  await desk.trader.press(preview, 'Refresh');
  await until(async () => (await trials()) > before);
  await desk.admin.fault({ kind: 'latency', path: '/orders/dry-run$', ms: 6_000 });
  await new Promise((resolve) => setTimeout(resolve, 500));
  await desk.trader.press(preview, 'Refresh');
  const submits = ({ components }: Message) => JSON.stringify(components).match(/targets:submit:[^"]+/)?.[0];
  const first = submits(preview);
  await desk.trader.waitForEdit(preview, (each) => ![first, undefined].includes(submits(each)));
  await desk.trader.press(preview, 'Submit');
  const below = await desk.trader.waitForMessage((each) => each.content.includes('no order to send'), {
    after: preview,
    timeoutMs: 30_000,
  });
  expect(below.id).not.toBe(preview.id);
  await desk.trader.waitForEdit(preview, (each) =>
    each.content.startsWith('Submitted: **1 GTC order placed**'),
  );
});

describe('a press that ends a preview, whose change of the message fails', () => {
  test('the position changed: that is said by a message of its own, and the old buttons go', async () => {
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    const other = await desk.preview(position);
    await desk.trader.press(other, 'Submit');
    await resultFor(desk, position, other);
    await desk.trader.faults.add(NO_EDITS);
    await desk.trader.press(preview, 'Submit');
    const said = await desk.trader.waitForMessage((each) => textOf(each).includes('The position changed'), {
      timeoutMs: 60_000,
      after: preview,
    });
    expect(said.content).toContain(`<@${desk.trader.id}>`);
    const gone = await closed(preview);
    expect(gone.content).toContain('given up after its Submit. No order was sent.');
    expect(buttonsOf(gone)).toEqual(['Fresh preview']);
  });

  test('cancelled: the buttons go, and what it says is true', async () => {
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    await desk.trader.faults.add(NO_EDITS);
    await desk.trader.press(preview, 'Discard');
    const gone = await closed(preview);
    expect(gone.content).toContain('Discarded. No order was sent.');
    expect(buttonsOf(gone)).toEqual([]);
  });

  test('refreshed: the buttons go, and a fresh preview is offered in their place', async () => {
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    await desk.trader.faults.add(NO_EDITS);
    await desk.trader.press(preview, 'Refresh');
    const gone = await closed(preview);
    expect(gone.content).toContain('the newer one could not be shown. No order was sent.');
    expect(buttonsOf(gone)).toEqual(['Fresh preview']);
    await desk.trader.faults.clear();
    await desk.trader.press(gone, 'Fresh preview');
    await desk.trader.waitForEdit(preview, (each) => buttonsOf(each).includes('Submit 1 GTC order'), 30_000);
  });
});

test('cancelled, and killed before the message could say so: the next start takes the buttons away', async () => {
  const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  await desk.trader.faults.add({ kind: 'slow', route: 'PATCH /webhooks/', ms: 600_000 });
  await desk.trader.press(preview, 'Discard');
  await until(async () => (await desk.trader.faults.list()).some(({ fired }) => fired > 0));
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.trader.faults.clear();
  await desk.startBot();
  expect((await closed(preview)).content).toContain('Discarded. No order was sent.');
});
