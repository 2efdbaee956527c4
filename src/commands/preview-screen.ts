import { type RepliableInteraction, Routes } from 'discord.js';
import type { Overrides } from '../services/overrides.js';
import type { Preview } from '../services/preview.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { showPages } from './pages.js';
import { endedView, previewViews } from './views/preview.js';
import type { View } from './views/view.js';

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
 * Re-prices or refreshes in place: the pressed message, which carries the buttons, becomes the last page, and the
 * pages above it are edited along.
 */
export async function updatePreview(
  interaction: PressInteraction,
  planId: string,
  overrides: Overrides | undefined,
  app: App,
): Promise<void> {
  const preview = await app.preview.replace(planId, actorOf(interaction), overrides);
  const views = previewViews(preview, app.environment, app.clock.now());
  const shown = await app.preview.messagesOf(preview.planId);
  const above = shown.slice(0, -1);
  await Promise.all(above.map((id, index) => editAbove(interaction, id, views.slice(0, -1)[index], app)));
  const last = views.at(-1);
  if (last) await interaction.editReply(last);
  expireLater(interaction, '@original', preview, app);
}

async function editAbove(
  interaction: PressInteraction,
  id: string,
  view: View | undefined,
  app: App,
): Promise<void> {
  const body = view ?? { content: '*No longer part of this preview.*', embeds: [], components: [] };
  try {
    await interaction.client.rest.patch(Routes.channelMessage(interaction.channelId ?? '', id), { body });
  } catch (error) {
    app.log.warn({ err: error, message: id }, 'could not update a page of a preview');
  }
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
