import { ChannelType, type ChatInputCommandInteraction, SlashCommandBuilder } from 'discord.js';
import { zoneChoices } from '../domain/when/zone-choices.js';
import { NOTICE_KINDS, NOTICE_LEVELS, type NoticeKind, type NoticeLevel } from '../ports/notices.js';
import { channelsView, exitsView, KIND_NAMES, LEVEL_NAMES, levelsView } from '../screens/notices.js';
import { zoneView } from '../screens/reminders/zone.js';
import { typedAccount } from './account-option.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { Command } from './command.js';

export const settings: Command = {
  data: new SlashCommandBuilder()
    .setName('settings')
    .setDescription('Your time zone, your notices, where new positions are told, and exits before expiration')
    .addSubcommand((sub) =>
      sub
        .setName('timezone')
        .setDescription('The time zone in which you write and read times')
        .addStringOption((option) =>
          option
            .setName('zone')
            .setDescription('Such as Europe/Berlin; leave it out to see yours')
            .setMaxLength(60)
            .setAutocomplete(true),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('notices')
        .setDescription('How loud each kind of notice is for you: on, silent or off')
        .addStringOption((option) =>
          option
            .setName('kind')
            .setDescription('Which; leave it out to see them all')
            .addChoices(NOTICE_KINDS.map((value) => ({ name: KIND_NAMES[value], value }))),
        )
        .addStringOption((option) =>
          option
            .setName('level')
            .setDescription('How loud')
            .addChoices(NOTICE_LEVELS.map((value) => ({ name: LEVEL_NAMES[value], value }))),
        ),
    )
    .addSubcommand((sub) =>
      sub
        .setName('channel')
        .setDescription('The channel in which an account’s new positions are told; off until set')
        .addChannelOption((option) =>
          option
            .setName('to')
            .setDescription('Where; leave it out to see what is set')
            .addChannelTypes(ChannelType.GuildText),
        )
        .addBooleanOption((option) => option.setName('off').setDescription('Nowhere any more')),
    )
    .addSubcommand((sub) =>
      sub
        .setName('exit')
        .setDescription(
          'Days before expiration at which a position’s close is shown, to be confirmed; off until set',
        )
        .addStringOption((option) =>
          option
            .setName('dte')
            .setDescription('Such as 21, 7; leave it out to see what is set')
            .setMaxLength(40)
            .setAutocomplete(true),
        )
        .addChannelOption((option) =>
          option
            .setName('to')
            .setDescription('Where; here without it')
            .addChannelTypes(ChannelType.GuildText),
        )
        .addBooleanOption((option) => option.setName('off').setDescription('No more')),
    )
    .toJSON(),
  action: 'none',
  account: ['channel', 'exit'],
  ack: 'private',
  async run(interaction, app) {
    await SUBCOMMANDS[interaction.options.getSubcommand()]?.(interaction, app);
  },
  async complete(interaction) {
    const { name, value } = interaction.options.getFocused(true);
    if (name === 'dte') return USUAL_DAYS.filter((choice) => choice.value.startsWith(value.trim()));
    return zoneChoices(value).map((choice) => ({ name: choice.name, value: choice.value }));
  },
};

const SUBCOMMANDS: Record<string, (interaction: ChatInputCommandInteraction, app: App) => Promise<void>> = {
  timezone,
  notices,
  channel,
  exit,
};

/** What people usually mean. */
const USUAL_DAYS = ['21, 7', '21', '7'].map((value) => ({ name: value, value }));

async function timezone(interaction: ChatInputCommandInteraction, app: App): Promise<void> {
  const { userId } = actorOf(interaction);
  const typed = interaction.options.getString('zone');
  const zone = typed === null ? await app.zones.of(userId) : await app.zones.set(userId, typed);
  const elsewhere = (await app.reminders.list(actorOf(interaction))).filter(
    ({ reminder }) => reminder.userId === userId && reminder.state !== 'ended' && reminder.zone !== zone,
  );
  await interaction.editReply(zoneView(zone, typed !== null, elsewhere, app.clock.now(), app.environment));
}

async function notices(interaction: ChatInputCommandInteraction, app: App): Promise<void> {
  const { userId } = actorOf(interaction);
  const kind = interaction.options.getString('kind') as NoticeKind | null;
  const level = interaction.options.getString('level') as NoticeLevel | null;
  if (level !== null) {
    for (const each of kind === null ? NOTICE_KINDS : [kind])
      await app.noticeSettings.choose(userId, each, level);
  }
  await interaction.editReply(levelsView(await app.noticeSettings.levels(userId), app.environment));
}

async function channel(interaction: ChatInputCommandInteraction, app: App): Promise<void> {
  const actor = actorOf(interaction);
  const account = typedAccount(interaction);
  const { options } = interaction;
  const to = options.getBoolean('off') ? 'off' : options.getChannel('to')?.id;
  const accounts =
    to === undefined
      ? await app.noticeSettings.channels(actor, account)
      : [await app.noticeSettings.setChannel(actor, account, to)];
  await interaction.editReply(channelsView(accounts, app.environment));
}

async function exit(interaction: ChatInputCommandInteraction, app: App): Promise<void> {
  const actor = actorOf(interaction);
  const account = typedAccount(interaction);
  const { options } = interaction;
  const days = options.getString('dte');
  const to = options.getChannel('to')?.id ?? interaction.channelId;
  const accounts = options.getBoolean('off')
    ? [await app.exitSettings.unset(actor, account)]
    : days === null
      ? await app.exitSettings.rules(actor, account)
      : [await app.exitSettings.set(actor, account, days, to)];
  await interaction.editReply(exitsView(accounts, app.environment));
}
