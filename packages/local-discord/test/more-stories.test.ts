import {
  ActionRowBuilder,
  ApplicationCommandType,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  ComponentType,
  ContextMenuCommandBuilder,
  InteractionContextType,
  SlashCommandBuilder,
  UserSelectMenuBuilder,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { Stage } from './world.js';

/** The rarer things discord.js does with an interaction. */
describe('an unmodified discord.js bot, the rarer things', () => {
  let stage: Stage;
  let bot: Client<true>;
  let tess: LocalDiscordUser;

  beforeAll(async () => {
    stage = await Stage.open();
    bot = await stage.bot();
    tess = await stage.user();
    await bot.application.commands.set([
      new SlashCommandBuilder()
        .setName('anywhere')
        .setDescription('Anywhere')
        .setContexts(InteractionContextType.Guild, InteractionContextType.BotDM),
      new SlashCommandBuilder().setName('collect').setDescription('Collect'),
      new SlashCommandBuilder().setName('who').setDescription('Who'),
      new ContextMenuCommandBuilder().setName('Quote').setType(ApplicationCommandType.Message),
    ]);
    const row = (id: string) =>
      new ActionRowBuilder<ButtonBuilder>().addComponents(
        new ButtonBuilder().setCustomId(id).setLabel('Take').setStyle(ButtonStyle.Primary),
      );
    bot.on('interactionCreate', async (interaction) => {
      if (interaction.isMessageContextMenuCommand()) {
        await interaction.reply(`quoted: ${interaction.targetMessage.content}`);
      } else if (interaction.isUserSelectMenu()) {
        await interaction.update({
          content: `chose ${interaction.users.first()?.displayName}`,
          components: [],
        });
      } else if (interaction.isChatInputCommand() && interaction.commandName === 'anywhere') {
        const where = interaction.inGuild() ? 'guild' : 'dm';
        const { resource } = await interaction.reply({ content: where, withResponse: true });
        await interaction.followUp(`sent ${resource?.message?.id}`);
      } else if (interaction.isChatInputCommand() && interaction.commandName === 'who') {
        const select = new UserSelectMenuBuilder().setCustomId('who');
        await interaction.reply({
          components: [new ActionRowBuilder<UserSelectMenuBuilder>().addComponents(select)],
        });
      } else if (interaction.isChatInputCommand()) {
        const reply = await interaction.reply({ content: 'waiting', components: [row('take')] });
        const press = await reply.awaitMessageComponent({
          componentType: ComponentType.Button,
          time: 20_000,
        });
        await press.update({
          content: `taken by ${press.user.username} for ${interaction.id}`,
          components: [],
        });
      }
    });
  });
  afterAll(() => stage.close());

  it('hands the message over that withResponse asks for, in the guild and in a DM', async () => {
    const dm = await tess.openDm(stage.discord.applicationId);
    for (const [channel, where] of [
      [stage.discord.channelId, 'guild'],
      [dm, 'dm'],
    ]) {
      const asked = await tess.command('anywhere', {}, channel ? { channel } : {});
      const answer = await tess.answer(asked);
      expect(answer).toMatchObject({ content: where, channel_id: channel });
      await tess.waitForMessage((message) => message.content === `sent ${answer.id}`);
    }
  });

  it('lets a collector hear only the presses on its own reply', async () => {
    const [one, two] = [await tess.command('collect'), await tess.command('collect')];
    const [first, second] = [await tess.answer(one), await tess.answer(two)];
    await tess.press(second, 'Take');
    await tess.waitForEdit(second, (message) => message.content === `taken by trader for ${two}`);
    expect(tess.current(first).content).toBe('waiting');
    const vic = await stage.user('viewer');
    await vic.press(first.id, 'Take');
    await tess.waitForEdit(first, (message) => message.content === `taken by viewer for ${one}`);
  });

  it('resolves what an entity select picked', async () => {
    const answer = await tess.answer(await tess.command('who'));
    await tess.select(answer, stage.discord.users.viewer);
    await tess.waitForEdit(answer, (message) => message.content === 'chose Vic Viewer');
  });

  it('resolves the message of a context menu', async () => {
    const { id } = await tess.say('to be quoted');
    const body = { kind: 'command', command_type: 3, name: 'Quote', target_id: id };
    const answer = await tess.answer(await tess.interact(body));
    expect(answer).toMatchObject({ type: 23, content: 'quoted: to be quoted' });
  });

  it('left no request refused and no reply out of spec behind', async () => {
    const { requests } = await tess.log();
    expect(requests.filter((request) => request.refused || request.reply_faults)).toEqual([]);
    expect(stage.clientErrors).toEqual([]);
  });
});
