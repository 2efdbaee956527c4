import type { Message } from '@profit-target/local-discord/client';
import type { PaperReceived } from '@profit-target/paper-broker/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, type Desk, textOf, until } from './support/desk.js';
import type { BrokerProxy } from './support/proxy.js';
import {
  arrivals,
  arrived,
  deskBehindProxy,
  expectIds,
  isLost,
  PLACING,
  POSTING,
  resultFor,
  resultsFor,
  tidy,
} from './support/scenes.js';

let desk: Desk;
let proxy: BrokerProxy;
beforeAll(async () => {
  ({ desk, proxy } = await deskBehindProxy());
});
afterEach(() => tidy(desk));
afterAll(async () => {
  await desk?.close();
  proxy?.close();
});

interface Submission {
  position: string;
  preview: Message;
  orders: PaperReceived[];
}

/** Submits the QQQ Trident and, while the broker’s answers are held back, does something to Discord. */
async function submitDuring(trouble: () => Promise<unknown>): Promise<Submission> {
  const news = await arrivals(desk);
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const preview = await desk.preview(position);
  const answers = proxy.hold('answer', 'POST', PLACING);
  await desk.trader.press(preview, 'Submit');
  await until(async () => answers.caught === 3);
  await trouble();
  answers.release();
  return { position, preview, orders: await arrived(news, 3) };
}

/** Claims that the ids came exactly once, and that the bot answers commands again. */
async function expectToldOnce({ position, preview, orders }: Submission): Promise<void> {
  expectIds(await resultFor(desk, position, preview), orders);
  await desk.trader.waitForBot(true, 60_000);
  expect(textOf(await desk.ask('status'))).toContain('🟢 **Discord gateway**: ready');
  const told = await resultsFor(desk, position);
  expect(told.filter(({ id }) => BigInt(id) > BigInt(preview.id))).toHaveLength(1);
  expect(orders).toHaveLength(3);
}

// Before any submission: what one of those shows once more later would use up a fault meant for an answer.
describe('something breaks inside the bot', () => {
  test('an answer that can’t be given is logged, and the next command is answered', async () => {
    await desk.trader.faults.add({ kind: 'reset', route: 'POST /interactions/', times: 100 });
    const lost = await desk.trader.command('status');
    expect((await desk.trader.waitForInteraction(lost, 30_000)).state).toBe('failed');
    await desk.trader.faults.clear();
    await until(async () => desk.bot.log.includes(lost));
    expect(textOf(await desk.ask('status'))).toContain('PAPER');
    expect(desk.bot.exitCode).toBeNull();
  });

  test('a screen that can’t be shown ends in a plain word to the user, not in silence', async () => {
    // The client tries four times; after that the answer has failed, and only the failure's own gets through.
    await desk.trader.faults.add({ kind: '5xx', route: 'PATCH /webhooks/', times: 4 });
    const answer = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    expect(textOf(answer)).toContain('Something went wrong on my side');
    expect(textOf(answer)).toContain('Nothing was sent.');
    expect(buttonsOf(await desk.preview(await desk.positionId('SPX', 'Bull put')))).toContain(
      'Submit 1 GTC order',
    );
  });
});

test('a preview that Discord shows, though every answer to that is lost, is no failure: it can be pressed and stays true', async () => {
  await desk.trader.faults.add({ kind: 'reset-after-commit', route: 'PATCH /webhooks/', times: 4 });
  const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  await until(async () => (await desk.trader.faults.list()).every(({ left }) => left === 0));
  const news = await arrivals(desk);
  await desk.trader.press(preview, 'Submit');
  await arrived(news, 1);
  const over = await desk.trader.waitForEdit(preview, ({ content }) => content.startsWith('Submitted: '));
  expect(over.content).toContain('**1 GTC order placed**');
  const edits = desk.trader.events.filter(({ message }) => message?.id === preview.id);
  expect(JSON.stringify(edits)).not.toContain('Something went wrong');
});

describe('the gateway breaks during a submission', () => {
  test.each([
    ['the connection drops', () => desk.trader.gateway.drop()],
    ['Discord asks to reconnect (op 7)', () => desk.trader.gateway.reconnect()],
    ['Discord ends the session (op 9)', () => desk.trader.gateway.invalidSession(false)],
    ['Discord closes with 4000', () => desk.trader.gateway.close(4000)],
  ])('%s: three orders, their ids once, and commands work again', async (_name, trouble) => {
    await expectToldOnce(await submitDuring(trouble));
  });

  test('ids are posted even while the gateway stays away', async () => {
    const submission = await submitDuring(async () => {
      await desk.trader.gateway.pause();
      await desk.trader.gateway.drop();
    });
    expectIds(await resultFor(desk, submission.position, submission.preview), submission.orders);
    expect((await desk.trader.state()).bots[0].online).toBe(false);
    await desk.trader.gateway.resume();
    await expectToldOnce(submission);
  });
});

