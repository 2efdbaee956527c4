import { SlashCommandBuilder } from 'discord.js';
import { zoneChoices } from '../domain/when/zone-choices.js';
import { zoneView } from '../screens/reminders/zone.js';
import { actorOf } from './actor.js';
import type { Command } from './command.js';

export const settings: Command = {
  data: new SlashCommandBuilder()
    .setName('settings')
    .setDescription('Your own settings: the time zone in which you write and read times')
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
    .toJSON(),
  action: 'none',
  ack: 'private',
  async run(interaction, app) {
    const { userId } = actorOf(interaction);
    const typed = interaction.options.getString('zone');
    const zone = typed === null ? await app.zones.of(userId) : await app.zones.set(userId, typed);
    const elsewhere = (await app.reminders.list(actorOf(interaction))).filter(
      ({ reminder }) => reminder.userId === userId && reminder.state !== 'ended' && reminder.zone !== zone,
    );
    await interaction.editReply(zoneView(zone, typed !== null, elsewhere, app.clock.now(), app.environment));
  },
  async complete(interaction) {
    return zoneChoices(interaction.options.getFocused()).map(({ name, value }) => ({ name, value }));
  },
};
