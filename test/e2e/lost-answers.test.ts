import type { Message } from '@profit-target/local-discord/client';
import type { PaperFault, PaperReceived } from '@profit-target/paper-broker/client';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, contentOf, type Desk, textOf } from './support/desk.js';
import type { BrokerProxy } from './support/proxy.js';
import {
  arrivals,
  arrived,
  cutStream,
  deskBehindProxy,
  expectCovered,
  expectIds,
  ids,
  mendStream,
  PLACING,
  privately,
  resultFor,
  resultsFor,
  tidy,
} from './support/scenes.js';

/** Settling starts with every case at once, and each looks for its orders over half a minute. */
const PATIENCE_MS = 120_000;

let desk: Desk;
let proxy: BrokerProxy;
beforeAll(async () => {
  ({ desk, proxy } = await deskBehindProxy({ SETTLE_SECONDS: '5' }));
});
afterAll(async () => {
  await desk?.close();
  proxy?.close();
});

/** A submission whose answer got lost: what was shown, and what had reached the broker when it did. */
interface Case {
  position: string;
  /** Another preview of it, made before the press. */
  older: Message;
  preview: Message;
  orders: PaperReceived[];
}

async function submitInto(fault: PaperFault, count: number, ...words: string[]): Promise<Case> {
  const news = await arrivals(desk);
  const position = await desk.positionId(...words);
  const older = await desk.preview(position);
  const preview = await desk.preview(position);
  await desk.admin.fault({ method: 'POST', path: '/orders$', times: count, ...fault });
  await desk.trader.press(preview, 'Submit');
  const orders = await arrived(news, count);
  expect(orders).toHaveLength(count);
  return { position, older, preview, orders };
}

/** The result message as it was when it came, before anything was settled. */
async function firstWords({ position, preview }: Case): Promise<Message> {
  const { id } = await resultFor(desk, position, preview, PATIENCE_MS);
  const created = desk.trader.events.find(
    ({ type, message }) => type === 'message_create' && message.id === id,
  );
  return created.message;
}

/** Everything a message’s first line said over time. */
function shownOn({ id }: Message): string[] {
  return desk.trader.events
    .filter(({ type, message }) => type.startsWith('message_') && message?.id === id)
    .map(({ message }) => message.content);
}

/** The further message about a position, once its orders are known. */
async function news(of: Case): Promise<Message> {
  const first = await firstWords(of);
  return resultFor(desk, of.position, first, PATIENCE_MS);
}

/** What the broker received under these identifiers until now. */
async function receivedFor({ orders }: Case): Promise<PaperReceived[]> {
  const identifiers = new Set(orders.map(({ externalIdentifier }) => externalIdentifier));
  return (await desk.admin.received()).filter(({ externalIdentifier }) =>
    identifiers.has(externalIdentifier),
  );
}

