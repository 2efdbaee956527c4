import { describe, expect, test } from 'vitest';
import { reminderListViews, scheduleView } from '../../../src/screens/reminders/schedule.js';
import { codeOf, openDesk, ranNow, TRADER, VIEWER, wanted } from './desk.js';

const iso = (runs: readonly Date[]) => runs.map((run) => run.toISOString());

describe('scheduling', () => {
  test('shows the next three runs, skipping Thanksgiving where only market days count', async () => {
    const { reminders, zones } = await openDesk();
    await zones.set('111', 'Europe/Berlin');
    const shown = await reminders.add(TRADER, wanted({ when: 'Weekdays  9:00' }));
    expect(shown.reminder).toMatchObject({
      when: 'weekdays 9:00',
      zone: 'Europe/Berlin',
      marketDaysOnly: true,
    });
    expect(iso(shown.runs)).toEqual([
      '2026-11-24T08:00:00.000Z',
      '2026-11-25T08:00:00.000Z',
      '2026-11-27T08:00:00.000Z',
    ]);
    expect(shown.readerZone).toBe('Europe/Berlin');
  });

  test('keeps what only means something now as an instant, and a note on all days', async () => {
    const { reminders } = await openDesk();
    const { reminder } = await reminders.add(
      TRADER,
      wanted({ kind: 'note', when: 'in 2h', options: { text: 'roll it' } }),
    );
    expect(reminder).toMatchObject({ when: '2026-11-23T17:00:00Z', marketDaysOnly: false });
    expect(reminder.nextRunAt?.toISOString()).toBe('2026-11-23T17:00:00.000Z');
  });

  test.each([
    [{ when: 'whenever' }, 'WHEN_UNREADABLE'],
    [{ when: '2026-11-23 9:00' }, 'WHEN_PAST'],
    [{ when: '0 0 30 2 *' }, 'WHEN_UNREADABLE'],
    [{ kind: 'weather' }, 'KIND_UNKNOWN'],
    [{ kind: 'note' }, 'OPTION_MISSING'],
    [{ options: { dte: [7] } }, 'OPTION_UNUSED'],
    [{ kind: 'note', options: { text: 'hi', underlying: 'QQQ' } }, 'OPTION_UNUSED'],
  ])('%j is refused with %s', async (change, code) => {
    const { reminders, store } = await openDesk();
    expect(await codeOf(reminders.add(TRADER, wanted(change)))).toBe(code);
    expect(await store.list({ guildId: '900' })).toEqual([]);
  });

  test('a time that never comes on a market day says so', async () => {
    const { reminders } = await openDesk();
    expect(await codeOf(reminders.add(TRADER, wanted({ when: 'weekends 10:00' })))).toBe('WHEN_NEVER');
    expect(
      await codeOf(reminders.add(TRADER, wanted({ when: 'weekends 10:00', marketDaysOnly: false }))),
    ).toBe('fine');
  });
});

describe('who may', () => {
  test('traders schedule, also while orders are switched off; others look only', async () => {
    const { reminders } = await openDesk({ readOnly: true });
    const { reminder } = await reminders.add(TRADER, wanted());
    expect(await codeOf(reminders.add(VIEWER, wanted()))).toBe('NOT_A_TRADER');
    for (const act of ['pause', 'resume', 'remove'] as const) {
      expect(await codeOf(reminders[act](VIEWER, reminder.id))).toBe('NOT_A_TRADER');
    }
    expect(await codeOf(reminders.edit(VIEWER, reminder.id, { when: 'daily 9:00' }))).toBe('NOT_A_TRADER');
    expect(await codeOf(reminders.rehearse(VIEWER, reminder.id))).toBe('NOT_A_TRADER');
    expect(await reminders.list(VIEWER)).toHaveLength(1);
  });

  test('nobody schedules before anybody is named, nor into a channel the bot doesn’t answer in', async () => {
    const nobody = await openDesk({ traderUserIds: [] });
    expect(await codeOf(nobody.reminders.add(TRADER, wanted()))).toBe('NOBODY_MAY_TRADE');
    const fenced = await openDesk({ channelIds: ['800'] });
    expect(await codeOf(fenced.reminders.add(TRADER, wanted({ channelId: '801' })))).toBe('WRONG_CHANNEL');
    const { reminder } = await fenced.reminders.add(TRADER, wanted());
    expect(await codeOf(fenced.reminders.edit(TRADER, reminder.id, { channelId: '801' }))).toBe(
      'WRONG_CHANNEL',
    );
  });

  test('a reminder of another server isn’t there', async () => {
    const { reminders } = await openDesk();
    const { reminder } = await reminders.add(TRADER, wanted());
    const elsewhere = { ...TRADER, guildId: '901' };
    expect(await reminders.list(elsewhere)).toEqual([]);
    expect(await codeOf(reminders.remove(elsewhere, reminder.id))).toBe('REMINDER_NOT_HERE');
    expect(await codeOf(reminders.remove(TRADER, reminder.id))).toBe('fine');
    expect(await codeOf(reminders.remove(TRADER, reminder.id))).toBe('REMINDER_NOT_HERE');
  });
});

