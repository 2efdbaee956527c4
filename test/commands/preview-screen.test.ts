import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { App } from '../../src/commands/app.js';
import type { PressInteraction } from '../../src/commands/command.js';
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
  log: pino({ level: 'silent' }),
  preview: {
    pageCount: async () => 1,
    replace: async () => made.shift(),
    shownIn: async (planId: string) => void open.add(planId),
    expire: async (planId: string) => open.delete(planId),
    buttonsGone: async () => {},
  },
} as unknown as App;

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
  await updatePreview(interaction, 'ended', undefined, app);
  await updatePreview(interaction, 'ended', undefined, app);
  open.delete('plan-2');
  screen = 'Submitted: 3 GTC orders placed';
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toBe('Submitted: 3 GTC orders placed');
  expect(open.size).toBe(0);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toBe('Submitted: 3 GTC orders placed');
});

it('the preview that took its place still ends on time', async () => {
  await updatePreview(interaction, 'ended', undefined, app);
  await updatePreview(interaction, 'ended', undefined, app);
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('Not sent yet');
  await vi.advanceTimersByTimeAsync(60_000);
  expect(screen).toContain('expired');
});
