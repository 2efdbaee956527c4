import type { RepliableInteraction } from 'discord.js';
import { UserError } from '../domain/errors.js';
import type { ShownPlan } from '../screens/custom-ids.js';
import { wordsOf } from '../screens/failures/index.js';
import { previewPicture } from '../screens/pictures/index.js';
import { endedView, previewSteps } from '../screens/preview.js';
import { PREVIEW_ENDS } from '../screens/preview-forms.js';
import type { View } from '../screens/view.js';
import { unhurried } from '../services/accounts/unhurried.js';
import type { CloseAt } from '../services/previews/close-wish.js';
import type { Overrides } from '../services/previews/overrides.js';
import type { Preview } from '../services/previews/preview.js';
import { actorOf } from './actor.js';
import { addPicture, type Shown } from './add-picture.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { buttonsGone, endOnScreen, shownIn } from './preview-ended.js';
import { showPages } from './show-pages.js';

/**
 * Shows a new preview as the answer to an interaction, and takes its buttons away when its time is up.
 * @param news said before it: why it came
 */
export async function showPreview(
  interaction: RepliableInteraction | PressInteraction,
  preview: Preview,
  app: App,
  news: string | null = null,
): Promise<void> {
  const pages = await unhurried(previewSteps(preview, app.environment, app.clock.now()));
  const [first] = pages;
  if (first && news !== null) first.content = `${news}\n${first.content}`;
  const ids = await showPages(interaction, pages);
  await shownIn(preview.planId, ids, app);
  stands(
    interaction,
    { id: ids.at(-1) ?? '', isReply: ids.length === 1 },
    { preview, pages: ids.length },
    app,
  );
}

/**
 * Re-prices or refreshes: in place where one message holds it all, before and after; else as new messages below, so
 * that no page above keeps an old price beside a new Submit.
 */
export async function updatePreview(
  interaction: PressInteraction,
  before: ShownPlan,
  overrides: Overrides | undefined,
  app: App,
  at?: CloseAt,
): Promise<void> {
  const { planId } = before;
  const preview = await app.preview.replace(planId, actorOf(interaction), overrides, at).catch(unchanged);
  const pages = await unhurried(previewSteps(preview, app.environment, app.clock.now()));
  const [only] = pages;
  const place = interaction.message?.id ?? '';
  if (await isSubmittedMeanwhile(place, planId, app)) return showBelow(interaction, preview, pages, app);
  if (before.pages === 1 && pages.length === 1 && only) {
    const message = await endOnScreen(planId, app, () =>
      interaction.editReply({ ...only, ...oldPictureGone(app) }),
    );
    await shownIn(preview.planId, [message.id], app);
    return stands(interaction, { id: message.id, isReply: true }, { preview, pages: 1 }, app);
  }
  await endOnScreen(planId, app, () =>
    interaction.editReply({
      content: PREVIEW_ENDS.replaced,
      components: [],
    }),
  );
  await showBelow(interaction, preview, pages, app);
}

async function showBelow(
  interaction: PressInteraction,
  preview: Preview,
  pages: readonly View[],
  app: App,
): Promise<void> {
  const ids: string[] = [];
  for (const page of pages) ids.push((await interaction.followUp(page)).id);
  await shownIn(preview.planId, ids, app);
  stands(interaction, { id: ids.at(-1) ?? '', isReply: false }, { preview, pages: ids.length }, app);
}

/** Another press made a newer preview in this message, and that one was submitted: its line with the ids stays. */
async function isSubmittedMeanwhile(messageId: string, planId: string, app: App): Promise<boolean> {
  const shown = app.onScreen.of(messageId);
  return shown !== null && shown !== planId && (await app.preview.isSubmitted(shown));
}

/** A percentage or price that isn't possible leaves the preview as it was; so says the refusal. */
function unchanged(error: unknown): never {
  if (!(error instanceof UserError) || wordsOf(error).saysSent) throw error;
  throw new UserError('PREVIEW_UNCHANGED', { because: error });
}

/** What the picture shows of other prices must not stand beside these; the new one comes a little later. */
function oldPictureGone({ pictures }: App): { attachments?: [] } {
  return pictures ? { attachments: [] } : {};
}

/** A preview is on the screen: from here on it gets its picture, and an end. */
function stands(
  interaction: RepliableInteraction | PressInteraction,
  message: Shown,
  { preview, pages }: { preview: Preview; pages: number },
  app: App,
): void {
  const { planId } = preview;
  app.onScreen.shows(message.id, planId);
  expireLater(interaction, message, { planId, pages }, preview.expiresAt, app);
  addPicture(interaction, message, app, {
    make: () => previewPicture(preview, app.prices),
    stillFits: async () => app.onScreen.stillShows(message.id, planId) && (await app.preview.isOpen(planId)),
  });
}

/**
 * A press decides by the database alone; this only keeps the screen honest. It holds no more of a preview than its name: one
 * of hundreds of positions takes megabytes, and its time is minutes.
 */
function expireLater(
  interaction: RepliableInteraction | PressInteraction,
  message: Shown,
  shown: ShownPlan,
  expiresAt: Date,
  app: App,
): void {
  const wait = expiresAt.getTime() - app.clock.now().getTime();
  setTimeout(() => {
    expire(interaction, message, shown, app).catch((error: unknown) => {
      app.log.warn({ err: error, planId: shown.planId }, 'could not show that a preview expired');
    });
  }, wait).unref();
}

async function expire(
  interaction: RepliableInteraction | PressInteraction,
  message: Shown,
  { planId, pages }: ShownPlan,
  app: App,
): Promise<void> {
  // A press that came in time may still be ending an order that this one is in place of: it says what became of both.
  if (app.settle.holds(planId)) return;
  const unpressed = await app.preview.expire(planId);
  // Two presses of Refresh make two previews in one message; the one that isn't on it any more has no say there.
  if (!app.onScreen.stillShows(message.id, planId)) return;
  app.onScreen.ended(message.id);
  if (!unpressed) return;
  await interaction.webhook.editMessage(
    message.isReply ? '@original' : message.id,
    endedView({ planId, pages }, PREVIEW_ENDS.expired),
  );
  await buttonsGone(planId, app);
}
