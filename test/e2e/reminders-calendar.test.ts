import { DateTime } from 'luxon';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { Desk, textOf } from './support/desk.js';
import { MovedClock } from './support/moved-clock.js';
import { allPostedBy, postedBy, remind, scheduled, settled } from './support/reminders.js';

let desk: Desk;
let clock: MovedClock;
beforeAll(async () => {
  desk = await Desk.open({ startBot: false, settings: { REMINDER_GRACE_MINUTES: '60', PICTURES: 'on' } });
  clock = new MovedClock(desk);
});
afterAll(() => desk?.close());

/** Moves the market to another moment, with its prices and everything held as they are. */
async function marketAt(at: string): Promise<void> {
  await desk.admin.holdSettlement(true);
  await desk.admin.freeze(false);
  await desk.admin.clock({ at });
  await desk.admin.freeze();
}

/** Lets the bot live past an instant: a note due then is delivered after everything due before. */
async function livePast(instant: string): Promise<void> {
  const passed = await scheduled(desk, { kind: 'note', when: instant, text: 'The moment has passed' });
  clock.jumpTo(justAfter(instant));
  await postedBy(desk.trader, passed);
  await settled(desk);
}

const justAfter = (instant: string) => new Date(Date.parse(instant) + 1_000).toISOString();

const note = (when: string, text = 'Look at it') => scheduled(desk, { kind: 'note', when, text });
const posted = async (id: string) => (await allPostedBy(desk, id)).length;

describe('down over a run', () => {
  test('what was missed within the grace comes as one message, marked late; older runs are not posted', async () => {
    await clock.startAt('2026-12-01T15:00:00Z');
    const ids = [await note('2026-12-01T15:02:00Z', 'First'), await note('2026-12-01T15:03:00Z', 'Second')];
    const tooOld = await note('2026-12-01T15:01:00Z', 'Long gone');
    await clock.startAt('2026-12-01T16:01:30Z');
    const message = await desk.trader.waitForMessage(
      (each) => each.content.startsWith('<@') && textOf(each).includes('First'),
      { timeoutMs: 30_000 },
    );
    await settled(desk);
    expect(textOf(message)).toContain('Second');
    expect(textOf(message)).toMatch(/late/i);
    for (const id of ids) expect(await posted(id)).toBe(1);
    expect(await posted(tooOld)).toBe(0);
    expect(textOf(await remind(desk, 'list'))).toMatch(
      new RegExp(
        `\\*\\*${tooOld} · [^☑]*not told: the run of Tue 1 Dec 2026 10:01 ET: The bot was not running`,
      ),
    );
  });
});

describe('snoozed for an hour', () => {
  test('it comes once more then, unless it is paused meanwhile', async () => {
    await clock.startAt('2026-12-02T14:59:00Z');
    const snoozed = await note('daily 10:00', 'Think again');
    const paused = await note('daily 10:00', 'Never mind');
    clock.jumpTo(justAfter('2026-12-02T15:00:00Z'));
    let until = 0;
    for (const id of [snoozed, paused]) {
      const message = await postedBy(desk.trader, id);
      await desk.trader.press(message, 'Snooze 1 h');
      const asleep = await desk.trader.waitForEdit(
        message,
        (each) => each.content.includes('💤 Snoozed'),
        30_000,
      );
      until = Math.max(until, 1000 * Number(/until <t:(\d+):f>/.exec(asleep.content)?.[1]));
    }
    await remind(desk, 'pause', { id: paused });
    const around = (ms: number) => new Date(until + ms).toISOString().replace('.000Z', 'Z');
    await livePast(around(2_000));
    expect(await posted(snoozed)).toBe(2);
    expect(await posted(paused)).toBe(1);
    for (const id of [snoozed, paused]) await remind(desk, 'remove', { id });
  });
});

