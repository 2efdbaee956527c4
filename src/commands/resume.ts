import { SlashCommandBuilder } from 'discord.js';
import { PARTS } from '../screens/custom-ids.js';
import { haltView, resumedView, resumeQuestionView } from '../screens/halt.js';
import { actorOf } from './actor.js';
import { inId, part } from './arguments.js';
import type { Command, Part } from './command.js';

export const resume: Command = {
  data: new SlashCommandBuilder()
    .setName('resume')
    .setDescription('Let orders be sent again after a halt')
    .toJSON(),
  action: 'trade',
  ack: 'public',
  async run(interaction, app) {
    const standing = await app.halting.current();
    const view = standing ? resumeQuestionView(standing, app.environment) : haltView(null, app.environment);
    await interaction.editReply(view);
  },
  parts: {
    ask: part(
      inId(PARTS.resume.ask),
      onSwitch(async (interaction, at, app) => {
        const standing = await app.halting.current();
        const same = standing?.at.getTime() === at.getTime();
        const view =
          standing && same
            ? resumeQuestionView(standing, app.environment)
            : haltView(standing, app.environment);
        await interaction.editReply(view);
      }),
    ),
    yes: part(
      inId(PARTS.resume.yes),
      onSwitch(async (interaction, at, app) => {
        const before = await app.halting.current();
        const after = await app.halting.resume(actorOf(interaction), at);
        const lifted = before !== null && after === null;
        await interaction.editReply(
          lifted
            ? resumedView(before, actorOf(interaction).userId, app.environment)
            : haltView(after, app.environment),
        );
      }),
    ),
    keep: part(
      inId(PARTS.resume.keep),
      onSwitch(async (interaction, _at, app) => {
        await interaction.editReply(haltView(await app.halting.current(), app.environment));
      }),
    ),
  },
};

/** Its buttons all change the message they stand under, and need a trader. */
function onSwitch(run: Part<Date>['run']): Omit<Part<Date>, 'read'> {
  return { action: 'trade', ack: 'update', run };
}
