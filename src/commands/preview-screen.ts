import type { RepliableInteraction } from 'discord.js';
import { UserError } from '../services/errors.js';
import type { Overrides } from '../services/overrides.js';
import type { Preview } from '../services/preview.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { showPages } from './show-pages.js';
import { endedView, previewViews } from './views/preview.js';

/** Shows a new preview as the answer to an interaction, and takes its buttons away when its time is up. */
export async function showPreview(
  interaction: RepliableInteraction | PressInteraction,
  preview: Preview,
  app: App,
): Promise<void> {
  const ids = await showPages(interaction, previewViews(preview, app.environment, app.clock.now()));
  await app.preview.shownIn(preview.planId, ids);
  expireLater(interaction, ids.length > 1 ? (ids.at(-1) ?? '@original') : '@original', preview, app);
}

/**
 * Re-prices or refreshes: in place where one message holds it all, before and after; else as new messages below, so
 * that no page above keeps an old price beside a new Submit.
 */
export async function updatePreview(
  interaction: PressInteraction,
  planId: string,
  overrides: Overrides | undefined,
  app: App,
): Promise<void> {
  const pagesBefore = await app.preview.pageCount(planId);
  const preview = await app.preview.replace(planId, actorOf(interaction), overrides).catch(unchanged);
  const pages = previewViews(preview, app.environment, app.clock.now());
  const [only] = pages;
  if (pagesBefore === 1 && pages.length === 1 && only) {
    const message = await interaction.editReply(only);
    await app.preview.shownIn(preview.planId, [message.id]);
    return expireLater(interaction, '@original', preview, app);
  }
  await interaction.editReply({
    content: 'Replaced by the newer preview below. Nothing was sent.',
    components: [],
  });
  const ids: string[] = [];
  for (const page of pages) ids.push((await interaction.followUp(page)).id);
  await app.preview.shownIn(preview.planId, ids);
  expireLater(interaction, ids.at(-1) ?? '@original', preview, app);
}

/** A percentage or price that isn't possible leaves the preview as it was; so says the refusal. */
function unchanged(error: unknown): never {
  if (!(error instanceof UserError) || error.message.includes('sent')) throw error;
  throw new UserError(
    error.code,
    `${error.message} The preview is unchanged and nothing was sent.`,
    error.hint,
  );
}

/** A press decides by the database alone; this only keeps the screen honest. */
function expireLater(
  interaction: RepliableInteraction | PressInteraction,
  message: string,
  preview: Preview,
  app: App,
): void {
  const wait = preview.expiresAt.getTime() - app.clock.now().getTime();
  setTimeout(() => {
    expire(interaction, message, preview, app).catch((error: unknown) => {
      app.log.warn({ err: error, planId: preview.planId }, 'could not show that a preview expired');
    });
  }, wait).unref();
}

async function expire(
  interaction: RepliableInteraction | PressInteraction,
  message: string,
  preview: Preview,
  app: App,
): Promise<void> {
  if (!(await app.preview.expire(preview.planId))) return;
  await interaction.webhook.editMessage(
    message,
    endedView(preview.planId, '⌛ This preview expired. Nothing was sent.'),
  );
}
