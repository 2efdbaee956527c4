import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk, textOf } from './support/desk.js';
import { allPostedBy, postedBy, remind, scheduled, settled } from './support/reminders.js';

const SHIFT = pathToFileURL('test/e2e/support/shift-clock.mjs').href;

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ startBot: false, settings: { REMINDER_GRACE_MINUTES: '60' } });
});
afterAll(() => desk?.close());

/** Stops the bot if it runs and starts it at another moment. */
async function liveAt(at: string): Promise<void> {
  await desk.bot.stop();
  await desk.trader.waitForBot(false);
  await desk.startBot({ NODE_OPTIONS: `--import=${SHIFT}`, CLOCK_AT: at });
}

/** Lets the bot live past an instant: a note due then is delivered after everything due before. */
async function livePast(instant: string): Promise<void> {
  await postedBy(
    desk.trader,
    await scheduled(desk, { kind: 'note', when: instant, text: 'The moment has passed' }),
  );
  await settled(desk);
}

const note = (when: string, text = 'Look at it') => scheduled(desk, { kind: 'note', when, text });
const posted = async (id: string) => (await allPostedBy(desk, id)).length;

describe('down over a run', () => {
  test('what was missed within the grace comes as one message, marked late; older runs are not posted', async () => {
    await liveAt('2026-12-01T15:00:00Z');
    const ids = [await note('2026-12-01T15:02:00Z', 'First'), await note('2026-12-01T15:03:00Z', 'Second')];
    const tooOld = await note('2026-12-01T15:01:00Z', 'Long gone');
    await liveAt('2026-12-01T16:01:30Z');
    const message = await desk.trader.waitForMessage(
      (each) => each.content.startsWith('<@') && textOf(each).includes('First'),
      { timeoutMs: 30_000 },
    );
    await settled(desk);
    expect(textOf(message)).toContain('Second');
    expect(textOf(message)).toMatch(/late/i);
    for (const id of ids) expect(await posted(id)).toBe(1);
    expect(await posted(tooOld)).toBe(0);
  });
});

describe('daylight saving in New York', () => {
  test('a time that the clocks skip runs once, when they have jumped', async () => {
    await liveAt('2027-03-14T06:58:00Z');
    const id = await note('daily 2:30');
    expect(textOf(await remind(desk, 'list'))).toContain('Sun 14 Mar 2027 3:00');
    await liveAt('2027-03-14T06:59:55Z');
    await postedBy(desk.trader, id);
    await liveAt('2027-03-14T07:29:55Z');
    await livePast('2027-03-14T07:30:02Z');
    expect(await posted(id)).toBe(1);
    await remind(desk, 'remove', { id });
  });

  test('a time that comes twice runs once, at the first', async () => {
    await liveAt('2027-11-07T05:29:48Z');
    const id = await note('daily 1:30');
    await postedBy(desk.trader, id);
    await liveAt('2027-11-07T06:29:55Z');
    await livePast('2027-11-07T06:30:02Z');
    expect(await posted(id)).toBe(1);
    await remind(desk, 'remove', { id });
  });
});

describe('a market holiday', () => {
  test('is skipped: what is due after the open comes on the next market day, half days included', async () => {
    await liveAt('2026-11-26T14:44:48Z');
    const open = await scheduled(desk, { kind: 'missing-targets', when: 'market open +15m' });
    const close = await remind(desk, 'add', { kind: 'daily-summary', when: 'market close -10m' });
    expect(textOf(close)).toContain('Fri 27 Nov 2026 12:50');
    await livePast('2026-11-26T14:45:02Z');
    expect(await posted(open)).toBe(0);
    await liveAt('2026-11-27T14:44:50Z');
    expect(textOf(await postedBy(desk.trader, open))).toContain('have no targets');
  });
});
