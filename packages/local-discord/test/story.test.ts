import {
  ActionRowBuilder,
  AttachmentBuilder,
  ButtonBuilder,
  ButtonStyle,
  type Client,
  ContainerBuilder,
  EmbedBuilder,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  TextDisplayBuilder,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalDiscordUser } from '../client/discord-user.js';
import { eventually, Stage } from './world.js';

const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAIAAAADCAYAAAC56t6BAAAAFUlEQVR4nGNk+M/wn4GBgYGJAQrgDAAkBAIBo0pXZwAAAABJRU5ErkJggg==',
  'base64',
);

/** Every command and component an unmodified discord.js bot handles here, from login to the last edit. */
describe('an unmodified discord.js bot on the local Discord', () => {
  let stage: Stage;
  let bot: Client<true>;
  let tess: LocalDiscordUser;

  beforeAll(async () => {
    stage = await Stage.open();
    bot = await stage.bot();
    tess = await stage.user();
    bot.on('interactionCreate', async (interaction) => {
      if (interaction.isAutocomplete()) {
        const typed = interaction.options.getFocused();
        await interaction.respond([{ name: `#37 ${typed}`, value: '37' }]);
      } else if (interaction.isChatInputCommand()) {
        const { commandName } = interaction;
        if (commandName === 'preview') {
          await interaction.deferReply();
          await interaction.editReply({
            embeds: [new EmbedBuilder().setTitle('Preview').setImage('attachment://chart.png')],
            files: [new AttachmentBuilder(PNG, { name: 'chart.png' })],
            components: [
              new ActionRowBuilder<ButtonBuilder>().addComponents(
                new ButtonBuilder().setCustomId('submit').setLabel('Submit').setStyle(ButtonStyle.Success),
                new ButtonBuilder().setCustomId('ask').setLabel('Ask').setStyle(ButtonStyle.Secondary),
              ),
              new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
                new StringSelectMenuBuilder().setCustomId('pick').addOptions([
                  { label: 'Forty', value: '40' },
                  { label: 'Sixty', value: '60' },
                ]),
              ),
            ],
          });
        } else if (commandName === 'secret') {
          await interaction.reply({ content: 'only you', flags: MessageFlags.Ephemeral });
          await interaction.followUp({ content: 'still only you', flags: MessageFlags.Ephemeral });
          await interaction.deleteReply();
        } else if (commandName === 'files') {
          await interaction.reply({
            content: 'two files',
            files: [
              new AttachmentBuilder(PNG, { name: 'a.png' }),
              new AttachmentBuilder(Buffer.from('x,y\n'), { name: 'b.csv' }),
            ],
          });
        } else if (commandName === 'v2') {
          await interaction.reply({
            flags: MessageFlags.IsComponentsV2,
            components: [
              new ContainerBuilder().addTextDisplayComponents(new TextDisplayBuilder().setContent('# v2')),
            ],
          });
        }
      } else if (interaction.isButton() && interaction.customId === 'submit') {
        await interaction.update({ content: 'working', components: [] });
        const sent = await interaction.followUp('order 1234 placed');
        expect(sent.content).toBe('order 1234 placed');
        const reply = await interaction.fetchReply();
        expect(reply.content).toBe('working');
      } else if (interaction.isButton()) {
        await interaction.showModal(
          new ModalBuilder()
            .setCustomId('free')
            .setTitle('Percent')
            .addLabelComponents(
              new LabelBuilder()
                .setLabel('Percent of the credit')
                .setTextInputComponent(
                  new TextInputBuilder()
                    .setCustomId('percent')
                    .setStyle(TextInputStyle.Short)
                    .setMaxLength(5),
                ),
            ),
        );
      } else if (interaction.isStringSelectMenu()) {
        await interaction.deferUpdate();
        await interaction.editReply({ content: `picked ${interaction.values.join()}` });
      } else if (interaction.isModalSubmit()) {
        const typed = interaction.fields.getTextInputValue('percent');
        await interaction.reply(`modal said ${typed}`);
      }
    });
    await bot.application.commands.set(
      [
        new SlashCommandBuilder()
          .setName('preview')
          .setDescription('Preview')
          .addStringOption((option) =>
            option.setName('position').setDescription('Which').setAutocomplete(true).setRequired(true),
          ),
        new SlashCommandBuilder().setName('secret').setDescription('Private'),
        new SlashCommandBuilder().setName('files').setDescription('Files'),
        new SlashCommandBuilder().setName('v2').setDescription('Components v2'),
      ],
      stage.discord.guildId,
    );
  });

  afterAll(() => stage.close());

  it('completes an option', async () => {
    expect(await tess.autocomplete('preview', 'position', 'qq')).toEqual([{ name: '#37 qq', value: '37' }]);
  });

  it('defers a command and edits the answer in, with an embed, a picture, buttons and a select', async () => {
    const asked = await tess.command('preview', { position: '37' });
    const preview = await tess.answer(asked);
    expect(preview.embeds[0]?.title).toBe('Preview');
    expect(preview.attachments).toEqual([]);
    const picture = await fetch(preview.embeds[0]?.image?.url ?? '');
    expect(Buffer.from(await picture.arrayBuffer())).toEqual(PNG);
    expect((await tess.interaction(asked)).callback_type).toBe(5);
  });

  it('updates a message from its button, follows up and reads the reply back', async () => {
    const preview = await tess.answer(await tess.command('preview', { position: '37' }));
    const pressed = await tess.press(preview, 'Submit');
    const posted = await tess.waitForMessage((message) => message.content === 'order 1234 placed');
    expect(posted.interaction_metadata?.id).toBe(pressed);
    expect(tess.current(preview)).toMatchObject({ content: 'working', components: [] });
  });

  it('edits through a deferred select', async () => {
    const preview = await tess.answer(await tess.command('preview', { position: '37' }));
    await tess.select(preview, '60');
    await tess.waitForEdit(preview, (message) => message.content === 'picked 60');
  });

  it('opens a modal and reads what was submitted', async () => {
    const preview = await tess.answer(await tess.command('preview', { position: '37' }));
    const modal = await tess.waitForModal(await tess.press(preview, 'Ask'));
    expect(modal.title).toBe('Percent');
    const answer = await tess.answer(await tess.submitModal(modal, { percent: '45' }));
    expect(answer.content).toBe('modal said 45');
  });

  it('shows ephemeral answers to their user alone and lets the bot delete them', async () => {
    const vic = await stage.user('viewer');
    await tess.command('secret');
    await tess.waitForMessage((message) => message.content === 'still only you');
    await eventually(() => tess.ephemeral().length === 1);
    expect(tess.ephemeral()[0]?.content).toBe('still only you');
    expect(vic.ephemeral()).toEqual([]);
    expect((await vic.messages()).some((message) => message.content.includes('only you'))).toBe(false);
  });

  it('takes two files with a reply and serves them', async () => {
    const answer = await tess.answer(await tess.command('files'));
    expect(answer.attachments.map((file) => file.filename)).toEqual(['a.png', 'b.csv']);
    expect(answer.attachments[0]).toMatchObject({ width: 2, height: 3, content_type: 'image/png' });
    expect(await (await fetch(answer.attachments[1]?.url ?? '')).text()).toBe('x,y\n');
  });

  it('takes components v2', async () => {
    const answer = await tess.answer(await tess.command('v2'));
    expect(answer.flags & MessageFlags.IsComponentsV2).toBeTruthy();
    expect(answer.components[0]?.components?.[0]?.content).toBe('# v2');
  });

  it('sends, edits, replies and types in a channel, and writes a DM', async () => {
    const channel = await bot.channels.fetch(stage.discord.channelIds.orders);
    if (!channel?.isSendable()) throw new Error('not a text channel');
    await channel.sendTyping();
    const sent = await channel.send('first');
    await sent.edit('second');
    await sent.reply('third');
    const there = await tess.messages(stage.discord.channelIds.orders);
    expect(there.map((message) => message.content)).toEqual(['second', 'third']);
    expect(there[1]?.message_reference?.message_id).toBe(sent.id);
    const user = await bot.users.fetch(tess.id);
    await user.send('psst');
    const { dms } = await tess.state();
    expect((await tess.messages(dms[0].channel_id)).map((message) => message.content)).toEqual(['psst']);
  });

  it('left no request refused, no reply out of spec and no client error behind', async () => {
    const { requests, invalid, refused } = await tess.log();
    expect(requests.filter((request) => request.refused || request.status >= 400)).toEqual([]);
    expect(requests.flatMap((request) => request.reply_faults ?? [])).toEqual([]);
    expect({ invalid, refused }).toEqual({ invalid: 0, refused: 0 });
    expect(stage.clientErrors).toEqual([]);
  });
});
