import type { App } from './app.js';

/** A preview's message offers nothing of its plan any more; should that not be written down, it is looked at again. */
export async function buttonsGone(planId: string, app: App): Promise<void> {
  await noting(app, planId, () => app.preview.buttonsGone(planId));
}

/**
 * It can't be sent any more, and its message doesn't say so, or something that isn't true: that is made good by another way.
 * @param inMs not before then, because until then an earlier change may still take effect
 */
export async function buttonsStay(planId: string, app: App, inMs = 0): Promise<void> {
  await noting(app, planId, () => app.preview.buttonsStay(planId, inMs));
}

/**
 * Changes the message of a preview that can't be sent any more.
 * @throws whatever `change` throws; the buttons then go a little later
 */
export async function endOnScreen<T>(planId: string, app: App, change: () => Promise<T>): Promise<T> {
  const changed = await change().catch(async (error: unknown) => {
    await buttonsStay(planId, app);
    throw error;
  });
  await buttonsGone(planId, app);
  return changed;
}

/** The preview itself says that nothing was sent: what else would be told of that press is not owed any more. */
export async function toldOnPreview(planId: string, app: App): Promise<void> {
  await noting(app, planId, () => app.settle.toldOnPreview(planId));
}

/** Remembers which messages show a preview. It stands already: trouble in remembering is none of its trader's. */
export async function shownIn(planId: string, messageIds: string[], app: App): Promise<void> {
  await noting(app, planId, () => app.preview.shownIn(planId, messageIds));
}

/** Without it, nobody could find the message again once its buttons are gone. */
export async function pressedIn(planId: string, messageId: string | undefined, app: App): Promise<void> {
  if (messageId) await noting(app, planId, () => app.preview.pressedIn(planId, messageId));
}

async function noting(app: App, planId: string, note: () => Promise<void>): Promise<void> {
  await note().catch((error: unknown) => {
    app.log.warn({ err: error, planId }, 'could not write down what a preview shows');
  });
}
