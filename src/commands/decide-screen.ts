import { ComponentType } from 'discord.js';
import { withoutQuestion } from '../screens/components.js';
import { decidedView } from '../screens/reconcile.js';
import { isResultOf } from '../screens/report.js';
import type { Decision } from '../services/orders/lookalike-decisions.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';

/**
 * The press on whose order it is. The plan's own message tells what came of it, perhaps in another channel or nowhere; under any
 * other message the press is answered right there, which asks no more.
 */
export async function decideOnScreen(
  interaction: PressInteraction,
  asked: Omit<Decision, 'actor'>,
  app: App,
): Promise<void> {
  const planId = await app.lookalikes.decide({ ...asked, actor: actorOf(interaction) });
  const { message } = interaction;
  if (message && isResultOf(message, planId)) return;
  await interaction.followUp(decidedView(asked, app.environment));
  const rows = (message?.components ?? [])
    .map((each) => each.toJSON())
    .filter((each) => each.type === ComponentType.ActionRow);
  // It is decided and answered: what still asks is refused when pressed.
  await interaction
    .editReply({ components: withoutQuestion(rows, asked.intentId) })
    .catch((error: unknown) => app.log.warn({ err: error, planId }, 'could not take a question away'));
}
