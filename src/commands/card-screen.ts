import type { CardOrders } from '../screens/custom-ids.js';
import { CHECKING, RENEWED } from '../screens/opened.js';
import { markOfOrders, renewalOf } from '../services/noticing/shown-orders.js';
import { canSubmit } from '../services/previews/preview.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { shownIn } from './preview-ended.js';
import { showPreview } from './preview-screen.js';
import { submitPreview } from './submit-screen.js';

/**
 * The press on Submit under the card of a new position, which anybody who may trade can press: a preview of their own, made
 * now, is submitted only if it comes out as the card shows it and that is recent; else it is shown with a Submit of its own.
 */
export async function submitCard(
  interaction: PressInteraction,
  { positionId, mark }: CardOrders,
  app: App,
): Promise<void> {
  const pressedAt = app.clock.now();
  const message = await interaction.editReply({ content: CHECKING });
  const preview = await app.preview.create({
    actor: actorOf(interaction),
    which: positionId,
    overrides: {},
    dryRun: false,
  });
  const { planId, account, positions } = preview;
  const targets = positions.flatMap((each) => each.targets);
  const renewal = renewalOf({
    shownAt: shownAt(interaction),
    pressedAt,
    pricedAt: app.clock.now(),
    ttlMs: app.preview.ttlMs,
    same: markOfOrders(account, targets) === mark,
  });
  if (renewal !== null || !canSubmit(preview)) {
    return showPreview(interaction, preview, app, renewal === null ? null : RENEWED[renewal]);
  }
  await shownIn(planId, [message.id], app);
  await submitPreview(interaction, { planId, pages: 1 }, app);
}

/** When the card came to say what it says; the beginning of time where that can't be told. */
function shownAt({ message }: PressInteraction): Date {
  return message?.editedAt ?? message?.createdAt ?? new Date(0);
}
