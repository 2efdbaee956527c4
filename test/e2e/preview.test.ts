import type { Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, textOf, until } from './support/desk.js';
import { arrivals, arrived, pricesOf, privately, resultFor, tidy } from './support/scenes.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

function submits(message: Message): boolean {
  return buttonsOf(message).some((label) => label.startsWith('Submit'));
}

/** The limit prices a preview shows, as the broker would get them. */
function pricesIn(message: Message): string[] {
  return [...contentOf(message).matchAll(/ay \*\*([\d.]+)\*\*/g)]
    .map(([, price = '']) => trimmed(price))
    .sort();
}

function trimmed(price: string): string {
  return String(Number(price));
}

async function typeInForm(preview: Message, fields: Record<string, string>): Promise<void> {
  const modal = await desk.trader.waitForModal(await desk.trader.press(preview, 'Other…'), 30_000);
  await desk.trader.submitModal(modal, fields);
}

describe('re-pricing in place', () => {
  test('a percent button changes the shown price, and the new one is what is sent', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    expect(contentOf(preview)).toContain('**50 %** ');
    await desk.trader.press(preview, '60 %');
    const repriced = await desk.trader.waitForEdit(preview, (each) => contentOf(each).includes('**60 %** '));
    expect(pricesIn(repriced)).not.toEqual(pricesIn(preview));

    await desk.trader.press(preview, 'Submit');
    await resultFor(desk, position, preview);
    expect(pricesOf(await news())).toEqual(pricesIn(repriced));
  });

  test('the free field takes a percentage or a ladder, and refuses nonsense without touching the preview', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('MSFT', 'Bull put');
    const preview = await desk.preview(position);
    let last: Message = preview;
    for (const [fields, words] of [
      [{ percent: 'a lot' }, '"a lot" is not a percent I can read'],
      [{ percent: '250' }, '250'],
      [{ percent: '' }, 'The form was empty'],
      [{ price: '0,85' }, '"0,85" has a comma'],
      [{ percent: '37,5' }, '37.5 %, or a ladder of 37 % and 5 %'],
    ] as const) {
      await typeInForm(preview, fields);
      last = await privately(desk.trader, words, last);
      expect(contentOf(desk.trader.current(preview))).toBe(contentOf(preview));
    }

    await typeInForm(preview, { percent: '75' });
    await desk.trader.waitForEdit(preview, (each) => contentOf(each).includes('**75 %** '));
    await typeInForm(preview, { percent: '70,80' });
    const ladder = await desk.trader.waitForEdit(preview, (each) => contentOf(each).includes('**80 %** '));
    expect(contentOf(ladder)).toContain('**70 %** ');
    expect(buttonsOf(ladder)).toContain('Submit 2 GTC orders');

    await desk.trader.press(preview, 'Submit');
    const orders = await arrived(news, 2);
    expect(pricesOf(orders)).toEqual(pricesIn(ladder));
    for (const { body } of orders) {
      expect(body.legs).toEqual([
        expect.objectContaining({ quantity: 1 }),
        expect.objectContaining({ quantity: 1 }),
      ]);
    }
    await resultFor(desk, position, preview);
  });

  test('a price off the grid is refused with its neighbours; one on the grid is sent as typed', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    await typeInForm(preview, { price: '3.02' });
    const no = await privately(desk.trader, '3.02 is not a valid price', preview);
    expect(contentOf(no)).toContain('the tick here is 0.05');
    expect(contentOf(no)).toContain('3.00 or 3.05');
    expect(contentOf(desk.trader.current(preview))).toBe(contentOf(preview));

    await typeInForm(preview, { price: '3.05' });
    const priced = await desk.trader.waitForEdit(preview, (each) => contentOf(each).includes('your price'));
    expect(pricesIn(priced)).toEqual(['3.05']);
    await desk.trader.press(preview, 'Submit');
    expect(pricesOf(await arrived(news, 1))).toEqual(['3.05']);
    await resultFor(desk, position, preview);
  });

  test('a press that a newer preview overtook sends nothing, and the newer one can still be submitted', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    // The old buttons are on screen while the new preview is on its way.
    await desk.trader.faults.add({ kind: 'slow', route: 'PATCH /webhooks/', ms: 3_000 });
    await desk.trader.press(preview, '60 %');
    await until(async () =>
      (await desk.trader.faults.list()).some(({ kind, fired }) => kind === 'slow' && fired > 0),
    );
    await desk.trader.press(preview, 'Submit');
    await desk.trader.waitForEdit(
      preview,
      (each) => each.content.includes('replaced by a newer one'),
      30_000,
    );
    expect(await news()).toHaveLength(0);

    const newer = await desk.trader.waitForEdit(
      preview,
      (each) => submits(each) && contentOf(each).includes('**60 %** '),
      30_000,
    );
    await desk.trader.press(newer, 'Submit');
    expect(pricesOf(await arrived(news, 1))).toEqual(pricesIn(newer));
    await resultFor(desk, position, preview);
  });
});

