import { LocalDiscordUser, type Message } from '@profit-target/local-discord/client';
import type { PaperOrder } from '@profit-target/paper-broker/client';
import { Decimal } from 'decimal.js';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, textOf, until } from './support/desk.js';
import {
  arrivals,
  arrived,
  closingBody,
  cutStream,
  expectCovered,
  expectIds,
  holdOfEach,
  isLost,
  mendStream,
  openingOrder,
  pricesOf,
  privately,
  resultFor,
  resultsFor,
  tidy,
} from './support/scenes.js';

const TRADER = '843931509428715525';
const ADMIN = '647180875972476935';

let desk: Desk;
/** A second trader: may submit previews of their own, and nobody else's. */
let other: LocalDiscordUser;
beforeAll(async () => {
  desk = await Desk.open({ settings: { TRADER_USER_IDS: `${TRADER},${ADMIN}` } });
  other = await LocalDiscordUser.join(desk.discord.url, ADMIN, desk.discord.channelIds.trading);
});
afterEach(() => tidy(desk));
afterAll(async () => {
  other?.leave();
  await desk?.close();
});

/** What a vertical in a filled opening order was sold for, per share. */
function creditOf({ legs }: PaperOrder, right: 'P' | 'C'): Decimal {
  const side = legs.filter(({ symbol }) => symbol[12] === right);
  const signed = side.map(({ action, fills: [fill] }) =>
    new Decimal(fill?.['fill-price'] ?? NaN).times(action.startsWith('Sell') ? 1 : -1),
  );
  return Decimal.sum(...signed);
}

/** The nearest whole nickel of what closing at `percent` costs; an exact half goes down, where the buyer wins. */
function nickels(credit: Decimal, percent: number): string {
  const raw = credit.times(100 - percent).div(100);
  return raw.div('0.05').toDecimalPlaces(0, Decimal.ROUND_HALF_DOWN).times('0.05').toFixed();
}

describe('what is sent', () => {
  test('SPX limits are whole nickels, each the nearest to C × (1 − p) of its own vertical', async () => {
    const news = await arrivals(desk);
    const opened = await openingOrder(desk, 'SPX', 4);
    const position = await desk.positionId('SPX', 'Senex Trident');
    const preview = await desk.preview(position);
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);

    const orders = await news();
    const [puts, calls] = [creditOf(opened, 'P'), creditOf(opened, 'C')];
    const expected = [nickels(puts, 40), nickels(puts, 60), nickels(calls, 50)];
    expect(pricesOf(orders)).toEqual(expected.sort());
    for (const { body } of orders) {
      expect(new Decimal(String(body.price)).mod('0.05').isZero()).toBe(true);
      expect(contentOf(preview)).toContain(`pay **${new Decimal(String(body.price)).toFixed(2)}**`);
    }
    expectIds(result, orders);
    const checked = await desk.trader.waitForEdit(result, (each) => contentOf(each).includes('Live'), 60_000);
    expect(contentOf(checked)).not.toContain('no longer working');
  });

  test('a target that is already passed says so, and its order fills at once', async () => {
    const position = await desk.positionId('MSFT', 'Bull put');
    const preview = await desk.preview(position);
    expect(contentOf(preview)).toContain('⚡ **Already past this target:**');
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);
    const checked = await desk.trader.waitForEdit(
      result,
      (each) => contentOf(each).includes('Filled'),
      60_000,
    );
    expect(contentOf(checked)).toContain('💰');
  });

  test('in a closed market the orders are received, and the message says when they route', async () => {
    await desk.admin.session({ forced: 'closed' });
    try {
      const position = await desk.positionId('SPY', 'Short strangle');
      const preview = await desk.preview(position);
      expect(contentOf(preview)).toContain('next valid session');
      await desk.trader.press(preview, 'Submit');
      const result = await resultFor(desk, position, preview);
      const checked = await desk.trader.waitForEdit(
        result,
        (each) => contentOf(each).includes('the market is closed'),
        60_000,
      );
      expect(contentOf(checked)).toMatch(
        /Received: the market is closed; it routes (when it opens <t:\d+:f>|at)/,
      );
    } finally {
      await desk.admin.session({ forced: null });
    }
  });
});

