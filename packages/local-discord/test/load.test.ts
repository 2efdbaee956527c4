import { Events } from 'discord.js';
import { expect, it } from 'vitest';
import { Stage } from './world.js';

/** The benchmark's case: everything at once, nothing lost, nothing answered twice. */
it('serves 100 interactions at once', async () => {
  const stage = await Stage.withoutSpec({ rateLimits: false });
  const bot = await stage.bot();
  bot.on(Events.InteractionCreate, async (interaction) => {
    if (!interaction.isChatInputCommand()) return;
    await interaction.deferReply();
    await interaction.editReply(`answer to ${interaction.id}`);
  });
  await bot.application.commands.set([{ name: 'ping', description: 'Ping' }], stage.discord.guildId);
  const tess = await stage.user();
  const asked = await Promise.all(Array.from({ length: 100 }, () => tess.command('ping')));
  const answers = await Promise.all(asked.map((id) => tess.answer(id)));
  expect(answers.map((message) => message.content)).toEqual(asked.map((id) => `answer to ${id}`));
  expect(await tess.messages(undefined, 1000)).toHaveLength(100);
  const states = await Promise.all(asked.map((id) => tess.interaction(id)));
  expect(new Set(states.map((one) => one.state))).toEqual(new Set(['acked']));
  await stage.close();
});
