import type { Message } from '@profit-target/local-discord/client';
import type { PaperReceived } from '@profit-target/paper-broker/client';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, textOf, until } from './support/desk.js';
import {
  arrivals,
  arrived,
  closingBody,
  cutStream,
  expectIds,
  ids,
  isCard,
  isFill,
  isFound,
  mendStream,
  openAgain,
  openingOrder,
  resultFor,
  rollOut,
  tidy,
} from './support/scenes.js';

/** Discord's flag of a message that makes no sound. */
const SILENT = 4096;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

/** A position's orders, submitted, and the message that tells of them. */
async function submitted(underlying: string, strategy = 'Senex Trident') {
  const news = await arrivals(desk);
  const position = await desk.positionId(underlying, strategy);
  const preview = await desk.preview(position);
  await desk.trader.press(preview, 'Submit');
  const result = await resultFor(desk, position, preview);
  const live = await desk.trader.waitForEdit(result, (each) => contentOf(each).includes('Live'), 60_000);
  return { live, orders: ids(await news()) };
}

test('the message with the ids goes on telling the truth: fills as they come, and a cancel elsewhere', async () => {
  const { live, orders } = await submitted('QQQ');
  const [first, second] = orders as [number, number];
  await desk.admin.fill(first);
  const filled = await desk.trader.waitForEdit(
    live,
    (each) => /Filled at \*\*\d/.test(contentOf(each)),
    30_000,
  );
  expect(contentOf(filled)).toMatch(/\+\$[\d,.]+\*\* filled/);
  await desk.admin.end(second);
  const cancelled = await desk.trader.waitForEdit(
    live,
    (each) => contentOf(each).includes('Cancelled'),
    30_000,
  );
  expect(contentOf(cancelled)).toContain('It is not working.');

  // That is a message of its own as well, in answer to it, and leads on to a target for what has none now.
  const isLost = (each: Message) => contentOf(each).includes(`Order ${second}`) && each.id !== live.id;
  const lost = await desk.trader.waitForMessage((each) => isLost(each) && contentOf(each).includes('As of'), {
    timeoutMs: 30_000,
  });
  expect(contentOf(lost)).toMatch(
    new RegExp(`^<@${desk.trader.id}> \\*\\*#\\d+ QQQ .*order \\*\\*cancelled`),
  );
  expect(lost.message_reference?.message_id).toBe(live.id);
  await desk.trader.press(lost, 'Set target again');
  const preview = await desk.trader.waitForMessage(
    (each) => buttonsOf(each).some((label) => label.startsWith('Submit')),
    { after: lost, timeoutMs: 30_000 },
  );
  const [target] = await (async () => {
    const news = await arrivals(desk);
    await desk.trader.press(preview, 'Submit');
    return arrived(news, 1);
  })();
  expect(target?.orderId).toBeDefined();
  // Covered again, there is nothing to be set any more.
  await desk.trader.waitForEdit(lost, (each) => buttonsOf(each).length === 0, 30_000);
  const all = await desk.trader.messages(desk.discord.channelIds.trading, 1000);
  expect(all.filter(isLost).filter(({ content }) => content.startsWith('<@'))).toHaveLength(1);
});

test('each fill is a message of its own, with what it made, to the cent once the broker has booked its fees', async () => {
  const { orders } = await submitted('IWM', 'Iron condor');
  const [only] = orders as [number];
  await desk.admin.fill(only);
  const fill = await desk.trader.waitForMessage(
    ({ content }) => content.includes(`Order ${only}`) && content.includes('filled at'),
    { timeoutMs: 30_000 },
  );
  expect(contentOf(fill)).toMatch(new RegExp(`^<@${desk.trader.id}> \\*\\*#\\d+ IWM`));
  const net = await desk.trader
    .waitForEdit(fill, ({ content }) => content.includes('** net'), 60_000)
    .catch(() => fill);
  expect(contentOf(net)).toMatch(/[+−]\$[\d,.]+\*\* net/);
  expect(contentOf(net)).toMatch(/fees \$[\d,.]+ to close, \$[\d,.]+ to open/);
  // It was all of the position: what that made is told once more, for the whole of its life.
  const card = await desk.trader.waitForMessage((each) => contentOf(each).includes('IWM closed**'), {
    timeoutMs: 60_000,
  });
  const [made] = /[+−]\$[\d.,]+(?=\*\* net)/.exec(contentOf(net)) ?? [];
  expect(contentOf(card)).toContain(`**${made}** net`);
  expect(contentOf(card)).toContain('target filled');
  expect(contentOf(card)).toContain(`order ${only}`);
  const all = await desk.trader.messages(desk.discord.channelIds.trading, 1000);
  expect(
    all.filter(({ content }) => content.includes(`Order ${only}`) && content.includes('filled at')),
  ).toHaveLength(1);
});