describe('pausing and changing', () => {
  test('a paused one has no next run; resumed it goes on from now', async () => {
    const desk = await openDesk();
    const { reminder } = await desk.reminders.add(TRADER, wanted());
    const paused = await desk.reminders.pause(TRADER, reminder.id);
    expect([paused.reminder.state, paused.runs]).toEqual(['paused', []]);
    desk.clock.advance(7 * 86_400_000);
    const resumed = await desk.reminders.resume(TRADER, reminder.id);
    expect(iso(resumed.runs)[0]).toBe('2026-12-01T14:00:00.000Z');
    expect(resumed.reminder.nextRunAt?.toISOString()).toBe('2026-12-01T14:00:00.000Z');
  });

  test('an edit keeps what it doesn’t name, and clears what it is told to', async () => {
    const { reminders } = await openDesk();
    const { reminder } = await reminders.add(
      TRADER,
      wanted({ kind: 'expiry', options: { underlying: 'QQQ', dte: [5] } }),
    );
    const moved = await reminders.edit(TRADER, reminder.id, { when: 'daily 16:15' });
    expect(moved.options).toEqual({ underlying: 'QQQ', dte: [5] });
    expect(moved.reminder.when).toBe('daily 16:15');
    const narrowed = await reminders.edit(TRADER, reminder.id, {
      options: { dte: [1] },
      clear: 'underlying',
    });
    expect(narrowed.options).toEqual({ dte: [1] });
    expect(narrowed.reminder.when).toBe('daily 16:15');
  });

  test('a new time is read in the editor’s zone; without one the zone stays', async () => {
    const { reminders, zones } = await openDesk();
    const { reminder } = await reminders.add(TRADER, wanted());
    await zones.set('111', 'Asia/Tokyo');
    const days = await reminders.edit(TRADER, reminder.id, { marketDaysOnly: false });
    expect(days.reminder).toMatchObject({ zone: 'America/New_York', marketDaysOnly: false });
    const moved = await reminders.edit(TRADER, reminder.id, { when: 'weekdays 9:00' });
    expect(moved.reminder.zone).toBe('Asia/Tokyo');
    expect(iso(moved.runs)[0]).toBe('2026-11-24T00:00:00.000Z');
  });

  test('a paused one stays paused through an edit; one that was over is woken by a new time', async () => {
    const desk = await openDesk();
    const { reminder } = await desk.reminders.add(TRADER, wanted());
    await desk.reminders.pause(TRADER, reminder.id);
    const edited = await desk.reminders.edit(TRADER, reminder.id, { when: 'daily 10:00' });
    expect([edited.reminder.state, edited.reminder.nextRunAt]).toEqual(['paused', null]);

    const once = await desk.reminders.add(TRADER, wanted({ when: 'in 1h' }));
    await ranNow(desk, [once.reminder.id]);
    expect(await codeOf(desk.reminders.resume(TRADER, once.reminder.id))).toBe('REMINDER_ENDED');
    expect(await codeOf(desk.reminders.pause(TRADER, once.reminder.id))).toBe('REMINDER_ENDED');
    const woken = await desk.reminders.edit(TRADER, once.reminder.id, { when: 'tomorrow 9:00' });
    expect(woken.reminder).toMatchObject({ state: 'active', when: '2026-11-24 9:00' });
  });

  test('an edit that makes no sense changes nothing', async () => {
    const { reminders, store } = await openDesk();
    const { reminder } = await reminders.add(TRADER, wanted());
    expect(
      await codeOf(reminders.edit(TRADER, reminder.id, { when: 'never', options: { underlying: 'QQQ' } })),
    ).toBe('WHEN_UNREADABLE');
    expect(await store.reminder(reminder.id)).toEqual(reminder);
  });
});

