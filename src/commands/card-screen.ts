import type { CardOrders } from '../screens/custom-ids.js';
import { CHECKING, RENEWED } from '../screens/opened.js';
import { markOfOrders, renewalOf } from '../services/noticing/shown-orders.js';
import { parseClose } from '../services/previews/close-wish.js';
import { canSubmit, type Preview, type PreviewRequest } from '../services/previews/preview.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { shownIn } from './preview-ended.js';
import { showPreview } from './preview-screen.js';
import { submitPreview } from './submit-screen.js';

/** The press on Submit under the card of a new position: its usual targets, as the card shows them. */
export async function submitCard(interaction: PressInteraction, shown: CardOrders, app: App): Promise<void> {
  await submitShown(interaction, shown, {}, app, async (preview) => preview);
}

/** The press under the card of a position that has come to its days: its close, at the card's price. */
export async function closeCard(
  interaction: PressInteraction,
  { price, ...shown }: CardOrders & { price: string },
  app: App,
): Promise<void> {
  const close = parseClose({ at: price, portion: null });
  // What the card's price isn't good for any more is shown at the market of now.
  await submitShown(interaction, shown, { close }, app, ({ planId, actor }) =>
    app.preview.replace(planId, actor, undefined, 'mid'),
  );
}

/**
 * Anybody who may trade can press it: a preview of their own, made now, is submitted only if it comes out as the card shows it
 * and that is recent; else it is shown with a Submit of its own.
 */
async function submitShown(
  interaction: PressInteraction,
  { positionId, mark }: CardOrders,
  what: Pick<PreviewRequest, 'close'>,
  app: App,
  renewed: (preview: Preview) => Promise<Preview>,
): Promise<void> {
  const pressedAt = app.clock.now();
  const message = await interaction.editReply({ content: CHECKING });
  const preview = await app.preview.create({
    actor: actorOf(interaction),
    which: positionId,
    overrides: {},
    dryRun: false,
    ...what,
  });
  const { planId, account, positions, givingWay } = preview;
  const targets = positions.flatMap((each) => each.targets);
  const ending = givingWay.map(({ id }) => id);
  const renewal = renewalOf({
    shownAt: shownAt(interaction),
    pressedAt,
    pricedAt: app.clock.now(),
    ttlMs: app.preview.ttlMs,
    same: markOfOrders(account, targets, ending) === mark,
  });
  if (renewal !== null || !canSubmit(preview)) {
    const fresh = renewal === null ? preview : await renewed(preview);
    return showPreview(interaction, fresh, app, renewal === null ? null : RENEWED[renewal]);
  }
  await shownIn(planId, [message.id], app);
  await submitPreview(interaction, { planId, pages: 1 }, app);
}

/** When the card came to say what it says; the beginning of time where that can't be told. */
function shownAt({ message }: PressInteraction): Date {
  return message?.editedAt ?? message?.createdAt ?? new Date(0);
}
