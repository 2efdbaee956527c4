import {
  ActionRowBuilder,
  type AutocompleteInteraction,
  ButtonBuilder,
  type ButtonInteraction,
  ButtonStyle,
  type ChatInputCommandInteraction,
  Client,
  EmbedBuilder,
  Events,
  GatewayIntentBits,
  type Interaction,
  LabelBuilder,
  MessageFlags,
  ModalBuilder,
  type ModalSubmitInteraction,
  SlashCommandBuilder,
  StringSelectMenuBuilder,
  type StringSelectMenuInteraction,
  TextInputBuilder,
  TextInputStyle,
} from 'discord.js';

export interface ScriptedBot {
  client: Client;
  /** What reached the bot, in order, one line each. */
  heard: string[];
  stop(): Promise<void>;
}

const POSITIONS = [
  { name: '#37 QQQ Senex Trident', value: '37' },
  { name: '#38 SPX put vertical', value: '38' },
  { name: 'All positions without a target', value: 'all' },
];

const COMMANDS = [
  new SlashCommandBuilder()
    .setName('targets')
    .setDescription('Preview profit targets')
    .addStringOption((o) =>
      o.setName('position').setDescription('Which position').setRequired(true).setAutocomplete(true),
    )
    .addNumberOption((o) =>
      o.setName('percent').setDescription('Percent of profit').setMinValue(1).setMaxValue(100),
    )
    .addStringOption((o) =>
      o
        .setName('rounding')
        .setDescription('How to round')
        .addChoices({ name: 'Nearest tick', value: 'nearest' }, { name: 'In my favour', value: 'profit' }),
    )
    .addBooleanOption((o) => o.setName('dry_run').setDescription('Place nothing')),
  new SlashCommandBuilder().setName('positions').setDescription('Open positions'),
  new SlashCommandBuilder().setName('help').setDescription('What the bot can do'),
  new SlashCommandBuilder().setName('silent').setDescription('Never answers'),
].map((command) => command.toJSON());

/** A real discord.js client that plays the bot: one of everything the page has to show. */
export async function startScriptedBot(apiUrl: string, token: string, guildId: string): Promise<ScriptedBot> {
  const client = new Client({ intents: [GatewayIntentBits.Guilds], rest: { api: apiUrl } });
  const heard: string[] = [];
  client.on(Events.Error, (error) => heard.push(`error ${error.message}`));
  client.on(Events.InteractionCreate, (interaction) => answer(interaction, heard));
  const ready = new Promise((resolve) => client.once(Events.ClientReady, resolve));
  await client.login(token);
  await ready;
  await client.application?.commands.set(COMMANDS, guildId);
  return { client, heard, stop: () => client.destroy() };
}

async function answer(interaction: Interaction, heard: string[]): Promise<void> {
  if (interaction.isAutocomplete()) return complete(interaction, heard);
  if (interaction.isChatInputCommand()) return command(interaction, heard);
  if (interaction.isButton()) return button(interaction, heard);
  if (interaction.isStringSelectMenu()) return select(interaction, heard);
  if (interaction.isModalSubmit()) return modal(interaction, heard);
}

async function complete(interaction: AutocompleteInteraction, heard: string[]): Promise<void> {
  const typed = interaction.options.getFocused();
  heard.push(`autocomplete ${typed}`);
  await interaction.respond(POSITIONS.filter(({ name }) => name.toLowerCase().includes(typed.toLowerCase())));
}

async function command(interaction: ChatInputCommandInteraction, heard: string[]): Promise<void> {
  const options = interaction.options.data.map(({ name, value }) => `${name}=${value}`).join(' ');
  heard.push(`/${interaction.commandName} ${options}`.trim());
  if (interaction.commandName === 'targets') {
    await interaction.deferReply();
    await interaction.editReply(preview(interaction.options.getString('position', true)));
  } else if (interaction.commandName === 'help') {
    await interaction.reply({ content: 'Help is **here**.', flags: MessageFlags.Ephemeral });
  } else if (interaction.commandName === 'positions') {
    await interaction.reply({ content: 'Two positions.' });
  }
}