describe('typed with the command', () => {
  test.each([
    [{ percent: 'abc' }, '"abc" is not a percent I can read'],
    [{ percent: '101' }, '101'],
    [{ price: '3.02' }, '3.00 or 3.05'],
    [{ price: '9999' }, 'more than this can be worth'],
    [{ ladder: '40,50,60' }, 'percentages for 1 unit'],
    [{ percent: '40', price: '3.05' }, 'exclude each other'],
  ])('%j is refused with the reason, and there is nothing to submit', async (options, words) => {
    const answer = await desk.preview(await desk.positionId('SPX', 'Bull put'), options);
    expect(contentOf(answer)).toContain(words);
    expect(buttonsOf(answer)).toEqual([]);
  });

  test('a position that doesn’t exist is refused kindly', async () => {
    const answer = await desk.preview('#4711');
    expect(contentOf(answer)).toContain('There is no open position #4711');
    expect(contentOf(await desk.preview('the good one'))).toContain('is not a position I know');
  });

  test('the menu under /positions leads to a preview', async () => {
    const position = await desk.positionId('IWM', 'Iron condor');
    await desk.ask('positions', { underlying: 'IWM' });
    const list = await desk.trader.waitForMessage(
      (each) => each.components.length > 0 && contentOf(each).includes('IWM Iron condor'),
    );
    const preview = await desk.trader.answer(await desk.trader.select(list, position), 30_000);
    expect(buttonsOf(preview)).toContain('Submit 1 GTC order');
  });
});

describe('Refresh and Cancel', () => {
  test('Refresh shows today’s mark and keeps what was asked for', async () => {
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position, { percent: '60' });
    await desk.admin.underlying('SPX', { nudge: -0.01 });
    await desk.trader.press(preview, 'Refresh');
    const fresh = await desk.trader.waitForEdit(
      preview,
      (each) => contentOf(each) !== contentOf(preview),
      60_000,
    );
    const mark = (message: Message) => /mark ([\d.]+)/.exec(textOf(message))?.[1];
    expect(Number(mark(fresh))).toBeGreaterThan(Number(mark(preview)));
    expect(contentOf(fresh)).toContain('**60 %** ');
    await desk.admin.underlying('SPX', { nudge: 0.0101 });
  });

  test('Cancel takes the buttons away for good', async () => {
    const news = await arrivals(desk);
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    // A press of the last moment, already on its way when Cancel is dealt with.
    await desk.trader.faults.add({ kind: 'slow', route: 'PATCH /webhooks/', ms: 2_000 });
    await desk.trader.press(preview, 'Discard');
    await until(async () => (await desk.trader.faults.list()).some(({ fired }) => fired > 0));
    await desk.trader.press(preview, 'Submit');
    await desk.trader.waitForEdit(preview, (each) => each.content.includes('was cancelled'), 30_000);
    const ended = await desk.trader.waitForEdit(
      preview,
      (each) => each.content.includes('Discarded. No order was sent.') && each.components.length === 0,
      30_000,
    );
    expect(submits(ended)).toBe(false);
    expect(await news()).toHaveLength(0);
  });
});

describe('dry_run', () => {
  test('shows everything, offers no Submit in any of its forms, sends nothing and marks nothing', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const preview = await desk.preview(position, { dry_run: true });
    expect(contentOf(preview)).toContain('Dry run: nothing can be sent from here.');
    expect(pricesIn(preview)).toHaveLength(3);
    expect(submits(preview)).toBe(false);

    await desk.trader.press(preview, '60 %');
    const repriced = await desk.trader.waitForEdit(preview, (each) => !contentOf(each).includes('**40 %** '));
    expect(submits(repriced)).toBe(false);
    await desk.trader.press(preview, 'Refresh');
    const before = repriced.edited_timestamp;
    const fresh = await desk.trader.waitForEdit(preview, (each) => each.edited_timestamp !== before, 30_000);
    expect(submits(fresh)).toBe(false);

    expect(await news()).toHaveLength(0);
    const [choice] = await desk.choices('QQQ Senex');
    expect(choice?.name).toContain('no targets');
    const real = await desk.preview(position);
    expect(buttonsOf(real)).toContain('Submit 3 GTC orders');
  });
});