describe('the rhythm of a day', () => {
  const saidBy = async (id: string) => textOf(await postedBy(desk.trader, id));

  test('before the open the summary tells what is uncovered and what works, after the close how the day stands', async () => {
    await clock.startAt('2026-12-03T13:59:00Z');
    const ahead = await scheduled(desk, { kind: 'daily-summary', when: '2026-12-03T14:00:00Z' });
    clock.jumpTo(justAfter('2026-12-03T14:00:00Z'));
    expect(await saidBy(ahead)).toMatch(
      /The day ahead, Thu 3 Dec[\s\S]*Regular session[\s\S]*Not \(fully\) covered[\s\S]*QQQ Senex Trident[\s\S]*Working[\s\S]*GOOGL Bull put/,
    );
    // Marks of that day: those of another are not believed.
    await marketAt('2026-12-03T21:14:45Z');
    const behind = await scheduled(desk, { kind: 'daily-summary', when: 'market close +15m' });
    clock.jumpTo(justAfter('2026-12-03T21:15:00Z'));
    expect(await saidBy(behind)).toMatch(
      /After the close, Thu 3 Dec[\s\S]*Nothing was closed[\s\S]*Open \*\*[+-−]?\$[\s\S]*Buying power \$[\s\S]*Next[\s\S]*Set targets for #/,
    );
    const drawn = await desk.trader.waitForEdit(
      await postedBy(desk.trader, behind),
      ({ attachments }) => attachments.length > 0,
      30_000,
    );
    expect(drawn.attachments[0]?.description).toMatch(
      /^Open profit, Thu 3 Dec 26, 10 of \d+ positions\. #\d+ .*: [+−]\$[\d,.]+, today [+−]?\$/,
    );
    expect(textOf(drawn)).toBe(textOf(await postedBy(desk.trader, behind)));
    await remind(desk, 'remove', { id: behind });
    await marketAt(new Date().toISOString());
  });

  test('on expiration day it is told what expires; the day before, nothing', async () => {
    await clock.startAt(new Date(Date.now() - 1_000).toISOString());
    const [, left] = /(\d+) DTE/.exec(textOf(await desk.ask('positions', { underlying: 'AAPL' }))) ?? [];
    const day = DateTime.now()
      .setZone('America/New_York')
      .plus({ days: Number(left) })
      .startOf('day');
    const at = (days: number, seconds: number) =>
      day.plus({ days, hours: 9, minutes: 45, seconds }).toUTC().toISO({ suppressMilliseconds: true }) ?? '';
    clock.jumpTo(at(-1, -15));
    const daily = { market_days_only: false, when: 'daily 9:45' };
    const id = await scheduled(desk, { kind: 'expiration-friday', underlying: 'AAPL', ...daily });
    await livePast(at(-1, 2));
    expect(await posted(id)).toBe(0);
    clock.jumpTo(at(0, 1));
    expect(await saidBy(id)).toMatch(/1 position expires today[\s\S]*AAPL Covered call/);
    await remind(desk, 'remove', { id });
  });
});

describe('daylight saving in New York', () => {
  test('a time that the clocks skip runs once, when they have jumped', async () => {
    await clock.startAt('2027-03-14T06:58:00Z');
    const id = await note('daily 2:30');
    expect(textOf(await remind(desk, 'list'))).toContain('Sun 14 Mar 2027 3:00');
    clock.jumpTo(justAfter('2027-03-14T07:00:00Z'));
    await postedBy(desk.trader, id);
    await livePast('2027-03-14T07:30:02Z');
    expect(await posted(id)).toBe(1);
    await remind(desk, 'remove', { id });
  });

  test('a time that comes twice runs once, at the first', async () => {
    await clock.startAt('2027-11-07T05:29:00Z');
    const id = await note('daily 1:30');
    clock.jumpTo(justAfter('2027-11-07T05:30:00Z'));
    await postedBy(desk.trader, id);
    await livePast('2027-11-07T06:30:02Z');
    expect(await posted(id)).toBe(1);
    await remind(desk, 'remove', { id });
  });
});

describe('a market holiday', () => {
  test('is skipped: what is due after the open comes on the next market day, half days included', async () => {
    await clock.startAt('2026-11-26T14:44:00Z');
    const open = await scheduled(desk, { kind: 'missing-targets', when: 'market open +15m' });
    const close = await remind(desk, 'add', { kind: 'daily-summary', when: 'market close -10m' });
    expect(textOf(close)).toContain('Fri 27 Nov 2026 12:50');
    await livePast('2026-11-26T14:45:02Z');
    expect(await posted(open)).toBe(0);
    clock.jumpTo(justAfter('2026-11-27T14:45:00Z'));
    expect(textOf(await postedBy(desk.trader, open))).toContain('have no targets');
  });
});
