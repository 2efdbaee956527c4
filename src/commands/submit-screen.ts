import { UserError } from '../services/errors.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { failureOf } from './failure.js';
import { endedView } from './views/preview.js';
import { headline } from './views/report.js';

/** After these the preview can't be submitted any more; a fresh one is offered in its place. */
const ENDED = new Set([
  'PLAN_EXPIRED',
  'PLAN_STALE',
  'PLAN_SUPERSEDED',
  'PLAN_CANCELLED',
  'POSITION_CHANGED',
  'PRICE_OFF_TICK',
  'NOTHING_TO_SEND',
  'NOT_SENT',
  'OUTDATED',
]);

/** The press on Submit: its buttons go, progress shows, and the order ids come as a message of their own. */
export async function submitPreview(interaction: PressInteraction, planId: string, app: App): Promise<void> {
  const progress = new ProgressLine(interaction, app);
  try {
    const report = await app.submit.submit({
      planId,
      actor: actorOf(interaction),
      onProgress: (placed, answered, total) =>
        progress.show(
          `Submitting… **${placed} of ${total} placed**${answered > placed ? `, ${answered - placed} not confirmed` : ''}`,
        ),
    });
    const ids = report.lines.flatMap(({ orderId }) => orderId ?? []);
    progress.show(`Submitted: ${headline(report.lines)}${ids.length > 0 ? ` · ${ids.join(', ')}` : ''}`);
    await progress.settled();
  } catch (error) {
    await progress.settled();
    if (!(error instanceof UserError && ENDED.has(error.code))) throw error;
    const { title, text } = failureOf(error, true);
    await interaction.editReply(endedView(planId, `⚠️ **${title}**\n${text}`));
  }
}

/**
 * The line above a preview under submission. Only the newest text matters: edits never queue up behind each
 * other, and one that fails never stands in an order's way.
 */
class ProgressLine {
  #wanted: string | null = null;
  #running: Promise<void> | null = null;

  constructor(
    private readonly interaction: PressInteraction,
    private readonly app: App,
  ) {}

  show(text: string): void {
    this.#wanted = text;
    this.#running ??= this.#run();
  }

  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wanted !== null) {
      const content = this.#wanted;
      this.#wanted = null;
      try {
        await this.interaction.editReply({ content, components: [] });
      } catch (error) {
        this.app.log.warn({ err: error }, 'could not show progress');
      }
    }
    // In the same breath as the last look at `#wanted`: a text that comes now must start a run of its own.
    this.#running = null;
  }
}