describe('an order whose answer is lost', () => {
  const cases = new Map<string, Case>();
  const of = (name: string): Case => {
    const found = cases.get(name);
    if (!found) throw new Error(`no case ${name}`);
    return found;
  };
  beforeAll(async () => {
    cases.set(
      'cut off before it was taken',
      await submitInto({ kind: 'drop-before-commit' }, 1, 'SPY', 'Short strangle'),
    );
    cases.set(
      'accepted, never answered',
      await submitInto({ kind: 'hang-after-commit' }, 3, 'QQQ', 'Senex Trident'),
    );
    cases.set(
      'accepted, connection cut',
      await submitInto({ kind: 'drop-after-commit' }, 1, 'SPX', 'Bull put'),
    );
    cases.set(
      'accepted, answered with an error',
      await submitInto({ kind: 'error-after-commit', status: 502 }, 3, 'SPX', 'Senex Trident'),
    );
    cases.set(
      'accepted, answered with a web page',
      await submitInto({ kind: 'garbage' }, 1, 'NVDA', 'Long call'),
    );
    // Last, so that the first test meets it long before it is settled.
    cases.set(
      'never accepted, never answered',
      await submitInto({ kind: 'hang-before-commit' }, 1, 'IWM', 'Iron condor'),
    );
  }, PATIENCE_MS);
  afterAll(() => tidy(desk));

  test('while it is unknown, nothing more is offered for its contracts', async () => {
    const again = await desk.preview(of('never accepted, never answered').position);
    expect(contentOf(again)).toContain('still being placed or looked for');
    expect(buttonsOf(again).filter((label) => label.startsWith('Submit'))).toEqual([]);
    expect(buttonsOf(again)).toContain('Refresh');
    const positions = await desk.ask('positions', { underlying: 'IWM' });
    expect(contentOf(positions)).toContain('an order is still being placed or looked for');
    expect(contentOf(positions)).not.toContain('no targets');
  });

  test('while it is unknown, a preview from before can’t be sent either', async () => {
    const lost = of('never accepted, never answered');
    const all = await arrivals(desk);
    await desk.trader.press(lost.older, 'Submit');
    const no = await privately(desk.trader, 'Orders under way', lost.older);
    expect(contentOf(no)).toMatch(/sent nothing|nothing was sent/);
    expect(await all()).toHaveLength(0);
  });

  test.each(['never accepted, never answered', 'cut off before it was taken'])(
    '%s: said to be unknown, and in the end not placed; only then it may be tried again',
    async (name) => {
      const lost = of(name);
      const first = await firstWords(lost);
      expect(first.content).toContain('1 unknown');
      expect(contentOf(first)).toContain('An order may exist.');
      expect(contentOf(first)).toContain('Don’t place the unknown ones again.');
      expect(contentOf(first)).not.toContain('/targets');

      const final = await news(lost);
      expect(final.content).toContain('1 not placed');
      expect(contentOf(final)).toMatch(/show it \d+ s after it was sent/);
      await desk.trader.waitForEdit(first, (each) => each.content.includes('1 not placed'));
      expect(await receivedFor(lost)).toHaveLength(1);

      const again = await desk.preview(lost.position);
      const retry = await arrivals(desk);
      await desk.trader.press(again, 'Submit');
      expectIds(await resultFor(desk, lost.position, again), await arrived(retry, 1));
      expect(await retry()).toHaveLength(1);
    },
    PATIENCE_MS,
  );

  test.each([
    ['accepted, never answered', 3],
    ['accepted, connection cut', 1],
    ['accepted, answered with an error', 3],
    ['accepted, answered with a web page', 1],
  ])(
    '%s: said to be unknown, then found by reading; the ids are posted and nothing is sent again',
    async (name, count) => {
      const lost = of(name);
      const first = await firstWords(lost);
      expect(first.content).toContain(`0 of ${count === 1 ? '1 GTC order' : `${count} GTC orders`} placed`);
      expect(first.content).toContain(`${count} unknown`);
      expect(contentOf(first)).not.toContain('**Order ');

      // What nobody knows yet is not called "not placed" above the preview either.
      const progress = shownOn(lost.preview).filter((content) => content.startsWith('Submitting'));
      expect(progress.join('\n')).not.toMatch(/\d not(?! confirmed)/);

      const final = await news(lost);
      expect(ids(lost.orders)).toHaveLength(count);
      expectIds(final, lost.orders);
      expect(final.content).toContain(count === 1 ? '1 GTC order placed' : `${count} GTC orders placed`);
      expectIds(
        await desk.trader.waitForEdit(first, (each) => contentOf(each).includes('**Order ')),
        lost.orders,
      );
      expect(await receivedFor(lost)).toHaveLength(count);
      expect(await resultsFor(desk, lost.position)).toHaveLength(2);
      await expectCovered(desk);
    },
    PATIENCE_MS,
  );
});

describe('a broker that can’t be reached', () => {
  const whileDown = async <T>(act: () => Promise<T>): Promise<T> => {
    await proxy.refuse();
    return act().finally(() => proxy.accept());
  };

  test('at the preview: a kind word, no riddle, and the next try works', async () => {
    const position = await desk.positionId('MSFT', 'Bull put');
    const answer = await whileDown(() => desk.preview(position));
    expect(contentOf(answer)).toContain('The broker doesn’t answer');
    expect(contentOf(answer)).toContain('ECONNREFUSED. Nothing was sent.');
    expect(contentOf(answer)).not.toContain(desk.paper.accountNumber);
    expect(buttonsOf(answer)).toEqual([]);
    expect(buttonsOf(await desk.preview(position)).some((label) => label.startsWith('Submit'))).toBe(true);
  });

  test('at the press: the order is told as not sent, and nothing is looked for', async () => {
    const all = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Bull call');
    const preview = await desk.preview(position);
    const result = await whileDown(async () => {
      await desk.trader.press(preview, 'Submit');
      return resultFor(desk, position, preview);
    });
    expect(result.content).toContain('1 refused');
    expect(contentOf(result)).toContain('Not sent: The broker can’t be reached');
    expect(await all()).toHaveLength(0);

    const again = await desk.preview(position);
    await desk.trader.press(again, 'Submit');
    expectIds(await resultFor(desk, position, again), await arrived(all, 1));
    await tidy(desk);
  });

  test('at the press, with the account to be read first: nothing is sent, and a fresh preview is offered', async () => {
    const all = await arrivals(desk);
    await cutStream(desk);
    const preview = await desk.preview(await desk.positionId('QQQ', 'Bull call'));
    const ended = await whileDown(async () => {
      await desk.trader.press(preview, 'Submit');
      return desk.trader.waitForEdit(
        preview,
        (each) => each.content.includes('The broker couldn’t be asked'),
        60_000,
      );
    });
    expect(ended.content).toContain('nothing was sent');
    expect(buttonsOf(ended)).toEqual(['Fresh preview']);
    expect(await all()).toHaveLength(0);
    await mendStream(desk);
  });

  test('a token the broker no longer takes costs no press: the order is placed, once', async () => {
    const all = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Bull call');
    const preview = await desk.preview(position);
    await desk.admin.expireTokens();
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);
    expect(result.content).toContain('1 GTC order placed');
    expect(await all()).toHaveLength(1);
    await tidy(desk);
  });

  test('a login that is down: reads say so kindly and recover by themselves', async () => {
    const position = await desk.positionId('QQQ', 'Bull call');
    await desk.admin.fault({ kind: 'status', path: '/oauth/token$', status: 503, times: null });
    await desk.admin.expireTokens();
    const answer = await desk.preview(position);
    expect(contentOf(answer)).toContain('The broker doesn’t answer');
    expect(contentOf(await desk.ask('status'))).toMatch(/🔴 \*\*Broker\*\*/);
    await desk.admin.clearFaults();
    expect(buttonsOf(await desk.preview(position))).toContain('Submit 1 GTC order');
  });
});

