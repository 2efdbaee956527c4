import { startLocalDiscord } from '@profit-target/local-discord';
import { LocalDiscordUser } from '@profit-target/local-discord/client';
import { expect, onTestFinished, test } from 'vitest';
import { DiscordChannel } from '../../src/bot/channel.js';
import { createClient } from '../../src/bot/client.js';
import { Secrets } from '../../src/ports/secrets.js';
import { clip } from '../../src/screens/format.js';

test('half an emoji never leaves, in words or beside a file: Discord would answer 500; all else leaves as it is', async () => {
  const discord = await startLocalDiscord();
  const person = await LocalDiscordUser.join(discord.url, discord.users.trader, discord.channelId);
  onTestFinished(async () => {
    person.leave();
    await discord.close();
  });
  const sut = new DiscordChannel(createClient(discord.apiUrl, new Secrets()), discord.token);
  const content = '📌 \\ud83d \\\\ud83d \ud83d';
  const page = { content, embeds: [], components: [] };
  const { ref } = await sut.post({ channelId: discord.channelId, mentions: [], nonce: 'n', page });
  await sut.attach(ref, { name: 'a.png', alt: 'cut \ud83d', bytes: new Uint8Array([1]) });
  const [message] = await person.messages(discord.channelId);
  expect(message?.content).toBe('📌 \\ud83d \\\\ud83d \ufffd');
  expect(message?.attachments[0]?.description).toBe('cut \ufffd');
});

test('a text is not cut through the middle of an emoji', () => {
  expect(clip('sell 📌 now', 7)).toBe('sell …');
  expect(clip('sell 📌 now', 8)).toBe('sell 📌…');
  expect(clip('sell', 4)).toBe('sell');
});