/** A preview as the real bot shows it: an embed with fields, buttons of each kind, a select menu. */
export function preview(position: string) {
  const button = (id: string, label: string, style: ButtonStyle) =>
    new ButtonBuilder().setCustomId(id).setLabel(label).setStyle(style);
  return {
    embeds: [
      new EmbedBuilder()
        .setTitle(`Preview of #${position}`)
        .setDescription(`Expires <t:${Math.floor(Date.now() / 1000) + 110}:R>.`)
        .setColor(0x2ecc71)
        .addFields(
          { name: 'Target 1', value: 'Rule `40 % of credit`\nYou pay **$0.61**' },
          { name: 'Profit', value: '$42.00', inline: true },
          { name: 'Mark', value: '$0.95', inline: true },
        )
        .setFooter({ text: 'PAPER' }),
    ],
    components: [
      new ActionRowBuilder<ButtonBuilder>().addComponents(
        button('submit', 'Submit 3 GTC orders', ButtonStyle.Success),
        button('form', 'Other percent…', ButtonStyle.Primary),
        button('mute', 'Never answers', ButtonStyle.Secondary),
        button('off', 'Cancel', ButtonStyle.Danger).setDisabled(true),
      ),
      new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
        new StringSelectMenuBuilder()
          .setCustomId('pick')
          .setPlaceholder('Preview another position')
          .addOptions(
            { label: '#37 QQQ Senex Trident', value: '37', description: '36 DTE' },
            { label: '#38 SPX put vertical', value: '38' },
          ),
      ),
      new ActionRowBuilder<StringSelectMenuBuilder>().addComponents(
        new StringSelectMenuBuilder()
          .setCustomId('several')
          .setPlaceholder('Several targets')
          .setMinValues(1)
          .setMaxValues(2)
          .addOptions(
            { label: '40 %', value: '40' },
            { label: '50 %', value: '50' },
            { label: '60 %', value: '60' },
          ),
      ),
    ],
  };
}

async function button(interaction: ButtonInteraction, heard: string[]): Promise<void> {
  heard.push(`button ${interaction.customId} by ${interaction.user.username}`);
  if (interaction.customId === 'submit') {
    await interaction.update({ content: 'Submitted.', embeds: [], components: [] });
    await interaction.followUp({
      content: `${interaction.user}: orders **1001**, **1002**, **1003** are in.`,
    });
  } else if (interaction.customId === 'form') {
    await interaction.showModal(form());
  }
}

function form(): ModalBuilder {
  return new ModalBuilder()
    .setCustomId('percent-form')
    .setTitle('Another percent')
    .addLabelComponents(
      new LabelBuilder()
        .setLabel('Percent')
        .setDescription('Between 1 and 100')
        .setTextInputComponent(
          new TextInputBuilder()
            .setCustomId('percent')
            .setStyle(TextInputStyle.Short)
            .setRequired(true)
            .setMaxLength(5),
        ),
      new LabelBuilder()
        .setLabel('Rounding')
        .setStringSelectMenuComponent(
          new StringSelectMenuBuilder()
            .setCustomId('rounding')
            .addOptions({ label: 'Nearest', value: 'nearest' }, { label: 'Favour', value: 'profit' }),
        ),
    );
}

async function select(interaction: StringSelectMenuInteraction, heard: string[]): Promise<void> {
  heard.push(`select ${interaction.customId} ${interaction.values.join(',')}`);
  if (interaction.customId === 'pick') await interaction.update(preview(interaction.values[0] ?? ''));
  else await interaction.deferUpdate();
}

async function modal(interaction: ModalSubmitInteraction, heard: string[]): Promise<void> {
  const percent = interaction.fields.getTextInputValue('percent');
  const rounding = interaction.fields.getStringSelectValues('rounding').join(',');
  heard.push(`modal ${percent} ${rounding}`);
  await interaction.reply({ content: `Repriced at ${percent} %.`, flags: MessageFlags.Ephemeral });
}
