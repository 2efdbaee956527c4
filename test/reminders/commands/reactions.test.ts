import { describe, expect, test } from 'vitest';
import { codeOf, openDesk, ranNow, type TestDesk, TRADER, VIEWER, wanted } from './desk.js';

/** A reminder's message in the channel; its occurrence. */
async function posted(desk: TestDesk, change = {}): Promise<{ id: number; run: number }> {
  const { reminder } = await desk.reminders.add(TRADER, wanted(change));
  const [run = 0] = await ranNow(desk, [reminder.id]);
  return { id: reminder.id, run };
}
const waiting = async ({ store }: TestDesk, id: number) =>
  (await store.recent(id, 10))
    .filter(({ state }) => state === 'waiting')
    .map(({ dueAt }) => dueAt.toISOString());

describe('Snooze', () => {
  test('an hour means an hour from the press, on a whole minute', async () => {
    const desk = await openDesk();
    const { id, run } = await posted(desk);
    desk.clock.advance(90_500);
    const at = await desk.reactions.snooze(TRADER, run, 'hour');
    expect(at.toISOString()).toBe('2026-11-23T16:02:00.000Z');
    expect(await waiting(desk, id)).toEqual(['2026-11-23T16:02:00.000Z']);
  });

  test('tomorrow means the same time of day, over a change of the clock', async () => {
    const desk = await openDesk();
    const { id } = await posted(desk);
    desk.clock.set(Date.parse('2026-10-31T13:00:00Z'));
    const [run = 0] = await ranNow(desk, [id]);
    desk.clock.advance(3_600_000);
    const at = await desk.reactions.snooze(TRADER, run, 'tomorrow');
    expect(at.toISOString()).toBe('2026-11-01T14:00:00.000Z');
  });

  test('two presses at once make one more run, and a later press is told that it was dealt with', async () => {
    const desk = await openDesk();
    const { id, run } = await posted(desk);
    await Promise.allSettled([
      desk.reactions.snooze(TRADER, run, 'hour'),
      desk.reactions.snooze(TRADER, run, 'hour'),
    ]);
    expect(await waiting(desk, id)).toHaveLength(1);
    desk.clock.advance(120_000);
    expect(await codeOf(desk.reactions.snooze(TRADER, run, 'hour'))).toBe('REMINDER_HANDLED');
    expect(await codeOf(desk.reactions.done(TRADER, run))).toBe('REMINDER_HANDLED');
    expect(await waiting(desk, id)).toHaveLength(1);
  });
});

test('Done is kept, and a message of several reminders is dealt with as a whole', async () => {
  const desk = await openDesk();
  const made = [await desk.reminders.add(TRADER, wanted()), await desk.reminders.add(TRADER, wanted())];
  const [lead = 0, other = 0] = await ranNow(
    desk,
    made.map(({ reminder }) => reminder.id),
  );
  await desk.reactions.done(TRADER, lead);
  const now = desk.clock.now();
  expect((await desk.store.together(lead)).map(({ id, doneAt }) => [id, doneAt])).toEqual([
    [lead, now],
    [other, now],
  ]);
});

test('a message whose first reminder is removed can still be dealt with for the others', async () => {
  const desk = await openDesk();
  const made = [await desk.reminders.add(TRADER, wanted()), await desk.reminders.add(TRADER, wanted())];
  const [first = 0, second = 0] = made.map(({ reminder }) => reminder.id);
  const [lead = 0] = await ranNow(desk, [first, second]);
  await desk.store.remove(first);
  await desk.reactions.snooze(TRADER, lead, 'hour');
  expect(await waiting(desk, second)).toHaveLength(1);
  expect(await codeOf(desk.reactions.done(TRADER, lead))).toBe('REMINDER_HANDLED');
});

test('snoozing a message of several reminders brings back each of them', async () => {
  const desk = await openDesk();
  const made = [await desk.reminders.add(TRADER, wanted()), await desk.reminders.add(TRADER, wanted())];
  const ids = made.map(({ reminder }) => reminder.id);
  const [lead = 0] = await ranNow(desk, ids);
  await desk.reactions.snooze(TRADER, lead, 'hour');
  for (const id of ids) expect(await waiting(desk, id)).toHaveLength(1);
});

describe('who may press', () => {
  test('traders, and whose reminder it is though he is no trader any more', async () => {
    const desk = await openDesk({ traderUserIds: ['111', '333'] });
    const { id, run } = await posted(desk);
    expect(await codeOf(desk.reactions.done(VIEWER, run))).toBe('NOT_A_TRADER');
    expect((await desk.store.together(run)).map(({ doneAt }) => doneAt)).toEqual([null]);
    await desk.store.change(id, { userId: VIEWER.userId });
    expect(await codeOf(desk.reactions.done(VIEWER, run))).toBe('fine');
  });

  test('nothing is left to press once the reminder is removed', async () => {
    const desk = await openDesk();
    const { id, run } = await posted(desk);
    await desk.store.remove(id);
    expect(await codeOf(desk.reactions.snooze(TRADER, run, 'hour'))).toBe('REMINDER_REMOVED');
  });
});