describe('Discord’s REST API misbehaves when the ids are posted', () => {
  test.each([
    ['answers 502 though the message was taken', { kind: '5xx-after-commit' }],
    ['cuts the connection though the message was taken', { kind: 'reset-after-commit' }],
    ['answers 502', { kind: '5xx' }],
    ['cuts the connection', { kind: 'reset' }],
    ['asks to wait (429)', { kind: '429-user', retry_after: 0.5 }],
    ['asks everybody to wait (global 429)', { kind: '429-global', retry_after: 0.5 }],
    ['asks to wait though the bot did nothing wrong (shared 429)', { kind: '429-shared', retry_after: 0.5 }],
  ])('%s: one message with all ids', async (_name, fault) => {
    const submission = await submitDuring(() => desk.trader.faults.add({ route: POSTING, ...fault }));
    await expectToldOnce(submission);
    expect((await desk.trader.faults.list()).every(({ fired }) => fired === 1)).toBe(true);
  });

  test('progress that can’t be shown stands in no order’s way', async () => {
    const submission = await submitDuring(() =>
      desk.trader.faults.add({ kind: '5xx', route: 'PATCH /webhooks/', times: 20 }),
    );
    expectIds(await resultFor(desk, submission.position, submission.preview), submission.orders);
    expect((await desk.trader.faults.list())[0]?.fired).toBeGreaterThan(0);
    await desk.trader.faults.clear();
    await expectToldOnce(submission);
  });
});

test('a channel the bot may no longer write to: the ids come by direct message, later looks reach them there, and the channel gets them once it opens', async () => {
  const channel = desk.discord.channelIds.trading;
  const submission = await submitDuring(() =>
    desk.trader.changeWorld({ deny: { channel_id: channel, permissions: ['SEND_MESSAGES'] } }),
  );
  const direct = await desk.trader.waitForMessage(
    (message) => message.channel_id !== channel && textOf(message).includes('Order ') && !isLost(message),
    { timeoutMs: 60_000, after: submission.preview },
  );
  expectIds(direct, submission.orders);
  await desk.trader.waitForEdit(direct, (each) => textOf(each).includes('Live'), 60_000);
  await desk.trader.changeWorld({ clear_overwrites: channel });
  const late = await desk.trader.waitForMessage(
    (message) => message.channel_id === channel && textOf(message).includes('Order ') && !isLost(message),
    { timeoutMs: 60_000, after: submission.preview },
  );
  expectIds(late, submission.orders);
  expect(late.id).not.toBe(direct.id);
});

describe('an acknowledgement that Discord took, whose answer is lost', () => {
  test.each([
    ['by a cut connection', { kind: 'reset-after-commit' }],
    ['behind a 502', { kind: '5xx-after-commit' }],
  ])('%s: the press goes on to its ids, once', async (_name, fault) => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const preview = await desk.preview(position);
    await desk.trader.faults.add({ route: 'POST /interactions/', ...fault });
    await desk.trader.press(preview, 'Submit');
    await expectToldOnce({ position, preview, orders: await arrived(news, 3) });
  });

  test('an edit that fails after “position changed” is said by a message of its own', async () => {
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    const other = await desk.preview(position);
    await desk.trader.press(other, 'Submit');
    await resultFor(desk, position, other);
    await desk.trader.waitForEdit(other, ({ content }) => content.includes('Submitted:'));
    await desk.trader.faults.add({ kind: '5xx', route: '(PATCH|POST) /webhooks/', times: 1_000 });
    await desk.trader.press(preview, 'Submit');
    const said = await desk.trader.waitForMessage((each) => textOf(each).includes('The position changed'), {
      timeoutMs: 60_000,
      after: preview,
    });
    expect(textOf(said)).toMatch(/nothing was sent/i);
    expect(said.content).toContain(`<@${desk.trader.id}>`);
  });
});

test('/status tells the gateway’s true state, also when it is away at that moment', async () => {
  const reads = proxy.hold('request', 'GET', /\/balances/);
  const asked = await desk.trader.command('status');
  await until(async () => reads.caught > 0);
  // Earlier tests left the same word in the log.
  const before = desk.bot.log.length;
  await desk.trader.gateway.pause();
  await desk.trader.gateway.drop();
  await until(async () => desk.bot.log.slice(before).includes('reconnecting'));
  reads.release();
  const answer = await desk.trader.answer(asked, 30_000);
  expect(textOf(answer)).toMatch(/🔴 \*\*Discord gateway\*\*: (?!ready)/);
  await desk.trader.gateway.resume();
  await desk.trader.waitForBot(true, 60_000);
  expect(textOf(await desk.ask('status'))).toContain('🟢 **Discord gateway**: ready');
});

test('kicked out of its server and invited again, it has its commands there as before', async () => {
  await desk.trader.changeWorld({ invite_again: desk.discord.applicationId });
  await until(async () => (await desk.trader.state()).commands.length > 0);
  expect(textOf(await desk.ask('status'))).toContain('🟢 **Discord gateway**: ready');
});

test('when Discord closes the gateway for good, the process ends with an error and says why', async () => {
  await desk.trader.gateway.close(4004);
  expect(await desk.bot.ended()).toBe(1);
  expect(desk.bot.log).toContain('the token in DISCORD_TOKEN is not valid');
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  expect(textOf(await desk.ask('status'))).toContain('🟢 **Discord gateway**: ready');
});