describe('a reminder nobody can read any more', () => {
  const broken = async () => {
    const desk = await openDesk();
    const make = async () => (await desk.reminders.add(TRADER, wanted())).reminder.id;
    const [words, zone, filter, fine] = [await make(), await make(), await make(), await make()];
    await desk.store.change(words, { when: 'at the third stroke' });
    await desk.store.change(zone, { zone: 'Europe/Atlantis' });
    await desk.store.change(filter, { options: '{"moon":"full"}' });
    return { desk, words, zone, filter, fine };
  };

  test('hides no other in the list, and says itself what is wrong', async () => {
    const { desk, words, zone, filter, fine } = await broken();
    const all = await desk.reminders.list(TRADER);
    expect(all.map(({ reminder }) => reminder.id)).toEqual([words, zone, filter, fine]);
    expect(all.map(({ runs }) => runs.length)).toEqual([0, 0, 3, 3]);
    const text = reminderListViews(all, 'PAPER')
      .map(({ content }) => content)
      .join();
    expect(text).toMatch(/at the third stroke[^🔔]*its next run can’t be worked out/u);
    expect(text).toMatch(/Europe\/Atlantis[^🔔]*its next run can’t be worked out/u);
    expect(text).toMatch(/its options can’t be read/);
    for (const each of all) expect(() => scheduleView(each, 'Shown', 'PAPER')).not.toThrow();
  });

  test('can be paused, removed, and given a time and zone that can be read', async () => {
    const { desk, words, zone, filter } = await broken();
    expect((await desk.reminders.pause(TRADER, words)).reminder.state).toBe('paused');
    expect((await desk.reminders.edit(TRADER, zone, { when: 'weekdays 9:00' })).runs).toHaveLength(3);
    expect(await codeOf(desk.reminders.remove(TRADER, filter))).toBe('fine');
  });
});

describe('time zones', () => {
  test('everybody has their own, the exchange’s to begin with; nonsense is refused', async () => {
    const { zones } = await openDesk();
    expect(await zones.of('111')).toBe('America/New_York');
    expect(await zones.set('111', 'berlin')).toBe('Europe/Berlin');
    expect([await zones.of('111'), await zones.of('222')]).toEqual(['Europe/Berlin', 'America/New_York']);
    expect(await codeOf(zones.set('111', 'Atlantis'))).toBe('ZONE_UNKNOWN');
    expect(await zones.of('111')).toBe('Europe/Berlin');
  });
});

describe('the defaults', () => {
  test('are made once per channel, also by two presses at once, and what is there is said', async () => {
    const { setup, reminders, store } = await openDesk();
    await reminders.add(TRADER, wanted({ when: 'daily 10:00' }));
    const before = await setup.look(TRADER);
    expect(before.map(({ existing }) => existing?.reminder.when ?? null)).toEqual([
      'daily 10:00',
      null,
      null,
    ]);

    const [first, second] = await Promise.all([setup.make(TRADER), setup.make(TRADER)]);
    expect(first.map(({ made }) => made)).toEqual([false, true, true]);
    expect(second.map(({ made }) => made)).toEqual([false, false, false]);
    expect((await store.list({ guildId: '900' })).map(({ kind, when }) => `${kind} ${when}`)).toEqual([
      'missing-targets daily 10:00',
      'expiry market open +30m',
      'daily-summary market close +15m',
    ]);

    const other = await setup.make({ ...TRADER, channelId: '801' });
    expect(other.every(({ made }) => made)).toBe(true);
  });

  test('one that is narrowed down or for one time doesn’t stand for the default', async () => {
    const { setup, reminders } = await openDesk();
    await reminders.add(TRADER, wanted({ options: { underlying: 'QQQ' } }));
    await reminders.add(TRADER, wanted({ when: 'in 2h' }));
    expect((await setup.look(TRADER)).map(({ existing }) => existing)).toEqual([null, null, null]);
  });

  test('are for traders to make', async () => {
    const { setup, store } = await openDesk();
    expect(await codeOf(setup.make(VIEWER))).toBe('NOT_A_TRADER');
    expect(await store.list({ guildId: '900' })).toEqual([]);
    expect((await setup.make(TRADER)).every(({ made }) => made)).toBe(true);
  });
});
