import { describe, expect, it } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
import type { ReminderStore } from '../../src/ports/reminder-store.js';
import { reasonText } from '../../src/screens/reasons.js';
import { at, DAY, HOUR, MINUTE, newReminder, request, T0 } from '../reminders/engine/support/reminders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench) => {
  const open = async (url?: string): Promise<ReminderStore> =>
    ((await bench.open(url)) as BotStore).reminders;
  /** One reminder due at T0, claimed by A. */
  const claimOne = async (store: ReminderStore) => {
    const reminder = await store.add(newReminder());
    const [claim] = await store.claimDue(request());
    if (!claim) throw new Error('nothing was claimed');
    return { reminder, claim, id: claim.occurrence.id };
  };

  describe('reminders', () => {
    it('come back as they were added, numbered anew even after removal', async () => {
      const store = await open();
      const first = await store.add(newReminder());
      expect(first).toEqual({ ...newReminder(), id: first.id, state: 'active', pausedReason: null });
      expect(await store.reminder(first.id)).toEqual(first);
      expect(await store.remove(first.id)).toBe(true);
      expect(await store.remove(first.id)).toBe(false);
      expect(await store.reminder(first.id)).toBeNull();
      const next = await store.add(newReminder({ guildId: null, marketDaysOnly: false, nextRunAt: null }));
      expect(next.id).toBeGreaterThan(first.id);
      expect(await store.reminder(next.id)).toMatchObject({
        guildId: null,
        marketDaysOnly: false,
        nextRunAt: null,
      });
    });

    it("are listed by guild, and in direct messages by user, never another's", async () => {
      const store = await open();
      const mine = await store.add(newReminder({ userId: '1' }));
      const theirs = await store.add(newReminder({ userId: '2' }));
      const direct = await store.add(newReminder({ guildId: null, userId: '1' }));
      await store.add(newReminder({ guildId: null, userId: '2' }));
      await store.add(newReminder({ guildId: '901', userId: '1' }));
      const ids = async (where: Parameters<ReminderStore['list']>[0]) =>
        (await store.list(where)).map(({ id }) => id);
      expect(await ids({ guildId: '900' })).toEqual([mine.id, theirs.id]);
      expect(await ids({ guildId: '900', userId: '2' })).toEqual([theirs.id]);
      expect(await ids({ guildId: null, userId: '1' })).toEqual([direct.id]);
    });

    it('change only in what is given, and drop what contradicts a new state', async () => {
      const store = await open();
      const before = await store.add(newReminder());
      expect(await store.change(before.id, { channelId: '801', options: '{"days":7}' })).toBe(true);
      expect(await store.reminder(before.id)).toEqual({ ...before, channelId: '801', options: '{"days":7}' });
      await store.change(before.id, { state: 'paused', pausedReason: 'on holiday' });
      expect(await store.reminder(before.id)).toMatchObject({
        state: 'paused',
        pausedReason: 'on holiday',
        nextRunAt: null,
      });
      await store.change(before.id, { state: 'active', nextRunAt: at(5) });
      expect(await store.reminder(before.id)).toMatchObject({
        state: 'active',
        pausedReason: null,
        nextRunAt: at(5),
      });
      expect(await store.change(before.id, {})).toBe(true);
      expect(await store.change(before.id + 99, { channelId: '1' })).toBe(false);
      expect(await store.change(before.id + 99, {})).toBe(false);
    });

    it('take their runs along when they are removed, and whoever delivers one has lost it', async () => {
      const store = await open();
      const { reminder, id } = await claimOne(store);
      await store.remove(reminder.id);
      expect(await store.occurrence(id)).toBeNull();
      expect(await store.dispatch([id], 'A', T0, at(MINUTE))).toEqual([]);
      expect(await store.finish(id, 'A', { state: 'sent', at: T0 })).toBe(false);
      expect(await store.snooze(reminder.id, at(HOUR))).toBe(false);
    });

    it('paused by their owner owe nothing any more, except what may have left', async () => {
      const store = await open();
      const { reminder, id } = await claimOne(store);
      await store.dispatch([id], 'A', T0, at(MINUTE));
      const later = request({ now: at(HOUR), leaseMs: 3 * HOUR });
      const [held] = (await store.claimDue(later)).filter(({ occurrence }) => occurrence.id !== id);
      await store.snooze(reminder.id, at(2 * HOUR));
      expect(await store.pause(reminder.id, at(HOUR))).toBe(true);
      expect(await store.pause(reminder.id, at(HOUR))).toBe(false);
      const paused = { state: 'paused', pausedReason: null, nextRunAt: null };
      expect(await store.reminder(reminder.id)).toMatchObject(paused);
      expect(await store.dispatch([held!.occurrence.id], 'A', at(HOUR), at(2 * HOUR))).toEqual([]);
      const states = (await store.recent(reminder.id, 9)).map(({ state }) => state);
      expect(states).toEqual(['missed', 'missed', 'claimed']);
      expect(await store.claimDue(request({ now: at(3 * HOUR) }))).toEqual([]);
    });

    it('are walked in batches by id, active ones only', async () => {
      const store = await open();
      const ids: number[] = [];
      for (let n = 0; n < 5; n++) ids.push((await store.add(newReminder())).id);
      await store.change(ids[1]!, { state: 'paused' });
      const walk = async (after: number) => (await store.activeAfter(after, 2)).map(({ id }) => id);
      expect(await walk(0)).toEqual([ids[0], ids[2]]);
      expect(await walk(ids[2]!)).toEqual([ids[3], ids[4]]);
      expect(await walk(ids[4]!)).toEqual([]);
    });

    it('move their next run only from where it was thought to be', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ nextRunAt: at(HOUR) }));
      expect(await store.moveNextRuns([{ id, from: at(HOUR), to: at(2 * HOUR) }])).toBe(1);
      expect(await store.moveNextRuns([{ id, from: at(HOUR), to: at(3 * HOUR) }])).toBe(0);
      expect((await store.reminder(id))?.nextRunAt).toEqual(at(2 * HOUR));
    });

    it('move by the thousand, each to its own instant, leaving out whoever was faster', async () => {
      const store = await open();
      const ids: number[] = [];
      for (let index = 0; index < 120; index += 1) {
        ids.push((await store.add(newReminder({ nextRunAt: at(HOUR + index) }))).id);
      }
      const [paused = 0, gone = 0, moved = 0] = ids;
      await store.change(paused, { state: 'paused' });
      await store.remove(gone);
      await store.change(moved, { nextRunAt: at(DAY) });
      const moves = ids.map((id, index) => ({ id, from: at(HOUR + index), to: at(2 * HOUR + index) }));
      expect(await store.moveNextRuns(moves)).toBe(117);
      const left = await store.activeAfter(0, 200);
      expect(left.map(({ id, nextRunAt }) => [id, nextRunAt])).toEqual([
        [moved, at(DAY)],
        ...ids.slice(3).map((id, index) => [id, at(2 * HOUR + index + 3)]),
      ]);
      expect(await store.moveNextRuns([])).toBe(0);
    });

    it('remember by which reckoning they were worked out', async () => {
      const store = await open();
      expect(await store.reckoning()).toBeNull();
      await store.putReckoning('2026b');
      await store.putReckoning('2026c');
      expect(await store.reckoning()).toBe('2026c');
    });
  });

  describe('what is due', () => {
    it('is claimed once, oldest first, and moves on past now', async () => {
      const store = await open();
      const later = await store.add(newReminder({ nextRunAt: at(-2) }));
      const earlier = await store.add(newReminder({ nextRunAt: at(-3) }));
      await store.add(newReminder({ nextRunAt: T0 }));
      await store.add(newReminder({ nextRunAt: null }));
      const now = at(-1);
      expect(await store.backlog(now)).toBe(2);
      const claims = await store.claimDue(request({ now }));
      expect(claims.map(({ reminder }) => reminder.id)).toEqual([earlier.id, later.id]);
      expect(claims[0]).toMatchObject({
        occurrence: { state: 'claimed', attempts: 1, dueAt: at(-3), leaseUntil: at(MINUTE - 1) },
        reminder: { state: 'active', nextRunAt: T0 },
      });
      expect(await store.claimDue(request({ now }))).toEqual([]);
      expect(await store.claimDue(request({ now, owner: 'B' }))).toEqual([]);
      expect(await store.backlog(now)).toBe(2);
    });

    it('is claimed at its instant and not a millisecond before', async () => {
      const store = await open();
      await store.add(newReminder());
      expect(await store.claimDue(request({ now: at(-1) }))).toEqual([]);
      expect(await store.claimDue(request({ now: T0 }))).toHaveLength(1);
    });

    it('stays within the limit, and the rest is there for the next call', async () => {
      const store = await open();
      for (let n = 0; n < 5; n++) await store.add(newReminder());
      expect(await store.claimDue(request({ limit: 3 }))).toHaveLength(3);
      expect(await store.claimDue(request({ limit: 3, owner: 'B' }))).toHaveLength(2);
    });

    it('ends a reminder that was for once', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'once' }));
      expect(await store.claimDue(request())).toHaveLength(1);
      expect(await store.reminder(id)).toMatchObject({ state: 'ended', nextRunAt: null });
    });

    it('does not happen again when the clock goes back and the same instant is planned anew', async () => {
      const store = await open();
      const { reminder, id } = await claimOne(store);
      await store.finish(id, 'A', { state: 'sent', messageRef: '800/1', at: T0 });
      await store.change(reminder.id, { nextRunAt: T0 });
      expect(await store.claimDue(request({ now: at(1) }))).toEqual([]);
      expect((await store.reminder(reminder.id))?.nextRunAt).toEqual(at(HOUR));
      expect(await store.recent(reminder.id, 9)).toMatchObject([{ id, state: 'sent' }]);
    });

    it('with a schedule nobody can read is delivered, then paused with the reason, and its owner to be told', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'broken' }));
      const good = await store.add(newReminder());
      const claims = await store.claimDue(request());
      expect(claims.map(({ reminder }) => reminder.id)).toEqual([id, good.id]);
      expect(await store.reminder(id)).toMatchObject({ state: 'paused', nextRunAt: null });
      expect(reasonText((await store.reminder(id))?.pausedReason ?? '')).toContain('nobody can read this');
      const notices = await store.takeNotices({ now: T0, limit: 9, leaseMs: 1, nonceMs: 1 });
      expect(notices).toMatchObject([{ news: 'paused', reminder: { id } }]);
    });
  });

  describe('missed runs', () => {
    it('are stood for by the latest within the grace', async () => {
      const store = await open();
      const { id } = await store.add(newReminder());
      const [claim, ...others] = await store.claimDue(request({ now: at(3 * HOUR + MINUTE) }));
      expect(others).toEqual([]);
      expect(claim?.occurrence.dueAt).toEqual(at(3 * HOUR));
      expect(claim?.alsoMissed).toEqual([T0, at(HOUR), at(2 * HOUR)]);
      expect((await store.reminder(id))?.nextRunAt).toEqual(at(4 * HOUR));
      const recent = await store.recent(id, 9);
      expect(recent.map(({ state }) => state)).toEqual(['claimed', 'missed', 'missed', 'missed']);
    });

    it('are claimed at the very end of the grace, and only noted a millisecond later', async () => {
      const store = await open();
      const onTime = await store.add(newReminder({ when: 'once' }));
      const now = at(6 * HOUR);
      expect(await store.claimDue(request({ now }))).toHaveLength(1);
      const tooLate = await store.add(newReminder({ when: 'once', nextRunAt: at(-1) }));
      expect(await store.claimDue(request({ now }))).toEqual([]);
      expect(await store.recent(onTime.id, 9)).toMatchObject([{ state: 'claimed' }]);
      expect(await store.recent(tooLate.id, 9)).toMatchObject([
        { state: 'missed', finishedAt: now, note: { code: 'NOT_RUNNING' } },
      ]);
      expect(await store.reminder(tooLate.id)).toMatchObject({ state: 'ended' });
    });

    it('before the grace are noted as one, however many there were', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'every 1' }));
      const now = at(400 * DAY);
      const [claim] = await store.claimDue(request({ now, graceMs: 3 * HOUR }));
      expect(claim?.occurrence.dueAt).toEqual(now);
      expect(claim?.alsoMissed.at(-1)).toEqual(at(400 * DAY - MINUTE));
      const recent = await store.recent(id, 999);
      // The run that is delivered, the hundred before it, and the first.
      expect(recent).toHaveLength(102);
      expect(recent.at(-1)).toMatchObject({ dueAt: T0, state: 'missed' });
    });

    it('too old for all do not hide what comes behind them', async () => {
      const store = await open();
      for (let n = 0; n < 7; n++) await store.add(newReminder({ when: 'once', nextRunAt: at(-DAY) }));
      const fresh = await store.add(newReminder());
      const claims = await store.claimDue(request({ limit: 2 }));
      expect(claims.map(({ reminder }) => reminder.id)).toEqual([fresh.id]);
    });
  });

  describe('a claim', () => {
    it('is ended once, by its owner', async () => {
      const store = await open();
      const { id } = await claimOne(store);
      const end = { state: 'sent', messageRef: '800/7', at: at(5) } as const;
      expect(await store.finish(id, 'B', end)).toBe(false);
      expect(await store.finish(id, 'A', end)).toBe(true);
      expect(await store.finish(id, 'A', { state: 'failed', note: 'no', at: at(6) })).toBe(false);
      expect(await store.occurrence(id)).toMatchObject({
        state: 'sent',
        messageRef: '800/7',
        note: null,
        finishedAt: at(5),
        leaseUntil: null,
      });
      expect(await store.backlog(T0)).toBe(0);
    });

    it('is taken over when its lease is over, and not before', async () => {
      const store = await open();
      const { id, claim } = await claimOne(store);
      const other = (now: Date) => store.claimDue(request({ now, owner: 'B' }));
      expect(await other(at(MINUTE - 1))).toEqual([]);
      const [taken] = await other(at(MINUTE));
      expect(taken).toEqual({
        ...claim,
        occurrence: { ...claim.occurrence, attempts: 2, leaseUntil: at(2 * MINUTE) },
      });
      expect(await store.finish(id, 'A', { state: 'sent', at: at(MINUTE) })).toBe(false);
      expect(await store.postpone(id, 'A', at(HOUR), 'x')).toBe(false);
      expect(await store.dispatch([id], 'A', at(MINUTE), at(HOUR))).toEqual([]);
      expect(await store.fail([id], 'A', { reason: 'x', at: at(MINUTE), pause: true })).toBe(0);
      expect(await store.finish(id, 'B', { state: 'sent', at: at(MINUTE) })).toBe(true);
    });

    it('lasts as long as it is renewed', async () => {
      const store = await open();
      const { id } = await claimOne(store);
      expect(await store.renew([id, id + 99], 'A', at(HOUR))).toEqual([id]);
      expect(await store.renew([id], 'B', at(DAY))).toEqual([]);
      expect(await store.claimDue(request({ now: at(HOUR - 1), owner: 'B' }))).toEqual([]);
    });

    it('put off comes back at that instant, with the runs it stands for', async () => {
      const store = await open();
      await store.add(newReminder({ when: 'every 30' }));
      const [claim] = await store.claimDue(request({ now: at(30 * MINUTE) }));
      const id = claim!.occurrence.id;
      expect(await store.postpone(id, 'A', at(40 * MINUTE), 'Discord was away')).toBe(true);
      expect(await store.occurrence(id)).toMatchObject({
        state: 'waiting',
        note: 'Discord was away',
        leaseUntil: null,
      });
      expect(await store.claimDue(request({ now: at(39 * MINUTE) }))).toEqual([]);
      const [again] = await store.claimDue(request({ now: at(40 * MINUTE), owner: 'B' }));
      expect(again).toMatchObject({ occurrence: { id, attempts: 2 }, alsoMissed: [T0] });
    });

    it('given back counts as never tried', async () => {
      const store = await open();
      const { id } = await claimOne(store);
      expect(await store.release([id], 'B', T0)).toBe(0);
      expect(await store.release([id], 'A', T0)).toBe(1);
      expect(await store.occurrence(id)).toMatchObject({ state: 'waiting', attempts: 0 });
      const [again] = await store.claimDue(request({ owner: 'B' }));
      expect(again?.occurrence).toMatchObject({ id, attempts: 1 });
    });

    it('forgotten past the grace is missed if nothing can have left, else it is to be settled', async () => {
      const store = await open();
      const ids: number[] = [];
      for (let n = 0; n < 4; n++) await store.add(newReminder({ when: 'once' }));
      for (const { occurrence } of await store.claimDue(request())) ids.push(occurrence.id);
      const [crashed = 0, left = 0, failed = 0, released = 0] = ids;
      await store.dispatch([left], 'A', T0, at(MINUTE));
      await store.postpone(failed, 'A', at(MINUTE), 'Discord was away');
      await store.release([released], 'A', at(MINUTE));
      const claims = await store.claimDue(request({ now: at(DAY), owner: 'B' }));
      expect(claims.map(({ occurrence }) => occurrence.id)).toEqual([left, failed]);
      for (const id of [crashed, released])
        expect(await store.occurrence(id)).toMatchObject({ state: 'missed' });
    });
  });

  describe('a message of several', () => {
    /** Claims of three reminders, dispatched in the order 2, 0, 1. */
    const three = async (store: ReminderStore) => {
      for (let n = 0; n < 3; n++) await store.add(newReminder());
      const [a = 0, b = 0, c = 0] = (await store.claimDue(request())).map(({ occurrence }) => occurrence.id);
      const ids = [c, a, b];
      expect(await store.dispatch(ids, 'A', at(1), at(MINUTE))).toHaveLength(3);
      return ids;
    };

    it('leaves only if all of it is still ours, and is led by its first', async () => {
      const store = await open();
      const [c = 0, a = 0, b = 0] = await three(store);
      for (const id of [a, b, c]) {
        expect(await store.occurrence(id)).toMatchObject({ leadId: c, dispatchedAt: at(1) });
      }
      await store.finish(a, 'A', { state: 'empty', at: at(2) });
      const ours = await store.dispatch([c, a, b], 'A', at(3), at(HOUR));
      expect(ours.sort()).toEqual([b, c].sort());
      expect(await store.occurrence(b)).toMatchObject({ dispatchedAt: at(1) });
    });

    it('is taken over whole, even beyond the limit', async () => {
      const store = await open();
      const ids = await three(store);
      const claims = await store.claimDue(request({ now: at(MINUTE), owner: 'B', limit: 1 }));
      expect(claims.map(({ occurrence }) => occurrence.id).sort()).toEqual([...ids].sort());
      expect(await store.claimDue(request({ now: at(MINUTE), owner: 'C' }))).toEqual([]);
    });

    it('is ended, and put off, as one; put off unsent it never left', async () => {
      const store = await open();
      const ids = await three(store);
      const put = { until: at(MINUTE), note: 'timeout', unsent: false };
      expect(await store.postponeTogether(ids, 'A', put)).toBe(3);
      expect(await store.occurrence(ids[1]!)).toMatchObject({ state: 'waiting', leadId: ids[0] });
      expect(await store.claimDue(request({ now: at(MINUTE), limit: 1 }))).toHaveLength(3);
      expect(await store.postponeTogether(ids, 'A', { ...put, unsent: true })).toBe(3);
      expect(await store.occurrence(ids[1]!)).toMatchObject({ leadId: null, dispatchedAt: null });
      expect(await store.claimDue(request({ now: at(MINUTE), limit: 1 }))).toHaveLength(1);
    });
  });

  describe('a refusal', () => {
    it('pauses the reminder with its reason and gives one notice, whatever else fails later', async () => {
      const store = await open();
      const { reminder, id } = await claimOne(store);
      await store.snooze(reminder.id, at(MINUTE));
      const gone = { reason: 'the channel is gone', at: at(5), pause: true };
      expect(await store.fail([id], 'A', gone)).toBe(1);
      expect(await store.reminder(reminder.id)).toMatchObject({
        state: 'paused',
        pausedReason: 'the channel is gone',
        nextRunAt: null,
      });
      expect(await store.occurrence(id)).toMatchObject({ state: 'failed', note: 'the channel is gone' });
      const [snoozed] = await store.claimDue(request({ now: at(MINUTE) }));
      expect(await store.fail([snoozed!.occurrence.id], 'A', gone)).toBe(1);
      const take = (now: Date) => store.takeNotices({ now, limit: 9, leaseMs: MINUTE, nonceMs: HOUR });
      expect(await take(at(MINUTE))).toMatchObject([
        { news: 'paused', reason: 'the channel is gone', dueAt: T0 },
      ]);
      // Resumed and refused once more is another pause.
      await store.change(reminder.id, { state: 'active', nextRunAt: at(2 * MINUTE) });
      const [again] = await store.claimDue(request({ now: at(2 * MINUTE) }));
      await store.fail([again!.occurrence.id], 'A', gone);
      expect(await take(at(MINUTE + 1))).toMatchObject([{ news: 'paused', dueAt: at(2 * MINUTE) }]);
    });

    it('of a run that can be given up pauses nothing', async () => {
      const store = await open();
      const { reminder, id } = await claimOne(store);
      await store.fail([id], 'A', { reason: 'no answer', at: at(5), pause: false });
      expect(await store.reminder(reminder.id)).toMatchObject({ state: 'active', nextRunAt: at(HOUR) });
      const notices = await store.takeNotices({ now: at(5), limit: 9, leaseMs: 1, nonceMs: 1 });
      expect(notices).toMatchObject([{ news: 'failed', reason: 'no answer' }]);
    });
  });

  describe('notices', () => {
    const request = (now: Date) => ({ now, limit: 9, leaseMs: MINUTE, nonceMs: 3 * MINUTE });
    const failing = async (store: ReminderStore, userId: string) => {
      await store.add(newReminder({ userId }));
      const [claim] = await store.claimDue({ ...dueRequest, now: T0 });
      await store.fail([claim!.occurrence.id], 'A', { reason: 'gone', at: T0, pause: true });
    };
    const dueRequest = { owner: 'A', leaseMs: MINUTE, limit: 9, graceMs: HOUR, nextRun: () => null };

    it('of one user come together, and stay together when taken again after a crash', async () => {
      const store = await open();
      for (const user of ['1', '2', '1']) await failing(store, user);
      const first = await store.takeNotices({ ...request(T0), limit: 1 });
      expect(first.map(({ reminder }) => reminder.userId)).toEqual(['1', '1']);
      expect(new Set(first.map(({ batch }) => batch)).size).toBe(1);
      await failing(store, '1');
      const later = await store.takeNotices(request(at(MINUTE)));
      const batches = new Map<number, number>();
      for (const { batch } of later) batches.set(batch, (batches.get(batch) ?? 0) + 1);
      // The crashed pair as before, the other user's, and the new one by itself.
      expect([...batches.values()].sort()).toEqual([1, 1, 2]);
      expect(batches.get(first[0]!.batch)).toBe(2);
    });

    it('are never taken again once nobody can tell any more whether they were told', async () => {
      const store = await open();
      await failing(store, '1');
      expect(await store.takeNotices(request(T0))).toHaveLength(1);
      expect(await store.takeNotices(request(at(MINUTE - 1)))).toEqual([]);
      expect(await store.takeNotices(request(at(3 * MINUTE)))).toHaveLength(1);
      expect(await store.takeNotices(request(at(4 * MINUTE)))).toEqual([]);
      expect(await store.takeNotices(request(at(DAY)))).toEqual([]);
    });

    it('told are over; put off for sure untold they come back', async () => {
      const store = await open();
      await failing(store, '1');
      const [notice] = await store.takeNotices(request(T0));
      await store.postponeNotices([notice!.id], at(HOUR));
      expect(await store.takeNotices(request(at(HOUR - 1)))).toEqual([]);
      expect(await store.takeNotices(request(at(HOUR)))).toMatchObject([{ attempts: 2 }]);
      await store.endNotices([notice!.id], at(HOUR), null);
      expect(await store.takeNotices(request(at(DAY)))).toEqual([]);
    });
  });

  describe('buttons', () => {
    it('snooze once per instant, and the snoozed run comes even though its reminder has ended', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'once' }));
      const [claim] = await store.claimDue(request());
      await store.finish(claim!.occurrence.id, 'A', { state: 'sent', at: T0 });
      const pressed = await Promise.all([1, 2, 3].map(() => store.snooze(id, at(HOUR))));
      expect(pressed.filter(Boolean)).toHaveLength(1);
      expect(await store.claimDue(request({ now: at(HOUR - 1) }))).toEqual([]);
      const claims = await store.claimDue(request({ now: at(HOUR) }));
      expect(claims).toMatchObject([{ occurrence: { dueAt: at(HOUR), attempts: 1 }, reminder: { id } }]);
    });

    it('mark Done once', async () => {
      const store = await open();
      const { id } = await claimOne(store);
      expect(await store.markDone(id, at(1))).toBe(true);
      expect(await store.markDone(id, at(2))).toBe(false);
      expect(await store.markDone(id + 99, at(2))).toBe(false);
      expect(await store.occurrence(id)).toMatchObject({ doneAt: at(1) });
    });
  });

  it('knows of which reminders the latest run was not told', async () => {
    const store = await open();
    const [old, fine, failed, late] = [1, 2, 3, 4].map(() => store.add(newReminder()));
    const ids = (await Promise.all([old!, fine!, failed!, late!])).map(({ id }) => id);
    await store.change(ids[1]!, { nextRunAt: at(DAY) });
    await store.change(ids[2]!, { nextRunAt: at(DAY) });
    await store.change(ids[3]!, { nextRunAt: at(DAY - HOUR) });
    const day = request({ now: at(DAY), graceMs: 90 * MINUTE, nextRun: () => at(3 * DAY) });
    for (const { occurrence, reminder } of await store.claimDue(day)) {
      if (reminder.id !== ids[2]) await store.finish(occurrence.id, 'A', { state: 'sent', at: at(DAY) });
      else await store.fail([occurrence.id], 'A', { reason: 'no answer', at: at(DAY), pause: false });
    }
    expect(await store.untold(ids)).toEqual(
      new Map([
        [ids[0], { dueAt: T0, note: { code: 'NOT_RUNNING' } }],
        [ids[2], { dueAt: at(DAY), note: 'no answer' }],
      ]),
    );
    // Told again since, or standing for the ones before it: nothing to note.
    const next = request({ now: at(3 * DAY), nextRun: () => null });
    for (const { occurrence } of await store.claimDue(next))
      await store.finish(occurrence.id, 'A', { state: 'empty', at: at(3 * DAY) });
    expect(await store.untold(ids)).toEqual(new Map());
  });

  it('knows the last run of a schedule, and takes no snooze for one', async () => {
    const store = await open();
    const { reminder } = await claimOne(store);
    await store.snooze(reminder.id, at(5));
    const unrun = await store.add(newReminder({ nextRunAt: at(DAY) }));
    expect(await store.lastRuns([reminder.id, unrun.id])).toEqual(new Map([[reminder.id, T0]]));
  });

  it('forgets what was over long ago, a little at a time, and nothing else', async () => {
    const store = await open();
    for (let n = 0; n < 3; n++) await store.add(newReminder());
    const claims = await store.claimDue(request());
    const ids = claims.map(({ occurrence }) => occurrence.id);
    await store.finish(ids[0]!, 'A', { state: 'sent', at: at(1) });
    await store.finish(ids[1]!, 'A', { state: 'empty', at: at(2) });
    expect(await store.prune(at(1), 9)).toBe(0);
    expect(await store.prune(at(DAY), 1)).toBe(1);
    expect(await store.occurrence(ids[0]!)).toBeNull();
    expect(await store.prune(at(DAY), 9)).toBe(1);
    expect(await store.prune(at(DAY), 9)).toBe(0);
    expect(await store.occurrence(ids[2]!)).not.toBeNull();
  });

  it('gives two owners that ask at once each occurrence to one of them', async () => {
    const store = await open();
    for (let n = 0; n < 40; n++) await store.add(newReminder());
    const claims = (owner: string) => store.claimDue(request({ owner, limit: 7 }));
    const got = (await Promise.all([...'ABABABABAB'].map(claims))).flat();
    expect(new Set(got.map(({ occurrence }) => occurrence.id)).size).toBe(40);
    expect(got).toHaveLength(40);
  });
});
