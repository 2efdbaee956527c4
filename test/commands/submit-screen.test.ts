import pino from 'pino';
import { expect, it } from 'vitest';
import type { App } from '../../src/commands/app.js';
import type { PressInteraction } from '../../src/commands/command.js';
import { OnScreen } from '../../src/commands/on-screen.js';
import { submitPreview } from '../../src/commands/submit-screen.js';
import { UserError } from '../../src/domain/errors.js';
import type { ReportLine } from '../../src/ports/report.js';
import type { Press } from '../../src/services/orders/submit.js';
import { line, report } from '../services/support/builders.js';

/** What is noted of a preview's buttons when every edit of its line but those of these numbers fails. */
async function notedWith(works: (edit: number) => boolean, end: ReportLine = line()): Promise<string[]> {
  const noted: string[] = [];
  let edits = 0;
  const note = (what: string) => async () => void noted.push(what);
  const app = {
    clock: { now: () => new Date() },
    log: pino({ level: 'silent' }),
    preview: { pressedIn: async () => {}, buttonsGone: note('gone'), buttonsStay: note('stay') },
    submit: {
      submit: async ({ onProgress }: Press) => {
        onProgress([line({ state: 'submitting', orderId: null })]);
        await new Promise(setImmediate);
        return report([end]);
      },
    },
  } as unknown as App;
  const interaction = {
    user: { id: '1' },
    member: null,
    message: { id: '7' },
    client: {
      rest: {
        patch: async () => {
          edits += 1;
          if (!works(edits)) throw new Error('502');
        },
      },
    },
  } as unknown as PressInteraction;
  await submitPreview(interaction, { planId: 'p1', pages: 1 }, app);
  expect(edits).toBe(2);
  return noted;
}

it('a line that tells the end of it is left alone; one that couldn’t be brought to say it is looked at again', async () => {
  expect(await notedWith(() => true)).toEqual(['gone']);
  expect(await notedWith((edit) => edit === 2)).toEqual(['gone']);
  expect(await notedWith((edit) => edit === 1)).toEqual(['stay']);
  expect(await notedWith(() => false)).toEqual(['stay']);
});

it('a line that says "unknown" is looked at again: what became of it may have been told before that line was shown', async () => {
  const unknown = line({ state: 'unknown', orderId: null });
  expect(await notedWith(() => true, unknown)).toEqual(['stay']);
});

it('what is refused of a preview writes over nothing of one that took its place, nor over what another press sends', async () => {
  let isSent = false;
  const edits: unknown[] = [];
  const app = {
    clock: { now: () => new Date() },
    log: pino({ level: 'silent' }),
    onScreen: new OnScreen(),
    preview: { pressedIn: async () => {} },
    settle: { toldOnPreview: async () => {} },
    submit: {
      submit: async () => {
        throw new UserError('PLAN_SUPERSEDED', {});
      },
      deny: () => {
        if (isSent) throw new UserError('ALREADY_SUBMITTED', {}, 'nothing-more');
      },
    },
  } as unknown as App;
  const interaction = {
    user: { id: '1' },
    member: null,
    message: { id: '7' },
    editReply: async (view: unknown) => void edits.push(view),
  } as unknown as PressInteraction;
  const press = () => submitPreview(interaction, { planId: 'p1', pages: 1 }, app);
  for (const shown of [null, 'p1']) {
    if (shown) app.onScreen.shows('7', shown);
    await press();
  }
  expect(edits).toHaveLength(2);
  app.onScreen.shows('7', 'p2');
  await expect(press()).rejects.toMatchObject({ code: 'PLAN_SUPERSEDED' });
  app.onScreen.shows('7', 'p1');
  isSent = true;
  await expect(press()).rejects.toMatchObject({ code: 'ALREADY_SUBMITTED' });
  expect(edits).toHaveLength(2);
});