test('what was closed is in `/history`, with what the fill’s own message says, and as a table', async () => {
  const { orders } = await submitted('NVDA', 'Long call');
  for (const order of orders) await desk.admin.fill(order);
  const nets = await Promise.all(
    orders.map(async (order) => {
      const message = await desk.trader.waitForMessage(
        ({ content }) => content.includes(`Order ${order}`) && content.includes('** net'),
        { timeoutMs: 60_000 },
      );
      return Number(
        /([+−])\$([\d,.]+)\*\* net/
          .exec(contentOf(message))
          ?.slice(1)
          .join('')
          .replace('−', '-')
          .replace(',', ''),
      );
    }),
  );
  const made = `${nets.reduce((total, each) => total + each, 0).toFixed(2)}`;
  const answer = await desk.ask('history', { underlying: 'nvda', period: 'today' });
  expect(contentOf(answer)).toMatch(
    /^\*\*[+−]\$[\d,.]+ realised\*\* · today · NVDA · 1 position\n\*\*\d of 1\*\* with a profit/,
  );
  expect(contentOf(answer).replace(',', '')).toContain(`$${made.replace('-', '')} realised`);
  expect(contentOf(answer)).toMatch(/#\d+ NVDA Long call/);
  expect(contentOf(answer)).not.toContain('❔');
  const table = await desk.trader.waitForMessage(
    ({ attachments }) => attachments.some(({ filename }) => filename.endsWith('.csv')),
    {
      after: answer,
      timeoutMs: 30_000,
    },
  );
  const text = await (await fetch(table.attachments[0]?.url ?? '')).text();
  expect(text.split('\r\n')[0]).toContain('closed_at,opened_at,account,underlying');
  // The ledger books fractions of a cent.
  const net = text.split('\r\n')[1]?.split(',')[7];
  expect(Number(net).toFixed(2)).toBe(made);
});

test('who pressed what, and what came of it, is in `/audit`, for who asks alone', async () => {
  const { orders } = await submitted('SPX', 'Bull put vertical');
  const [only] = orders as [number];
  const position = await desk.positionId('SPX', 'Bull put vertical');
  const answer = await desk.ask('audit', { position });
  const text = contentOf(answer);
  expect(text).toContain(`**#${position} SPX** · ${orders.length} order`);
  expect(text).toContain(`<@${desk.trader.id}> pressed Submit`);
  expect(text).toContain(`**Order ${only}**`);
  expect(text).toMatch(/sent <t:\d+:t> · was taken by the broker <t:\d+:t> · now \*\*(Live|Received)\*\*/);
  expect(answer.flags).toBe(64);
});

test('a fill comes as loud as its trader wants it: silently, and without a mention', async () => {
  const settings = async (sub: string, options = {}, user = desk.trader) =>
    textOf(await user.answer(await user.command('settings', options, { sub }), 30_000));
  expect(await settings('notices')).toContain('fills: **on**');
  const set = await settings('notices', { kind: 'fill', level: 'silent' });
  expect(set).toContain('fills: **silent: no mention, no sound**');
  expect(set).toContain('partial fills: **on**');
  const { orders } = await submitted('SPY', 'Short strangle');
  for (const order of orders) await desk.admin.fill(order);
  const told = await desk.trader.waitForMessage(
    (each) => contentOf(each).includes(`Order ${orders[0]}`) && contentOf(each).includes('filled at'),
    { timeoutMs: 60_000 },
  );
  const { requests } = await desk.trader.log();
  const silent = requests.filter(({ method, body }) => method === 'POST' && body?.flags === SILENT);
  expect(silent.map(({ body }) => body?.allowed_mentions)).toEqual(
    orders.map(() => ({ parse: [], users: [] })),
  );
  expect(told.flags).toBe(SILENT);
});

test('a position opened elsewhere meets its targets by itself, once, and one press submits them', async () => {
  const settings = async (options: Record<string, string>, user = desk.trader) =>
    textOf(await user.answer(await user.command('settings', options, { sub: 'channel' }), 30_000));
  expect(await settings({})).toContain('new positions: off');
  expect(await settings({ to: desk.discord.channelIds.trading }, desk.viewer)).toContain(
    'for this server’s traders',
  );
  expect(await settings({ to: desk.discord.channelIds.trading })).toContain('new positions');
  const news = await arrivals(desk);
  await openAgain(desk, 'SPX', 2);
  const card = await desk.trader.waitForMessage(isCard, { timeoutMs: 60_000 });
  expect(contentOf(card)).toMatch(/New: #\d+ SPX Bull put vertical/);
  expect(buttonsOf(card)).toEqual(['Submit 1 GTC order', 'Other targets…']);
  await desk.trader.press(card, 'Submit');
  const [, position = ''] = /#(\d+)/.exec(contentOf(card)) ?? [];
  const [order] = await arrived(news, 1);
  expectIds(await resultFor(desk, position, card), [order] as PaperReceived[]);
  const covered = await desk.trader.waitForEdit(
    card,
    (each) => contentOf(each).includes('Its targets are set'),
    60_000,
  );
  expect(covered.components).toEqual([]);

  // Of what is there at a start nothing is new, and what was told stays told.
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  // What doesn't agree is told at a start, once; buttons under it lead to what mends it.
  const found = await desk.trader.waitForMessage(isFound, { timeoutMs: 60_000 });
  expect(contentOf(found)).toMatch(
    new RegExp(`^<@${desk.trader.id}> \\*\\*\\d+ points that don’t agree\\*\\* · new`),
  );
  expect(contentOf(found)).toMatch(/⚠️ \*\*#\d+ .* · no targets/);
  expect(JSON.stringify(found.components)).toContain('targets:again');
  await openAgain(desk, 'QQQ', 2);
  const next = await desk.trader.waitForMessage((each) => isCard(each) && contentOf(each).includes('QQQ'), {
    timeoutMs: 60_000,
  });
  const cards = (await desk.trader.messages(desk.discord.channelIds.trading, 1000)).filter(isCard);
  expect(cards.map(({ id }) => id)).toEqual([card.id, next.id]);
});

test('a position that is closed elsewhere gets the card of a closed one, by the ledger, once', async () => {
  const opening = await openingOrder(desk, 'MSFT', 2);
  const position = await desk.positionId('MSFT', 'Bull put');
  const { id } = await desk.admin.placeOrder(closingBody(opening, Number(opening.size), '0.10'));
  await desk.admin.fill(id);
  const isClosing = (each: Message) => contentOf(each).includes(`#${position} MSFT closed**`);
  const card = await desk.trader.waitForMessage(isClosing, { timeoutMs: 60_000 });
  expect(contentOf(card)).toMatch(/^<@\d+> \*\*#\d+ MSFT closed\*\* · \*\*[+−]\$[\d.,]+\*\* net · /);
  expect(contentOf(card)).toContain(`closed`);
  expect(contentOf(card)).toMatch(new RegExp(`paid 0\\.\\d\\d · order ${id}\\n`));
  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  await desk.ask('positions');
  expect((await desk.trader.messages(desk.discord.channelIds.trading, 1000)).filter(isClosing)).toHaveLength(
    1,
  );
});

test('a board is one message that goes on telling the truth, over a restart too, and comes to the end when asked', async () => {
  const boards = async () =>
    (await desk.trader.messages(desk.discord.channelIds.trading, 1000)).filter(({ embeds }) =>
      embeds.some(({ footer }) => footer?.text?.startsWith('board ')),
    );
  const appeared = (words: string) =>
    desk.trader.waitForMessage(
      (each) => contentOf(each).includes('**Board**') && contentOf(each).includes(words),
      {
        timeoutMs: 60_000,
      },
    );
  await desk.ask('board');
  const board = await appeared('without targets');
  const id = await desk.positionId('AMZN', 'Bull put vertical');
  expect(contentOf(board)).toContain(`🟥 **#${id} AMZN`);
  // Its button leads to order ids, and those onto the board.
  await desk.trader.press(board, `Targets #${id}`);
  const preview = await desk.trader.waitForMessage(
    (each) =>
      buttonsOf(each).some((label) => label.startsWith('Submit')) && contentOf(each).includes(`#${id} AMZN`),
    { after: board, timeoutMs: 30_000 },
  );
  await desk.trader.press(preview, 'Submit');
  await resultFor(desk, id, preview);
  await desk.trader.waitForEdit(board, (each) => contentOf(each).includes(`🟩 **#${id} AMZN`), 60_000);

  await desk.bot.kill9();
  await desk.trader.waitForBot(false, 30_000);
  await desk.startBot();
  await tidy(desk);
  await desk.trader.waitForEdit(board, (each) => contentOf(each).includes(`🟥 **#${id} AMZN`), 60_000);
  await desk.ask('board');
  await until(async () => (await boards()).every((each) => each.id !== board.id));
  expect(await boards()).toHaveLength(1);
  expect(textOf(await desk.ask('board', { off: true }))).toContain('taken down');
  await until(async () => (await boards()).every((each) => contentOf(each).includes('taken down')));
});

test('what happened while the stream was down is told when it is back', async () => {
  const { live, orders } = await submitted('SPX');
  await cutStream(desk);
  await desk.admin.fill(orders.at(-1) as number);
  await mendStream(desk);
  await desk.trader.waitForEdit(live, (each) => /Filled at \*\*\d/.test(contentOf(each)), 60_000);
});

test('what rolls made is told with the position: where it is listed, in its preview, its fill, and once it is closed', async () => {
  const chain = /chain \*\*[+−]\$[\d.,]+\*\* realised over 1 roll since \d+ \w+ \d+, after fees/;
  await rollOut(desk, 'AMZN', 2);
  await desk.trader.waitForMessage((each) => /#\d+ AMZN rolled\*\*/.test(contentOf(each)), {
    timeoutMs: 60_000,
  });
  const list = await until(async () => {
    const answer = await desk.ask('positions', { underlying: 'amzn' });
    return chain.test(contentOf(answer)) ? answer : null;
  });
  expect(contentOf(list)).toMatch(
    /Opened by a roll \(order \d+\) · chain .* · ≈ \*\*[+−]\$[\d.,]+\*\* with what is open/,
  );
  const [before] = chain.exec(contentOf(list)) ?? [];
  const [, position = ''] = /#(\d+) AMZN.* · .*\n.*\n.*\n.*\n-# Opened by a roll/.exec(contentOf(list)) ?? [];
  const preview = await desk.preview(position);
  expect(contentOf(preview)).toContain(before);
  const news = await arrivals(desk);
  await desk.trader.press(preview, 'Submit');
  await resultFor(desk, position, preview);
  for (const id of ids(await news())) await desk.admin.fill(id);
  const card = await desk.trader.waitForMessage((each) => contentOf(each).includes('AMZN closed**'), {
    timeoutMs: 60_000,
  });
  const [after] = chain.exec(contentOf(card)) ?? [];
  // The card of the new position names it too.
  await desk.trader.waitForMessage(
    (each) => isFill(each) && contentOf(each).includes('AMZN') && contentOf(each).includes(after ?? 'chain'),
    { after: preview, timeoutMs: 60_000 },
  );
  const amount = (text = '') =>
    Number(
      text
        .replace(/^.*?([+−])\$([\d.,]+).*$/s, '$1$2')
        .replace('−', '-')
        .replace(',', ''),
    );
  const [net] = /[+−]\$[\d.,]+(?=\*\* net)/.exec(contentOf(card)) ?? [];
  expect(amount(after)).toBeCloseTo(amount(before) + amount(net), 1);
  // What the chain made is what both of its positions made.
  const answer = await desk.ask('history', { underlying: 'amzn', period: 'today' });
  expect(contentOf(answer)).toContain(' · 1 rolled · ');
  expect(contentOf(answer)).toMatch(/· rolled \d+ \w+ \d+(\n|$)/);
  expect(amount(contentOf(answer))).toBeCloseTo(amount(after), 1);
});

test('what doesn’t agree was told once, over all starts', async () => {
  const all = await desk.trader.messages(desk.discord.channelIds.trading, 1000);
  const points = all.filter(isFound).flatMap(({ content }) => content.match(/^(⚠️|👤|🔴|⚪|❓) .*$/gm) ?? []);
  expect(points.length).toBeGreaterThan(0);
  expect(new Set(points.map((point) => point.split(' · ')[0])).size).toBe(points.length);
});