describe('one press, one trader', () => {
  test('two presses at the same moment send each order once; the second is told', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const preview = await desk.preview(position);
    const presses = await Promise.all([
      desk.trader.press(preview, 'Submit'),
      desk.trader.press(preview, 'Submit'),
    ]);
    expect(new Set(presses).size).toBe(2);
    const told = await privately(desk.trader, 'Already submitted', preview);
    expect(contentOf(told)).toContain('This press sent nothing');
    const result = await resultFor(desk, position, preview);

    const orders = await news();
    expect(orders).toHaveLength(3);
    expect(new Set(orders.map(({ externalIdentifier }) => externalIdentifier)).size).toBe(3);
    expectIds(result, orders);
    expect(
      (await resultsFor(desk, position)).filter(({ id }) => BigInt(id) > BigInt(preview.id)),
    ).toHaveLength(1);
  });

  test('somebody without rights gets a private, polite no, and the preview stays as it was', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    const press = await desk.viewer.press(await seenBy(desk.viewer, preview), 'Submit');
    const no = await privately(desk.viewer, 'Traders only', preview);
    expect(contentOf(no)).toContain('nothing was sent');
    expect((await desk.viewer.waitForInteraction(press)).state).toBe('acked');
    expect(desk.trader.ephemeral().map(({ id }) => id)).not.toContain(no.id);
    expect(await news()).toHaveLength(0);
    expect(buttonsOf(desk.trader.current(preview))).toContain('Submit 1 GTC order');

    await desk.trader.press(preview, 'Submit');
    expectIds(await resultFor(desk, position, preview), await news());
    expect(await news()).toHaveLength(1);
  });

  test('another trader can neither submit, re-price, refresh nor cancel a preview that isn’t theirs', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    let last: Message = await seenBy(other, preview);
    for (const button of ['Submit', '60 %', 'Refresh', 'Discard']) {
      await other.press(preview, button);
      last = await privately(other, 'Not your preview', last);
    }
    expect(await news()).toHaveLength(0);
    expect(buttonsOf(desk.trader.current(preview))).toEqual(buttonsOf(preview));
    expect(contentOf(desk.trader.current(preview))).toBe(contentOf(preview));
  });
});

