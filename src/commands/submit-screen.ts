import { Routes } from 'discord.js';
import { UserError } from '../domain/errors.js';
import type { FailureCode } from '../domain/failures.js';
import type { ShownPlan } from '../screens/custom-ids.js';
import { failureOf, failureText } from '../screens/failure.js';
import { endedView } from '../screens/preview.js';
import { progressText, submittedText } from '../screens/progress.js';
import { isUnknown } from '../services/telling/report.js';
import { actorOf } from './actor.js';
import type { App } from './app.js';
import type { PressInteraction } from './command.js';
import { buttonsGone, buttonsStay, pressedIn, toldOnPreview } from './preview-ended.js';
import { ECHO_MS, ProgressLine } from './progress-line.js';

/** After these the preview can't be submitted any more; a fresh one is offered in its place. */
const ENDED = new Set<FailureCode>([
  'HALTED_MEANWHILE',
  'PLAN_EXPIRED',
  'PLAN_STALE',
  'ACCOUNT_GONE',
  'PLAN_SUPERSEDED',
  'PLAN_CANCELLED',
  'POSITION_CHANGED',
  'CHANGE_STOPPED',
  'CHANGE_UNPLACED',
  'CANCEL_UNDER_WAY',
  'PLAN_OFF_TICK',
  'NOTHING_TO_SEND',
  'NOT_SENT',
  'PLAN_OUTDATED',
]);

/** The press on Submit: its buttons go, progress shows, and the order ids come as a message of their own. */
export async function submitPreview(
  interaction: PressInteraction,
  shown: ShownPlan,
  app: App,
): Promise<void> {
  const { planId } = shown;
  const progress = progressOn(interaction, app);
  void pressedIn(planId, interaction.message?.id, app);
  try {
    const report = await app.submit.submit({
      planId,
      actor: actorOf(interaction),
      onProgress: (lines) => progress.show(progressText(lines)),
    });
    progress.show(submittedText(report.lines));
    await progress.settled();
    // One that says "unknown" is looked at again, until it can say what became of the order: by now that may be told already.
    if (progress.standing === 'doubtful') await buttonsStay(planId, app, ECHO_MS);
    else if (progress.standing === 'behind' || report.lines.some(isUnknown)) await buttonsStay(planId, app);
    else await buttonsGone(planId, app);
  } catch (error) {
    await progress.settled();
    if (!(error instanceof UserError && ENDED.has(error.code))) throw error;
    // A newer preview may stand in this message, or be on its way to the broker: what is said of this one stands beside it.
    const onScreen = app.onScreen.of(interaction.message?.id ?? '');
    if (onScreen !== null && onScreen !== planId) throw error;
    // This edit may come late, and must not stand over what another press sent.
    app.submit.deny(planId);
    await interaction
      .editReply(endedView(shown, failureText(failureOf(error, true))))
      .catch(async (unshown: unknown) => {
        app.log.warn({ err: unshown, planId }, 'could not show that a preview has ended');
        await buttonsStay(planId, app);
        // What happened is then told beside it, and not the trouble of showing it.
        throw error;
      });
    await toldOnPreview(planId, app);
  }
}

function progressOn(interaction: PressInteraction, app: App): ProgressLine {
  const { applicationId, token, client } = interaction;
  const route = Routes.webhookMessage(applicationId, token, '@original');
  return new ProgressLine(
    // The library's own edit can't be given up, and what comes later would wait for it.
    async (content, signal) => {
      await client.rest.patch(route, { auth: false, body: { content, components: [] }, signal });
    },
    { clock: app.clock, log: app.log },
  );
}
