import { OffsetClock, startLocalDiscord } from '@profit-target/local-discord';
import { LocalDiscordUser } from '@profit-target/local-discord/client';
import { expect, onTestFinished, test } from 'vitest';
import { DiscordChannel } from '../../src/bot/channel.js';
import { createClient } from '../../src/bot/client.js';
import { Secrets } from '../../src/ports/secrets.js';

const HOUR_MS = 3_600_000;

test('messages older than an hour, of which Discord takes few edits at a time, all become true', async () => {
  const discord = await startLocalDiscord({
    clock: new OffsetClock(),
    rateLimits: { oldEdits: { limit: 1, perMs: 300 } },
  });
  const person = await LocalDiscordUser.join(discord.url, discord.users.trader, discord.channelId);
  onTestFinished(async () => {
    person.leave();
    await discord.close();
  });
  const sut = new DiscordChannel(createClient(discord.apiUrl, new Secrets()), discord.token);
  const page = (content: string) => ({ content, embeds: [], components: [] });
  const post = (content: string) =>
    sut.post({ channelId: discord.channelId, mentions: [], nonce: content, page: page(content) });
  const [one, other] = [await post('1 works'), await post('2 works')];
  await person.advanceClock(HOUR_MS + 1);
  const all = [one, other, await post('3 works')];
  await Promise.all(all.map(({ ref }, index) => sut.edit(ref, page(`${index + 1} filled`))));
  const { requests } = await person.log();
  expect(requests.some(({ refused }) => refused?.code === 30046)).toBe(true);
  const said = (await person.messages(discord.channelId)).map(({ content }) => content);
  expect(said).toEqual(['1 filled', '2 filled', '3 filled']);
});