describe.each(['live', 'dropped'] as const)('with the account stream %s', (stream) => {
  beforeAll(async () => {
    if (stream === 'dropped') await cutStream(desk);
  });
  afterAll(async () => {
    if (stream === 'dropped') await mendStream(desk);
  });

  /** With a live stream the bot is told of the change; wait until it shows that it was. */
  const noticed = async (underlying: string, shows: (name: string) => boolean) => {
    if (stream === 'dropped') return;
    await until(async () => (await desk.choices(underlying)).some(({ name }) => shows(name)));
  };

  test('a quantity that changed since the preview sends nothing and says what changed', async () => {
    const news = await arrivals(desk);
    const opened = await openingOrder(desk, 'IWM', 4);
    const position = await desk.positionId('IWM', 'Iron condor');
    const preview = await desk.preview(position);
    await holdOfEach(desk, opened, 1);
    try {
      await noticed('IWM', (name) => !name.includes('× 2'));
      await desk.trader.press(preview, 'Submit');
      const ended = await desk.trader.waitForEdit(
        preview,
        (each) => each.content.includes('The position changed'),
        30_000,
      );
      expect(ended.content).toContain('2 short before, 1 short now');
      expect(ended.content).toContain('nothing was sent');
      expect(buttonsOf(ended)).toEqual(['Fresh preview']);
      expect(await news()).toHaveLength(0);

      await desk.trader.press(preview, 'Fresh preview');
      await desk.trader.waitForEdit(
        preview,
        (each) => buttonsOf(each).includes('Submit 1 GTC order'),
        30_000,
      );
      await desk.trader.press(preview, 'Submit');
      const result = await resultFor(desk, position, preview);
      const [order] = await news();
      expect(order?.body.legs).toEqual(
        expect.arrayContaining([expect.objectContaining({ quantity: 1, action: 'Buy to Close' })]),
      );
      expectIds(result, await news());
      await expectCovered(desk);
    } finally {
      await tidy(desk);
      await holdOfEach(desk, opened, 2);
    }
  });

  test('a closing order placed elsewhere meanwhile sends nothing, is named, and then counts', async () => {
    const news = await arrivals(desk);
    const opened = await openingOrder(desk, 'SPX', 2);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    const elsewhere = await desk.admin.placeOrder(closingBody(opened, 1, '0.05'));
    try {
      await noticed('SPX', (name) => name.includes(`${elsewhere.id} (placed elsewhere)`));
      await desk.trader.press(preview, 'Submit');
      const ended = await desk.trader.waitForEdit(
        preview,
        (each) => each.content.includes('The position changed'),
        30_000,
      );
      expect(ended.content).toContain(`closing order ${elsewhere.id} appeared`);
      expect(await news()).toHaveLength(0);

      await desk.trader.press(preview, 'Fresh preview');
      const fresh = await desk.trader.waitForEdit(
        preview,
        (each) => contentOf(each).includes('covered by working orders already'),
        30_000,
      );
      expect(submits(fresh)).toBe(false);
    } finally {
      await desk.admin.end(elsewhere.id);
    }
  });

  test('two previews of one position, submitted one after the other: only the first sends', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const first = await desk.preview(position);
    const second = await desk.preview(position);
    await desk.trader.press(first, 'Submit');
    await resultFor(desk, position, second);
    await desk.trader.press(second, 'Submit');
    const ended = await desk.trader.waitForEdit(
      second,
      (each) => each.content.includes('The position changed'),
      30_000,
    );
    expect(ended.content).toContain('nothing was sent');
    expect(await news()).toHaveLength(3);
    await expectCovered(desk);
  });

  test('two previews of one position, submitted at the same moment: only one sends', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('IWM', 'Iron condor');
    const previews = [await desk.preview(position), await desk.preview(position)] as const;
    const presses = await Promise.all(previews.map((preview) => desk.trader.press(preview, 'Submit')));
    await Promise.all(presses.map((press) => desk.trader.waitForInteraction(press, 30_000)));
    await resultFor(desk, position, previews[1]);
    await arrived(news, 1);
    const refused = (message: Message) =>
      /nothing was sent/.test(contentOf(message)) && /position changed|under way/i.test(contentOf(message));
    await desk.trader.waitForMessage(refused, { timeoutMs: 30_000 });
    expect(await news()).toHaveLength(1);
    await expectCovered(desk);
  });
});

test('a stream that seems alive and tells nothing: the broker’s own check keeps the order from closing too much', async () => {
  const opened = await openingOrder(desk, 'SPX', 2);
  const position = await desk.positionId('SPX', 'Bull put');
  const preview = await desk.preview(position);
  await desk.admin.stream('mute');
  const elsewhere = await desk.admin.placeOrder(closingBody(opened, 1, '0.05'));
  try {
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);
    expect(result.content).toContain('1 refused');
    expect(contentOf(result)).toContain('are in working orders');
    await expectCovered(desk);
  } finally {
    await desk.admin.end(elsewhere.id);
    // What happened meanwhile the bot learns by connecting anew.
    await mendStream(desk);
  }
});

