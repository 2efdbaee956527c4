import { ComponentType } from 'discord.js';
import { givenName, PARTS, type PartOf } from '../screens/custom-ids.js';
import { clip } from '../screens/format.js';
import { orderView } from '../screens/orders.js';
import { dealtWithRow } from '../screens/reminders/actions.js';
import { doneReaction, type Reaction, snoozedReaction } from '../screens/reminders/reactions.js';
import { LIMITS, type Row } from '../screens/view.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import { inId, part, picked } from './arguments.js';
import type { Part, PressInteraction } from './command.js';
import { showPreview } from './preview-screen.js';

const carried = PARTS.remind;

/** What the buttons and menus under a reminder do. */
export const remindParts: Record<PartOf<'remind'>, Part> = {
  /** Theirs whose reminder it is, and the traders': the service knows whose. */
  done: part(inId(carried.done), {
    action: 'none',
    ack: 'update',
    async run(interaction, leadId, app) {
      await app.reactions.done(actorOf(interaction), leadId);
      await dealtWith(interaction, leadId, doneReaction(interaction.user.id));
    },
  }),
  snooze: part(inId(carried.snooze), {
    action: 'none',
    ack: 'update',
    run: (interaction, leadId, app) => snooze(interaction, leadId, 'hour', app),
  }),
  tomorrow: part(inId(carried.tomorrow), {
    action: 'none',
    ack: 'update',
    run: (interaction, leadId, app) => snooze(interaction, leadId, 'tomorrow', app),
  }),
  /** The normal preview, for everybody to see; from there Submit is the second press. */
  preview: part(inId(carried.preview), {
    action: 'look',
    ack: 'public',
    reads: true,
    async run(interaction, positions, app) {
      const ids = positions === 'all' || 'allOf' in positions ? [] : positions;
      const [only] = ids;
      const which = ids.length === 1 && only !== undefined ? only : 'all';
      const preview = await app.preview.create({
        actor: actorOf(interaction),
        which,
        account: positions !== 'all' && 'allOf' in positions ? positions.allOf : null,
        overrides: {},
        dryRun: false,
        ...(ids.length > 1 ? { only: ids } : {}),
      });
      await showPreview(interaction, preview, app);
    },
  }),
  order: part(inId(carried.order), { action: 'look', ack: 'private', reads: true, run: showOrder }),
  /** The menu, where there are several orders. */
  pick: part(picked(givenName), { action: 'look', ack: 'private', reads: true, run: showOrder }),
};

async function snooze(
  interaction: PressInteraction,
  leadId: number,
  until: 'hour' | 'tomorrow',
  app: App,
): Promise<void> {
  const at = await app.reactions.snooze(actorOf(interaction), leadId, until);
  await dealtWith(interaction, leadId, snoozedReaction(interaction.user.id, at));
}

async function showOrder(interaction: PressInteraction, id: string, app: App): Promise<void> {
  const { book, order } = await app.orders.find(id);
  await interaction.editReply(orderView(book, order, app.environment));
}

/** The message says what became of it; what leads on stays, the row that was pressed goes. */
async function dealtWith(
  interaction: PressInteraction,
  leadId: number,
  { label, text }: Reaction,
): Promise<void> {
  const { message } = interaction;
  const rows = (message?.components ?? []).flatMap((row) => {
    const plain = row.toJSON();
    return plain.type === ComponentType.ActionRow ? [plain as Row] : [];
  });
  const kept = rows.filter((row) => !hasReactions(row));
  await interaction.editReply({
    content: `${clip(message?.content ?? '', LIMITS.content - text.length - 1)}\n${text}`.trim(),
    components: [...kept, dealtWithRow(leadId, label)],
  });
}

function hasReactions({ components }: Row): boolean {
  return components.some((each) => 'custom_id' in each && each.custom_id.startsWith('remind:done:'));
}
