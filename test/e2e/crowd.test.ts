import type { Message } from '@profit-target/local-discord/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { buttonsOf, Desk, until } from './support/desk.js';
import { arrivals, arrived } from './support/scenes.js';

const PATIENCE_MS = 120_000;
const ASKED = 40;
const EPHEMERAL = 64;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ paper: { scenario: 'twenty', rateCeilings: {} } });
});
afterAll(() => desk?.close());

/** Dry runs the broker was asked for so far. */
async function trials(): Promise<number> {
  const counts = Object.entries(await desk.admin.counts());
  return counts
    .filter(([route]) => route.endsWith('/orders/dry-run'))
    .reduce((sum, [, each]) => sum + each, 0);
}

/** What the viewer alone can see. */
function toldPrivately(): Map<string, Message> {
  const messages = desk.viewer.events.flatMap(({ message }): Message[] => (message ? [message] : []));
  const own = messages.filter(({ flags, content }) => (flags & EPHEMERAL) !== 0 && content !== '');
  return new Map(own.map((message) => [message.id, message]));
}

/** The last page of a preview of everything that the trader asks for. */
async function previewAll() {
  const before = (await desk.trader.messages(desk.discord.channelIds.trading, 1000)).at(-1);
  await desk.trader.command('targets', { position: 'all' });
  return desk.trader.waitForMessage(
    (message) => buttonsOf(message).some((label) => label.startsWith('Submit')),
    { timeoutMs: 90_000, ...(before ? { after: before } : {}) },
  );
}

test(
  'a viewer’s forty `/targets all` stand in the way of no trader: two are answered, the others told in private',
  async () => {
    const start = await trials();
    await previewAll();
    const alone = (await trials()) - start;
    expect(alone).toBeGreaterThan(20);
    const single = await desk.preview(await desk.positionId('QQQ'));

    // Slow enough that the first two are still being answered when the last is asked.
    await desk.admin.fault({ kind: 'latency', path: '/orders/dry-run$', ms: 6_000, times: null });
    await Promise.all(
      Array.from({ length: ASKED }, () => desk.viewer.command('targets', { position: 'all' })),
    );
    const told = await until(async () => {
      const refusals = [...toldPrivately().values()];
      return refusals.length >= ASKED - 2 ? refusals : null;
    }, 60_000);
    expect(told).toHaveLength(ASKED - 2);
    for (const { content } of told) expect(content).toContain('**One moment**');

    const news = await arrivals(desk);
    await desk.trader.press(single, 'Submit');
    await arrived(news, 1);

    await desk.admin.clearFaults();
    const before = await trials();
    const answer = await previewAll();
    expect(buttonsOf(answer).some((label) => label.startsWith('Submit'))).toBe(true);
    // Its own, and at most two of the viewer's; in one line it would have come after all forty.
    expect((await trials()) - before).toBeLessThanOrEqual(3 * alone);
  },
  PATIENCE_MS,
);
