import pino from 'pino';
import { beforeEach, expect, it } from 'vitest';
import type { App } from '../../src/commands/app.js';
import { submitCard } from '../../src/commands/card-screen.js';
import type { PressInteraction } from '../../src/commands/command.js';
import { OnScreen } from '../../src/commands/on-screen.js';
import { markOfOrders } from '../../src/services/noticing/shown-orders.js';
import type { Preview } from '../../src/services/previews/preview.js';
import { d } from '../domain/build.js';
import { line, report, T0 } from '../services/support/builders.js';
import { bookOf, CLEAN, TRIDENT } from '../services/support/scene.js';
import { previewOf } from './support/arbitraries.js';

let preview: Preview;
let submitted: string[];
let screen: string;
beforeEach(async () => {
  const given = { increment: d('0.01'), trials: [CLEAN], locked: null };
  preview = {
    ...(await previewOf(bookOf(TRIDENT.held, [TRIDENT.opening]), given)),
    planId: 'fresh',
    expiresAt: new Date(T0.getTime() + 120_000),
  };
  submitted = [];
  screen = '';
});

/** A press on a card that was shown so long before, and shows these orders by default. */
async function press(
  agoMs: number,
  mark = markOfOrders(
    preview.account,
    preview.positions.flatMap(({ targets }) => targets),
  ),
) {
  const shows: string[][] = [];
  const app = {
    environment: 'PAPER',
    clock: { now: () => T0 },
    log: pino({ level: 'silent' }),
    onScreen: new OnScreen(),
    settle: { holds: () => false },
    preview: {
      ttlMs: 120_000,
      create: async () => preview,
      shownIn: async (planId: string, ids: string[]) => void shows.push([planId, ...ids]),
      pressedIn: async () => {},
      buttonsGone: async () => {},
      expire: async () => false,
    },
    submit: {
      submit: async ({ planId }: { planId: string }) => {
        submitted.push(planId);
        return report([line()]);
      },
    },
  } as unknown as App;
  const at = new Date(T0.getTime() - agoMs);
  const interaction = {
    user: { id: '1' },
    member: null,
    message: { id: 'card', createdAt: new Date(0), editedAt: at },
    client: { rest: { patch: async () => {} } },
    editReply: async ({ content }: { content: string }) => {
      screen = content;
      return { id: 'answer' };
    },
    webhook: { editMessage: async () => {} },
  } as unknown as PressInteraction;
  await submitCard(interaction, { positionId: 37, mark }, app);
  return shows;
}

it('submits a preview of whoever presses, which stands in the answer and not on the card', async () => {
  expect(await press(119_999)).toEqual([['fresh', 'answer']]);
  expect(submitted).toEqual(['fresh']);
});

it.each([
  ['has aged', 120_000, undefined, 'had aged, so nothing was sent'],
  ['shows other orders', 0, 'AAAAAAAAAAAAAAAAAAAAAA', 'have changed since the card, so nothing was sent'],
])(
  'sends nothing where the card %s, but shows a fresh preview with a Submit of its own',
  async (_what, ago, mark, words) => {
    await press(ago, mark);
    expect(submitted).toEqual([]);
    expect(screen).toContain(words);
    expect(screen).toContain('Not sent yet');
  },
);

it('sends nothing where the preview can’t be submitted', async () => {
  preview = { ...preview, locked: 'READ_ONLY' };
  await press(0);
  expect(submitted).toEqual([]);
  expect(screen).toContain('There is nothing to send from here');
});