test('a press is acknowledged while the broker still thinks, and progress shows what is placed so far', async () => {
  const position = await desk.positionId('MSFT', 'Bull put');
  const preview = await desk.preview(position, { ladder: '70,80' });
  const slow = proxy.hold('answer', 'POST', PLACING, 1);
  const press = await desk.trader.press(preview, 'Submit');
  expect((await desk.trader.waitForInteraction(press)).state).toBe('acked');
  const halfway = await desk.trader.waitForEdit(preview, (each) => each.content.includes('1 of 2 placed'));
  expect(halfway.content).toContain('Submitting…');
  expect(buttonsOf(halfway)).toEqual([]);
  expect(slow.caught).toBe(1);
  slow.release();
  const result = await resultFor(desk, position, preview);
  expect(result.content).toContain('2 GTC orders placed');
  await desk.trader.waitForEdit(preview, (each) => each.content.startsWith('Submitted:'));
  await tidy(desk);
});

describe('an answer that isn’t what was asked for', () => {
  test('an echo that differs from the plan is shown in red, item by item', async () => {
    const position = await desk.positionId('QQQ', 'Bull call');
    const preview = await desk.preview(position);
    const bent = (order: Record<string, unknown>) => ({ ...order, price: '0.01', 'time-in-force': 'Day' });
    proxy.rewrite('POST', PLACING, ({ data, ...rest }) => ({
      ...rest,
      data: { ...data, order: bent(data.order) },
    }));
    proxy.rewrite('GET', /\/orders\/\d+$/, ({ data, ...rest }) => ({ ...rest, data: bent(data) }));
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);
    expect(contentOf(result)).toContain('🔴 **The broker has something else than what was shown:**');
    expect(contentOf(result)).toMatch(/price: planned [\d.]+, the broker has 0\.01/);
    expect(contentOf(result)).toContain('time in force: planned GTC, the broker has Day');
    expect(result.embeds[0]?.color).toBe(0xed4245);
    const checked = await desk.trader.waitForEdit(
      result,
      (each) => textOf(each).includes('Read back'),
      60_000,
    );
    expect(contentOf(checked)).toContain('the broker has 0.01');
    proxy.clear();
    await tidy(desk);
  });

  test('a trial run that warns of opening a position blocks Submit and shows the warning', async () => {
    const message = 'You are closing a position that is not held.';
    proxy.rewrite('POST', /\/orders\/dry-run$/, ({ data, ...rest }) => ({
      ...rest,
      data: { ...data, warnings: [{ code: 'closing_with_no_position', message }] },
    }));
    const preview = await desk.preview(await desk.positionId('QQQ', 'Bull call'));
    proxy.clear();
    expect(contentOf(preview)).toContain(`The broker warns that this would open a position: ${message}`);
    expect(buttonsOf(preview).some((label) => label.startsWith('Submit'))).toBe(false);
  });
});

test('through all of this no order was sent twice', async () => {
  const received = await desk.admin.received();
  const identifiers = received.map(({ externalIdentifier }) => externalIdentifier);
  expect(new Set(identifiers).size).toBe(identifiers.length);
  await expectCovered(desk);
});