describe('what the broker refuses', () => {
  test('a plan refused in part says which order, why, and the ids of the others; the rest is offered anew', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const preview = await desk.preview(position);
    const reason = 'The clearing desk declines this one.';
    await desk.admin.fault({
      kind: 'status',
      method: 'POST',
      path: '/orders$',
      skip: 1,
      status: 422,
      code: 'preflight_check_failure',
      reason,
    });
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);

    const orders = await news();
    expect(orders).toHaveLength(3);
    const refused = orders.filter(({ orderId }) => orderId === null);
    expect(refused).toHaveLength(1);
    expect(result.content).toContain('2 of 3 GTC orders placed');
    expect(result.content).toContain('1 refused');
    expectIds(result, orders);
    const blocks = contentOf(result).split('\n\n');
    const block = blocks.find((each) => each.includes('No order'));
    const price = new Decimal(String(refused[0]?.body.price)).toFixed(2);
    expect(block).toContain(`pay **${price}**`);
    expect(block).toContain(`Not placed: ${reason}`);

    const rest = await desk.preview(position);
    expect(buttonsOf(rest)).toContain('Submit 1 GTC order');
    expect(contentOf(rest)).toContain(`pay **${price}**`);
  });

  test('an order that dies at the venue is shown dead, with the reason, a few seconds later', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const preview = await desk.preview(position);
    await desk.admin.fault({ kind: 'venue-reject', reason: 'Price is not a valid increment' });
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);
    expect(result.content).toContain('3 GTC orders placed');
    const checked = await desk.trader.waitForEdit(
      result,
      (each) => contentOf(each).includes('at the venue') && contentOf(each).includes('Live'),
      60_000,
    );
    expect(checked.content).toContain('1 no longer working');
    expect(contentOf(checked)).toContain(
      'Rejected at the venue: Price is not a valid increment. It is not working.',
    );
    expect(await news()).toHaveLength(3);
    // Those of the tests before, which were cancelled since, may be told by now too.
    const isRejected = (each: Message) => isLost(each) && contentOf(each).includes('order **rejected**');
    const lost = await desk.trader.waitForMessage(isRejected, { after: result, timeoutMs: 60_000 });
    expect(contentOf(lost)).toContain('Rejected: Price is not a valid increment. It is not working.');
    expect(buttonsOf(lost)).toContain('Set target again');
  });

  test('a trial run the broker refuses offers no Submit and shows the broker’s reason', async () => {
    const reason = 'Closing transactions only after the review.';
    await desk.admin.fault({ kind: 'status', path: '/orders/dry-run$', status: 422, code: 'no', reason });
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    expect(contentOf(preview)).toContain(reason);
    expect(submits(preview)).toBe(false);
  });

  test('a position the broker has frozen is not called covered, and has no Submit', async () => {
    const [leg] = (await openingOrder(desk, 'SPX', 2)).legs;
    const freeze = (frozen: boolean) =>
      desk.admin.position(leg?.symbol ?? '', { quantity: -1, restricted: frozen ? 1 : 0, frozen });
    await freeze(true);
    try {
      const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
      expect(contentOf(preview)).toContain('The broker restricts what is held');
      expect(contentOf(preview)).not.toContain('covered by working orders');
      expect(submits(preview)).toBe(false);
    } finally {
      await freeze(false);
    }
  });

  test('an account that may only close, in a margin call, or frozen: `/status` says so, and only frozen has no Submit', async () => {
    const position = await desk.positionId('SPX', 'Bull put');
    const standing = async () => textOf(await desk.ask('status'));
    expect(await standing()).toContain('trades without restriction');
    try {
      await desk.admin.tradingStatus({ isClosingOnly: true, isInMarginCall: true });
      expect(await standing()).toMatch(
        /🔴 \*\*Account.*\*\*: closing only: closing orders go through, opening ones don’t; in a margin call: the broker may close positions by itself/,
      );
      expect(submits(await desk.preview(position))).toBe(true);
      await desk.admin.tradingStatus({ isClosingOnly: false, isInMarginCall: false, isFrozen: true });
      expect(await standing()).toContain('frozen: the broker refuses every order, closing ones too');
      const preview = await desk.preview(position);
      expect(submits(preview)).toBe(false);
      expect(textOf(preview)).toContain('The account is frozen');
    } finally {
      await desk.admin.tradingStatus({ isClosingOnly: false, isInMarginCall: false, isFrozen: false });
    }
  });
});

function submits(message: Message): boolean {
  return buttonsOf(message).some((label) => label.startsWith('Submit'));
}

/** Everybody’s app hears of a message in its own time. */
async function seenBy(user: LocalDiscordUser, preview: Message): Promise<Message> {
  return user.waitForMessage(({ id, components }) => id === preview.id && components.length > 0);
}
