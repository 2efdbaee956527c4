import { Session } from 'node:inspector/promises';
import { setImmediate as breathe } from 'node:timers/promises';
import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../../src/commands/app.js';
import type { PressInteraction } from '../../src/commands/command.js';
import { OnScreen } from '../../src/commands/on-screen.js';
import { showPreview, updatePreview } from '../../src/commands/preview-screen.js';
import type { Preview } from '../../src/services/previews/preview.js';
import { d } from '../domain/build.js';
import { T0 } from '../services/support/builders.js';
import { bookOf, CLEAN, TRIDENT } from '../services/support/scene.js';
import { previewOf } from './support/arbitraries.js';

/** Plans that are open still, and what the one message shows. */
let open: Set<string>;
let screen: string;
let made: Preview[];

beforeEach(async () => {
  vi.useFakeTimers({ now: T0 });
  open = new Set();
  screen = '';
  const given = { increment: d('0.01'), trials: [CLEAN], locked: null };
  const preview = await previewOf(bookOf(TRIDENT.held, [TRIDENT.opening]), given);
  made = [1, 2].map((number) => ({
    ...preview,
    planId: `plan-${number}`,
    expiresAt: new Date(T0.getTime() + number * 60_000),
  }));
});
afterEach(() => vi.useRealTimers());

const app = {
  environment: 'PAPER',
  clock: { now: () => new Date() },
  onScreen: new OnScreen(),
  settle: { holds: () => false },
  log: pino({ level: 'silent' }),
  preview: {
    replace: async () => made.shift(),
    shownIn: async (planId: string) => void open.add(planId),
    expire: async (planId: string) => open.delete(planId),
    buttonsGone: async () => {},
  },
} as unknown as App;

const ENDED = { planId: 'ended', pages: 1 };
const show = async ({ content }: { content: string }) => {
  screen = content;
  return { id: 'message-1' };
};
const interaction = {
  user: { id: '1' },
  editReply: show,
  webhook: { editMessage: (_id: string, view: { content: string }) => show(view) },
} as unknown as PressInteraction;

it('says of a preview whose time ran out that it expired', async () => {
  await showPreview(interaction, made[0]!, app);
  expect(screen).toContain('Not sent yet');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('expired');
});

it('keeps nothing of a preview that is on the screen but its name, until its time is up', async () => {
  const inspector = new Session();
  inspector.connect();
  const shown = new WeakRef(made[0]!);
  await showPreview(interaction, made.shift()!, app);
  // What has been awaited is held until the turn of the loop is over.
  await breathe();
  await inspector.post('HeapProfiler.collectGarbage');
  inspector.disconnect();
  expect(shown.deref()).toBeUndefined();
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('expired');
});

it('leaves a preview whose press is under way to that press, however long it takes', async () => {
  const pressed = { ...app, settle: { holds: () => true } } as unknown as App;
  await showPreview(interaction, made[0]!, pressed);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('Not sent yet');
  expect(open).toContain('plan-1');
});

it('a database that fails once a preview stands is no failure of the preview', async () => {
  const forgetful = {
    ...app,
    preview: {
      ...app.preview,
      shownIn: () => Promise.reject(new Error('no answer')),
      expire: async () => true,
    },
  } as unknown as App;
  await showPreview(interaction, made[0]!, forgetful);
  expect(screen).toContain('Not sent yet');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('expired');
});

it('the end of a preview says nothing on a message that shows another one by then, or its orders', async () => {
  // Two presses on "Fresh preview" at once: both make a preview, and the second one stays on the screen.
  await updatePreview(interaction, ENDED, undefined, app);
  await updatePreview(interaction, ENDED, undefined, app);
  open.delete('plan-2');
  screen = 'Submitted: 3 GTC orders placed';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toBe('Submitted: 3 GTC orders placed');
  expect(open.size).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toBe('Submitted: 3 GTC orders placed');
});

it('the preview that took its place still ends on time', async () => {
  await updatePreview(interaction, ENDED, undefined, app);
  await updatePreview(interaction, ENDED, undefined, app);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('Not sent yet');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('expired');
});

it('takes the place of a preview that is all in this message, by what its button says, and comes below any other', async () => {
  for (const [pages, below] of [
    [1, 0],
    [2, 1],
    [null, 1],
  ] as const) {
    const posted: string[] = [];
    const followUp = async ({ content }: { content: string }) => {
      posted.push(content);
      return { id: `message-${posted.length}` };
    };
    const again = { ...app, preview: { ...app.preview, replace: async () => made[0] } } as unknown as App;
    const pressed = { ...interaction, followUp } as unknown as PressInteraction;
    await updatePreview(pressed, { planId: 'before', pages }, undefined, again);
    expect(posted.length, `${pages} pages`).toBe(below);
    expect(screen).toContain(below ? 'Replaced by the newer preview below' : 'Not sent yet');
  }
});
