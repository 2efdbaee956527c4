import { SlashCommandBuilder } from 'discord.js';
import { PARTS } from '../screens/custom-ids.js';
import { setupView } from '../screens/reminders/setup.js';
import { actorOf } from './actor.js';
import { inId, part } from './arguments.js';
import type { Command } from './command.js';

export const setup: Command = {
  data: new SlashCommandBuilder()
    .setName('setup')
    .setDescription('Sensible reminders for this channel, by one button')
    .toJSON(),
  action: 'look',
  ack: 'public',
  async run(interaction, app) {
    const lines = await app.setup.look(actorOf(interaction));
    await interaction.editReply(setupView(lines, app.environment));
  },
  parts: {
    make: part(inId(PARTS.setup.make), {
      action: 'schedule',
      ack: 'update',
      async run(interaction, _nothing, app) {
        const lines = await app.setup.make(actorOf(interaction));
        await interaction.editReply(setupView(lines, app.environment));
      },
    }),
  },
};
