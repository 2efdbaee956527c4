import { LocalDiscordUser, type Message } from '@profit-target/local-discord/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { contentOf, Desk, textOf } from './support/desk.js';

const FORUM = '1399999999999999001';
const THREADS = {
  'a public thread of it': { id: '1399999999999999011', type: 11, parent: null },
  'a private thread of it, which the bot never heard of': {
    id: '1399999999999999012',
    type: 12,
    parent: null,
  },
  'a post of a forum that is named': { id: '1399999999999999013', type: 11, parent: FORUM },
};
const ELSEWHERE = '1399999999999999021';
const CATEGORY = '1399999999999999031';
const LISTED = '1399999999999999032';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ startBot: false });
  const { trading, ...others } = desk.discord.channelIds;
  await desk.trader.changeWorld({
    channels: [
      { name: 'forum', id: FORUM, type: 15 },
      ...Object.entries(THREADS).map(([name, { id, type, parent }]) => ({
        name: name.slice(0, 20),
        id,
        type,
        parent: parent ?? trading,
      })),
      { name: 'elsewhere', id: ELSEWHERE, type: 11, parent: Object.values(others)[0] },
      { name: 'category', id: CATEGORY, type: 4 },
      { name: 'listed', id: LISTED, type: 0, parent: CATEGORY },
    ],
  });
  await desk.startBot({ CHANNEL_IDS: `${trading},${FORUM},${CATEGORY}` });
});
afterAll(() => desk?.close());

async function statusIn(channel: string): Promise<string> {
  const there = await LocalDiscordUser.join(desk.discord.url, desk.trader.id, channel);
  try {
    return textOf(await there.answer(await there.command('status', {}), 30_000));
  } finally {
    there.leave();
  }
}

test.each(Object.entries(THREADS))('CHANNEL_IDS names a channel: it answers in %s', async (_name, { id }) => {
  expect(await statusIn(id)).toContain('PAPER');
});

test.each([
  ['a thread of another channel', ELSEWHERE],
  ['a channel that is only listed under a named category', LISTED],
])('and not in %s', async (_name, id) => {
  expect(await statusIn(id)).toContain('I don’t answer in this channel.');
});

test('a board in a thread goes on telling the truth after nobody wrote there for a while', async () => {
  const { id } = THREADS['a public thread of it'];
  const there = await LocalDiscordUser.join(desk.discord.url, desk.trader.id, id);
  try {
    await there.answer(await there.command('board', {}), 30_000);
    const isBoard = ({ embeds }: Message) => embeds.some(({ footer }) => footer?.text?.startsWith('board '));
    const board = await there.waitForMessage(isBoard, { timeoutMs: 30_000 });
    const position = await desk.positionId('AMZN', 'Bull put vertical');
    expect(contentOf(board)).toContain(`🟥 **#${position} AMZN`);
    await desk.trader.changeWorld({ archive: id });
    await desk.trader.press(await desk.preview(position), 'Submit');
    await there.waitForEdit(board, (each) => contentOf(each).includes(`🟩 **#${position} AMZN`), 60_000);
  } finally {
    there.leave();
  }
});
