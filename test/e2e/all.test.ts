import type { Message } from '@profit-target/local-discord/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf, contentOf, Desk, until } from './support/desk.js';
import { arrivals, arrived, expectCovered, ids, isDigest, isFill, working } from './support/scenes.js';

const PATIENCE_MS = 120_000;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ paper: { scenario: 'twenty' } });
});
afterAll(() => desk?.close());

/** Every message the bot wrote since, oldest first. */
async function since(message: Message | null): Promise<Message[]> {
  const all = await desk.trader.messages(desk.discord.channelIds.trading, 1000);
  return all.filter(({ id, author }) => author.bot && (!message || BigInt(id) > BigInt(message.id)));
}

function submitButton(message: Message): string | undefined {
  return buttonsOf(message).find((label) => label.startsWith('Submit'));
}

async function previewAll(): Promise<{ pages: Message[]; last: Message }> {
  const before = (await since(null)).at(-1) ?? null;
  await desk.trader.command('targets', { position: 'all' });
  const last = await desk.trader.waitForMessage((message) => submitButton(message) !== undefined, {
    timeoutMs: 60_000,
    ...(before ? { after: before } : {}),
  });
  return { pages: await since(before), last };
}

/** What a person is promised: Discord’s own limits of one message. */
function expectWithinLimits(message: Message): void {
  expect(message.embeds.length).toBeLessThanOrEqual(10);
  const text = message.embeds.flatMap(({ title, description, fields = [], footer }) => [
    title ?? '',
    description ?? '',
    footer?.text ?? '',
    ...fields.flatMap(({ name, value }) => [name, value]),
  ]);
  expect(text.join('').length).toBeLessThanOrEqual(6000);
  expect(message.content.length).toBeLessThanOrEqual(2000);
}

test(
  '`all` previews two dozen positions over several messages, submits every order, and posts every id',
  async () => {
    const news = await arrivals(desk);
    const { pages, last } = await previewAll();
    const shown = pages.map(contentOf).join('\n');
    const positions = [...new Set([...shown.matchAll(/#(\d+) /g)].map(([, id]) => id))];
    expect(positions.length).toBe(24);
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expectWithinLimits(page);

    const label = submitButton(last) ?? '';
    const count = Number(/\d+/.exec(label)?.[0]);
    expect(count).toBeGreaterThanOrEqual(24);
    const prices = [...shown.matchAll(/ay \*\*[\d.]+\*\*|eceive \*\*[\d.]+\*\*/g)];
    expect(prices).toHaveLength(count);
    expect(shown).toContain(`**${count} GTC orders** ·`);

    await desk.trader.press(last, 'Submit');
    const orders = await arrived(news, count);
    const results = await until(async () => {
      // An order that is past its target already fills at once, and that is told by a message of its own.
      const messages = (await since(last)).filter((message) => !isFill(message) && !isDigest(message));
      const told = messages.map(contentOf).join('\n');
      return ids(orders).every((id) => told.includes(`Order ${id}`)) ? messages : null;
    }, PATIENCE_MS);

    expect(orders).toHaveLength(count);
    expect(ids(orders)).toHaveLength(count);
    expect(new Set(orders.map(({ externalIdentifier }) => externalIdentifier)).size).toBe(count);
    for (const message of results) expectWithinLimits(message);
    const told = results.map(contentOf).join('\n');
    for (const id of ids(orders)) expect(told.split(`Order ${id}`)).toHaveLength(2);
    expect(told.split(`<@${desk.trader.id}>`)).toHaveLength(2);
    expect(told).toContain(`${count} GTC orders placed`);
    expect(buttonsOf(desk.trader.current(last))).toEqual([]);
    await expectCovered(desk);
  },
  PATIENCE_MS,
);

test('asked again, everything that works is left alone', async () => {
  const news = await arrivals(desk);
  const answer = await desk.preview('all');
  const unfilled = await working(desk);
  expect(unfilled.length).toBeGreaterThan(0);
  expect(contentOf(answer)).toContain('Every open position has working targets already.');
  expect(await news()).toHaveLength(0);
});

test('/orders lists every working order over as many messages as it takes', async () => {
  const before = (await since(null)).at(-1) ?? null;
  await desk.trader.command('orders');
  const open = await working(desk);
  const pages = await until(async () => {
    const messages = await since(before);
    const told = messages.map(contentOf).join('\n');
    return open.every(({ id }) => told.includes(String(id))) ? messages : null;
  });
  for (const page of pages) expectWithinLimits(page);
});

test('a question about many orders is asked under its last page, and answered there', async () => {
  const result = (await since(null)).findLast((each) => buttonsOf(each).includes('Cancel them…')) as Message;
  const first = await desk.trader.answer(await desk.trader.press(result, 'Cancel them…'), 30_000);
  const asked = await until(async () => {
    const [last, ...before] = (await since(first)).toReversed();
    return last && buttonsOf(last).includes('Keep them') ? { last, before } : null;
  });
  for (const page of [first, ...asked.before]) expect(buttonsOf(page)).toEqual([]);
  await desk.trader.press(asked.last, 'Keep them');
  const kept = await desk.trader.waitForEdit(asked.last, ({ content }) => content.startsWith('Kept.'));
  expect(buttonsOf(kept)).toEqual([]);
});

test(
  'many fills within a minute: the first have a message each, the rest one together, each told once though the bot is killed amid them',
  async () => {
    const told = async () => {
      const messages = (await since(null)).filter((each) => isFill(each) || isDigest(each));
      return messages.map((message) => ({ message, text: contentOf(message) }));
    };
    const before = new Set((await told()).flatMap(({ text }) => text.match(/Order \d+/g) ?? []));
    const orders = (await working(desk)).slice(0, 12).map(({ id }) => id);
    for (const id of orders.slice(0, 8)) await desk.admin.fill(id);
    await desk.trader.waitForMessage(isDigest, { timeoutMs: 60_000 });
    await desk.bot.kill9();
    for (const id of orders.slice(8)) await desk.admin.fill(id);
    await desk.trader.waitForBot(false, 30_000);
    await desk.startBot();
    const all = await until(async () => {
      const now = await told();
      const text = now.map((each) => each.text).join('\n');
      return orders.every((id) => text.includes(`**Order ${id}**`)) && !text.includes('≈') ? now : null;
    }, PATIENCE_MS);
    const text = all.map((each) => each.text).join('\n');
    for (const id of orders) expect(text.split(`**Order ${id}**`)).toHaveLength(2);
    const singly = all.filter(
      ({ message, text: own }) => isFill(message) && !before.has(/Order \d+/.exec(own)?.[0] ?? ''),
    );
    expect(singly.length).toBeLessThanOrEqual(5);
    const [digest] = all.filter(({ message }) => isDigest(message));
    expect(digest?.text).toMatch(
      new RegExp(`^<@${desk.trader.id}> \\*\\*\\d+ fills\\*\\* · \\*\\*[+−]\\$[\\d,.]+\\*\\* net`),
    );
    for (const { message } of all) expectWithinLimits(message);
  },
  PATIENCE_MS * 2,
);
