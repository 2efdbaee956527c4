import { describe, expect, it } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
import type { ReminderStore } from '../../src/ports/reminder-store.js';
import { reasonText } from '../../src/screens/reasons.js';
import { at, DAY, HOUR, MINUTE, newReminder, request, T0 } from '../reminders/engine/support/reminders.js';
import { onEach } from './support/drivers.js';

onEach(['sqlite file', 'sqlite memory', 'postgres'], (bench) => {
  const open = async (url?: string): Promise<ReminderStore> =>
    ((await bench.open(url)) as BotStore).reminders;
  /** What a reminder's latest run is owed as. */
  const runOf = async (store: ReminderStore, reminderId: number) => {
    const [run] = await store.recent(reminderId, 1);
    if (!run) throw new Error('nothing was taken up');
    return run.id;
  };
  /** A run that was taken up; of a message of several the one that leads it is needed too. */
  const occurrenceOf = async (store: ReminderStore, id: number, leadId = id) =>
    (await store.together(leadId)).find((run) => run.id === id) ?? null;
  /** One reminder due at T0, taken up. */
  const takeOne = async (store: ReminderStore) => {
    const reminder = await store.add(newReminder());
    await store.takeUp(request());
    return { reminder, id: await runOf(store, reminder.id) };
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

    it('take their runs along when they are removed, and whoever tells one has lost it', async () => {
      const store = await open();
      const { reminder, id } = await takeOne(store);
      await store.remove(reminder.id);
      expect(await occurrenceOf(store, id)).toBeNull();
      expect(await store.owed(id)).toEqual([]);
      expect(await store.dispatch(id, [id], T0)).toBe(false);
      expect(await store.snooze(reminder.id, at(HOUR))).toBe(false);
    });

    it('paused by their owner owe nothing any more, except what may have left', async () => {
      const store = await open();
      const { reminder, id } = await takeOne(store);
      await store.dispatch(id, [id], T0);
      await store.takeUp(request({ now: at(HOUR) }));
      const held = await runOf(store, reminder.id);
      await store.snooze(reminder.id, at(2 * HOUR));
      expect(await store.pause(reminder.id, at(HOUR))).toBe(true);
      expect(await store.pause(reminder.id, at(HOUR))).toBe(false);
      const paused = { state: 'paused', pausedReason: null, nextRunAt: null };
      expect(await store.reminder(reminder.id)).toMatchObject(paused);
      expect(await store.dispatch(held, [held], at(HOUR))).toBe(false);
      const states = (await store.recent(reminder.id, 9)).map(({ state }) => state);
      expect(states).toEqual(['missed', 'missed', 'owed']);
      expect(await store.takeUp(request({ now: at(3 * HOUR) }))).toBe(0);
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
    it('is taken up once, oldest first, with a message that is owed, and moves on past now', async () => {
      const { reminders: store, outbox } = (await bench.open()) as BotStore;
      const later = await store.add(newReminder({ nextRunAt: at(-2), channelId: '801', userId: '7' }));
      const earlier = await store.add(newReminder({ nextRunAt: at(-3) }));
      await store.add(newReminder({ nextRunAt: T0 }));
      await store.add(newReminder({ nextRunAt: null }));
      const now = at(-1);
      expect(await store.backlog(now)).toBe(2);
      expect(await store.takeUp(request({ now }))).toBe(2);
      const runs = [await runOf(store, earlier.id), await runOf(store, later.id)];
      const due = await outbox.due(now, 9);
      expect(due.map(({ kind, topic }) => [kind, Number(topic)])).toEqual(runs.map((id) => ['reminder', id]));
      const [note] = await outbox.notes({ kind: 'reminder', topic: String(runs[1]) });
      expect(note).toMatchObject({ news: '', channelId: '801', userId: '7', attempts: 0 });
      expect(await store.owed(runs[0]!)).toMatchObject([
        {
          occurrence: { state: 'owed', dueAt: at(-3), leadId: runs[0], dispatchedAt: null },
          reminder: { id: earlier.id, state: 'active', nextRunAt: T0 },
        },
      ]);
      expect(await store.takeUp(request({ now }))).toBe(0);
      expect(await store.backlog(now)).toBe(2);
    });

    it('is taken up at its instant and not a millisecond before', async () => {
      const store = await open();
      await store.add(newReminder());
      expect(await store.takeUp(request({ now: at(-1) }))).toBe(0);
      expect(await store.takeUp(request({ now: T0 }))).toBe(1);
    });

    it('stays within the limit, and the rest is there for the next call', async () => {
      const store = await open();
      for (let n = 0; n < 5; n++) await store.add(newReminder());
      expect(await store.takeUp(request({ limit: 3 }))).toBe(3);
      expect(await store.takeUp(request({ limit: 3 }))).toBe(2);
    });

    it('ends a reminder that was for once', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'once' }));
      expect(await store.takeUp(request())).toBe(1);
      expect(await store.reminder(id)).toMatchObject({ state: 'ended', nextRunAt: null });
    });

    it('does not happen again when the clock goes back and the same instant is planned anew', async () => {
      const store = await open();
      const { reminder, id } = await takeOne(store);
      await store.finish(id, { state: 'sent', messageRef: '800/1', at: T0 });
      await store.change(reminder.id, { nextRunAt: T0 });
      expect(await store.takeUp(request({ now: at(1) }))).toBe(0);
      expect((await store.reminder(reminder.id))?.nextRunAt).toEqual(at(HOUR));
      expect(await store.recent(reminder.id, 9)).toMatchObject([{ id, state: 'sent' }]);
    });

    it('with a schedule nobody can read is told, then paused with the reason, and its owner to be told', async () => {
      const { reminders: store, outbox } = (await bench.open()) as BotStore;
      const { id } = await store.add(newReminder({ when: 'broken' }));
      const good = await store.add(newReminder());
      expect(await store.takeUp(request())).toBe(2);
      for (const one of [id, good.id]) expect(await store.recent(one, 9)).toMatchObject([{ state: 'owed' }]);
      expect(await store.reminder(id)).toMatchObject({ state: 'paused', nextRunAt: null });
      expect(reasonText((await store.reminder(id))?.pausedReason ?? '')).toContain('nobody can read this');
      const [notice] = (await outbox.due(T0, 9)).filter(({ kind }) => kind === 'notice');
      expect(await store.setbacks(Number(notice?.topic))).toMatchObject([
        { news: 'paused', reminder: { id } },
      ]);
    });

    it('is given to one of two that ask at once', async () => {
      const store = await open();
      for (let n = 0; n < 40; n++) await store.add(newReminder());
      const taken = await Promise.all([...'ABABABABAB'].map(() => store.takeUp(request({ limit: 7 }))));
      expect(taken.reduce((sum, some) => sum + some)).toBe(40);
      expect(await store.backlog(T0)).toBe(40);
    });
  });

  describe('missed runs', () => {
    it('are stood for by the latest within the grace', async () => {
      const store = await open();
      const { id } = await store.add(newReminder());
      expect(await store.takeUp(request({ now: at(3 * HOUR + MINUTE) }))).toBe(1);
      const [owed] = await store.owed(await runOf(store, id));
      expect(owed?.occurrence.dueAt).toEqual(at(3 * HOUR));
      expect(owed?.alsoMissed).toEqual([T0, at(HOUR), at(2 * HOUR)]);
      expect((await store.reminder(id))?.nextRunAt).toEqual(at(4 * HOUR));
      const recent = await store.recent(id, 9);
      expect(recent.map(({ state }) => state)).toEqual(['owed', 'missed', 'missed', 'missed']);
    });

    it('are owed at the very end of the grace, and only noted a millisecond later', async () => {
      const store = await open();
      const onTime = await store.add(newReminder({ when: 'once' }));
      const now = at(6 * HOUR);
      expect(await store.takeUp(request({ now }))).toBe(1);
      const tooLate = await store.add(newReminder({ when: 'once', nextRunAt: at(-1) }));
      expect(await store.takeUp(request({ now }))).toBe(0);
      expect(await store.recent(onTime.id, 9)).toMatchObject([{ state: 'owed' }]);
      expect(await store.recent(tooLate.id, 9)).toMatchObject([
        { state: 'missed', finishedAt: now, note: { code: 'NOT_RUNNING' } },
      ]);
      expect(await store.reminder(tooLate.id)).toMatchObject({ state: 'ended' });
    });

    it('snoozed ones likewise', async () => {
      const store = await open();
      const [inTime, tooLate] = [await takeOne(store), await takeOne(store)];
      await store.snooze(inTime.reminder.id, at(MINUTE));
      await store.snooze(tooLate.reminder.id, at(MINUTE - 1));
      await store.change(inTime.reminder.id, { state: 'paused' });
      await store.change(tooLate.reminder.id, { state: 'paused' });
      expect(await store.takeUp(request({ now: at(6 * HOUR + MINUTE) }))).toBe(1);
      expect(await store.recent(inTime.reminder.id, 1)).toMatchObject([{ state: 'owed' }]);
      expect(await store.recent(tooLate.reminder.id, 1)).toMatchObject([{ state: 'missed' }]);
    });

    it('before the grace are noted as one, however many there were', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'every 1' }));
      const now = at(400 * DAY);
      await store.takeUp(request({ now, graceMs: 3 * HOUR }));
      const [owed] = await store.owed(await runOf(store, id));
      expect(owed?.occurrence.dueAt).toEqual(now);
      expect(owed?.alsoMissed.at(-1)).toEqual(at(400 * DAY - MINUTE));
      const recent = await store.recent(id, 999);
      // The run that is told, the hundred before it, and the first.
      expect(recent).toHaveLength(102);
      expect(recent.at(-1)).toMatchObject({ dueAt: T0, state: 'missed' });
    });

    it('too old for all do not hide what comes behind them', async () => {
      const store = await open();
      for (let n = 0; n < 7; n++) await store.add(newReminder({ when: 'once', nextRunAt: at(-DAY) }));
      const fresh = await store.add(newReminder());
      expect(await store.takeUp(request({ limit: 2 }))).toBe(1);
      expect(await store.recent(fresh.id, 1)).toMatchObject([{ state: 'owed' }]);
    });
  });

  describe('what is owed', () => {
    it('is ended once', async () => {
      const store = await open();
      const { id } = await takeOne(store);
      await store.finish(id, { state: 'sent', messageRef: '800/7', at: at(5) });
      await store.fail([id], { reason: 'no', at: at(6), pause: false });
      await store.finish(id, { state: 'empty', at: at(7) });
      expect(await occurrenceOf(store, id)).toMatchObject({
        state: 'sent',
        messageRef: '800/7',
        note: null,
        finishedAt: at(5),
      });
      expect(await store.backlog(T0)).toBe(0);
    });

    it('past the grace is missed if nobody has tried, else failed with what was in the way', async () => {
      const store = await open();
      const runs = [await takeOne(store), await takeOne(store), await takeOne(store)];
      const [untried = 0, left = 0, putOff = 0] = runs.map(({ id }) => id);
      await store.dispatch(left, [left], T0);
      await store.putOff(putOff, { note: 'Discord was away', unsent: true });
      for (const id of [untried, left, putOff]) await store.expire(id, { before: T0, at: at(DAY) });
      expect(await occurrenceOf(store, untried)).toMatchObject({ state: 'owed' });
      for (const id of [untried, left, putOff]) await store.expire(id, { before: at(1), at: at(DAY) });
      expect(await occurrenceOf(store, untried)).toMatchObject({
        state: 'missed',
        note: { code: 'NOT_RUNNING' },
      });
      expect(await occurrenceOf(store, left)).toMatchObject({
        state: 'failed',
        note: { code: 'OUT_OF_TIME' },
      });
      expect(await occurrenceOf(store, putOff)).toMatchObject({ state: 'failed', note: 'Discord was away' });
    });
  });

  describe('a message of several', () => {
    /** Three reminders of one owner and channel, late, the third of which leads what the others have joined. */
    const three = async () => {
      const { reminders: store, outbox } = (await bench.open()) as BotStore;
      const runs = [await takeOne(store), await takeOne(store), await takeOne(store)];
      const [a = 0, b = 0, lead = 0] = runs.map(({ id }) => id);
      await store.gather(lead, { before: at(1), now: at(MINUTE) });
      return { store, outbox, lead, ids: [lead, a, b] };
    };

    it('takes in what is late for the same owner and channel, whose own messages are owed no more', async () => {
      const { store, outbox, lead, ids } = await three();
      expect((await store.owed(lead)).map(({ occurrence }) => occurrence.id)).toEqual(ids);
      expect((await store.together(lead)).map(({ id }) => id)).toEqual(ids);
      expect((await outbox.due(at(MINUTE), 9)).map(({ topic }) => topic)).toEqual([String(lead)]);
    });

    it('leaves alone what isn’t late, is for others or elsewhere, may have left, or is in somebody’s hands', async () => {
      const { reminders: store, outbox } = (await bench.open()) as BotStore;
      const add = async (change: Parameters<typeof newReminder>[0] = {}) => {
        const { id } = await store.add(newReminder(change));
        await store.takeUp(request({ now: at(MINUTE) }));
        return runOf(store, id);
      };
      const [lead, left, held] = [await add(), await add(), await add()];
      const others = [
        await add({ nextRunAt: at(MINUTE) }),
        await add({ userId: '9' }),
        await add({ channelId: '9' }),
        left,
        held,
      ];
      await store.dispatch(left, [left], at(MINUTE));
      const holding = { kind: 'reminder', topic: String(held), owner: 'B', now: at(MINUTE), until: at(HOUR) };
      await outbox.hold(holding);
      await store.gather(lead, { before: at(MINUTE), now: at(MINUTE) });
      expect(await store.owed(lead)).toHaveLength(1);
      for (const id of others) expect(await store.owed(id)).toHaveLength(1);
      // Whoever held it is dead by now.
      await store.gather(lead, { before: at(MINUTE), now: at(HOUR) });
      expect((await store.owed(lead)).map(({ occurrence }) => occurrence.id)).toEqual([lead, held]);
    });

    it('leaves only if it tells just what is owed', async () => {
      const { store, lead, ids } = await three();
      expect(await store.dispatch(lead, ids.slice(1), at(1))).toBe(false);
      expect(await store.dispatch(lead, [...ids, 999], at(1))).toBe(false);
      expect(await occurrenceOf(store, lead)).toMatchObject({ dispatchedAt: null });
      expect(await store.dispatch(lead, ids, at(1))).toBe(true);
      for (const id of ids)
        expect(await occurrenceOf(store, id, lead)).toMatchObject({ dispatchedAt: at(1) });
    });

    it('is put off and ended as one; put off unsent it never left', async () => {
      const { store, lead, ids } = await three();
      await store.dispatch(lead, ids, at(1));
      await store.putOff(lead, { note: 'timeout', unsent: false });
      for (const id of ids) {
        expect(await occurrenceOf(store, id, lead)).toMatchObject({ note: 'timeout', dispatchedAt: at(1) });
      }
      await store.putOff(lead, { unsent: true });
      for (const id of ids) {
        expect(await occurrenceOf(store, id, lead)).toMatchObject({ note: 'timeout', dispatchedAt: null });
      }
      await store.finish(lead, { state: 'sent', messageRef: '800/1', at: at(2) });
      for (const id of ids) expect(await occurrenceOf(store, id, lead)).toMatchObject({ state: 'sent' });
    });
  });

  describe('a refusal', () => {
    it('pauses the reminder with its reason and gives one notice, whatever else fails later', async () => {
      const { reminders: store, outbox } = (await bench.open()) as BotStore;
      const { reminder, id } = await takeOne(store);
      await store.snooze(reminder.id, at(MINUTE));
      const gone = { reason: 'the channel is gone', at: at(5), pause: true };
      await store.fail([id], gone);
      expect(await store.reminder(reminder.id)).toMatchObject({
        state: 'paused',
        pausedReason: 'the channel is gone',
        nextRunAt: null,
      });
      expect(await occurrenceOf(store, id)).toMatchObject({ state: 'failed', note: 'the channel is gone' });
      await store.takeUp(request({ now: at(MINUTE) }));
      await store.fail([await runOf(store, reminder.id)], gone);
      const batches = async () =>
        (await outbox.due(at(DAY), 9))
          .filter(({ kind }) => kind === 'notice')
          .map(({ topic }) => Number(topic));
      const [batch = 0, ...more] = await batches();
      expect(more).toEqual([]);
      expect(await store.setbacks(batch)).toMatchObject([
        { news: 'paused', reason: 'the channel is gone', dueAt: T0 },
      ]);
      await store.endSetbacks(batch);
      // Resumed and refused once more is another pause.
      await store.change(reminder.id, { state: 'active', nextRunAt: at(2 * MINUTE) });
      await store.takeUp(request({ now: at(2 * MINUTE) }));
      await store.fail([await runOf(store, reminder.id)], gone);
      expect(await store.setbacks((await batches()).at(-1) ?? 0)).toMatchObject([
        { news: 'paused', dueAt: at(2 * MINUTE) },
      ]);
    });

    it('of a run that can be given up pauses nothing', async () => {
      const store = await open();
      const { reminder, id } = await takeOne(store);
      await store.fail([id], { reason: 'no answer', at: at(5), pause: false });
      expect(await store.reminder(reminder.id)).toMatchObject({ state: 'active', nextRunAt: at(HOUR) });
      expect(await store.setbacks(1)).toMatchObject([{ news: 'failed', reason: 'no answer' }]);
    });
  });

  describe('notices', () => {
    const failing = async (store: ReminderStore, userId: string) => {
      const { id } = await store.add(newReminder({ userId, when: 'once' }));
      await store.takeUp(request());
      await store.fail([await runOf(store, id)], { reason: 'gone', at: T0, pause: false });
    };

    it('of one user go into one message until somebody begins to tell it, and later ones into another', async () => {
      const { reminders: store, outbox } = (await bench.open()) as BotStore;
      for (const user of ['1', '2', '1']) await failing(store, user);
      const first = await outbox.due(T0, 9);
      expect(first.filter(({ kind }) => kind === 'notice').map(({ channelId }) => channelId)).toEqual([
        '1',
        '2',
      ]);
      const topic = first.find(({ channelId }) => channelId === '1')?.topic ?? '';
      expect(await store.setbacks(Number(topic))).toHaveLength(2);
      await outbox.hold({ kind: 'notice', topic, owner: 'A', now: T0, until: at(MINUTE) });
      await failing(store, '1');
      expect(await store.setbacks(Number(topic))).toHaveLength(2);
      const later = (await outbox.due(T0, 9)).filter(({ kind }) => kind === 'notice');
      expect(later.map(({ channelId }) => channelId)).toEqual(['2', '1']);
    });

    it('are gone with their reminder, or once told', async () => {
      const store = await open();
      await failing(store, '1');
      await failing(store, '2');
      await store.endSetbacks(1);
      expect(await store.setbacks(1)).toEqual([]);
      const [notice] = await store.setbacks(2);
      await store.remove(notice?.reminder.id ?? 0);
      expect(await store.setbacks(2)).toEqual([]);
    });
  });

  describe('buttons', () => {
    it('snooze once per instant, and the snoozed run comes even though its reminder has ended', async () => {
      const store = await open();
      const { id } = await store.add(newReminder({ when: 'once' }));
      await store.takeUp(request());
      await store.finish(await runOf(store, id), { state: 'sent', at: T0 });
      const pressed = await Promise.all([1, 2, 3].map(() => store.snooze(id, at(HOUR))));
      expect(pressed.filter(Boolean)).toHaveLength(1);
      expect(await store.takeUp(request({ now: at(HOUR - 1) }))).toBe(0);
      expect(await store.takeUp(request({ now: at(HOUR) }))).toBe(1);
      expect(await store.owed(await runOf(store, id))).toMatchObject([
        { occurrence: { dueAt: at(HOUR) }, reminder: { id } },
      ]);
    });

    it('mark Done once', async () => {
      const store = await open();
      const { id } = await takeOne(store);
      expect(await store.markDone(id, at(1))).toBe(true);
      expect(await store.markDone(id, at(2))).toBe(false);
      expect(await store.markDone(id + 99, at(2))).toBe(false);
      expect(await occurrenceOf(store, id)).toMatchObject({ doneAt: at(1) });
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
    const owedNow = async () => {
      const latest = await Promise.all(ids.map(async (id) => store.recent(id, 1)));
      return latest.flat().filter(({ state }) => state === 'owed');
    };
    await store.takeUp(day);
    for (const { id, reminderId } of await owedNow()) {
      if (reminderId !== ids[2]) await store.finish(id, { state: 'sent', at: at(DAY) });
      else await store.fail([id], { reason: 'no answer', at: at(DAY), pause: false });
    }
    expect(await store.untold(ids)).toEqual(
      new Map([
        [ids[0], { dueAt: T0, note: { code: 'NOT_RUNNING' } }],
        [ids[2], { dueAt: at(DAY), note: 'no answer' }],
      ]),
    );
    // Told again since, or standing for the ones before it: nothing to note.
    const next = request({ now: at(3 * DAY), nextRun: () => null });
    await store.takeUp(next);
    for (const { id } of await owedNow()) await store.finish(id, { state: 'empty', at: at(3 * DAY) });
    expect(await store.untold(ids)).toEqual(new Map());
  });

  it('knows the last run of a schedule, and takes no snooze for one', async () => {
    const store = await open();
    const { reminder } = await takeOne(store);
    await store.snooze(reminder.id, at(5));
    const unrun = await store.add(newReminder({ nextRunAt: at(DAY) }));
    expect(await store.lastRuns([reminder.id, unrun.id])).toEqual(new Map([[reminder.id, T0]]));
  });

  it('forgets what was over long ago, a little at a time, with its message, and nothing else', async () => {
    const { reminders: store, outbox } = (await bench.open()) as BotStore;
    const [a, b, c] = [await takeOne(store), await takeOne(store), await takeOne(store)];
    await store.finish(a.id, { state: 'sent', at: at(1) });
    await store.finish(b.id, { state: 'empty', at: at(2) });
    expect(await store.prune(at(1), 9)).toBe(0);
    expect(await store.prune(at(DAY), 1)).toBe(1);
    expect(await occurrenceOf(store, a.id)).toBeNull();
    expect(await store.prune(at(DAY), 9)).toBe(1);
    expect(await store.prune(at(DAY), 9)).toBe(0);
    expect(await occurrenceOf(store, c.id)).not.toBeNull();
    expect((await outbox.due(at(DAY), 9)).map(({ topic }) => topic)).toEqual([String(c.id)]);
  });
});
