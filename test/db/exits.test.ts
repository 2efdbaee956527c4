import { expect, it } from 'vitest';
import { ACCOUNT, at, money, rememberOne } from './support/builders.js';
import { onEach } from './support/drivers.js';
import type { TestStore } from './support/test-store.js';

const RULE = { account: ACCOUNT, days: [7, 21], channelId: '800', userId: '111' };
const card = (topic: string) => ({ kind: 'exit', topic, channelId: '800', userId: '111' });
const noteOf = async (store: TestStore, topic: string) => (await store.outbox.notes(card(topic)))[0];

/** Nothing was to be said on it after all. */
async function over(
  store: TestStore,
  topic: string,
  more: { pages?: string[]; news?: string } = {},
): Promise<void> {
  const hold = { ...card(topic), owner: 'one', now: at(2_000), until: at(9_000) };
  const { notes = [], asked = 0 } = (await store.outbox.hold(hold)) ?? {};
  const changes = notes.map((note) => ({ ...note, nextAt: null, ended: more.news === undefined, ...more }));
  await store.outbox.release(hold, changes, asked);
}

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('an account’s rule is what was set last, and none where it is off', async () => {
    const { exits } = await bench.open();
    expect(await exits.exitRule(ACCOUNT)).toBeNull();
    await exits.setExitRule(RULE, at(0));
    await exits.setExitRule({ ...RULE, days: [14] }, at(1));
    expect(await exits.exitRule(ACCOUNT)).toEqual({ ...RULE, days: [14] });
    await exits.unsetExitRule(ACCOUNT);
    expect(await exits.exitRule(ACCOUNT)).toBeNull();
  });

  it('what is owed by a rule follows it: to its channel, and anew where it was given up; what is out stays', async () => {
    const store = await bench.open();
    const id = await rememberOne(store);
    const topics = [`${id}/21`, `${id}/7`, `${id}/0`, `${id + 99}/7`];
    await store.outbox.begin([card(topics[0]!), card(topics[3]!)], at(1_000));
    await store.outbox.begin([card(topics[1]!)], at(500_000));
    await store.outbox.begin([card(topics[2]!)], at(1_000));
    await over(store, topics[0]!);
    await over(store, topics[2]!, { pages: ['800/1'], news: 'exit' });
    expect(await noteOf(store, topics[0]!)).toBeUndefined();
    await store.exits.setExitRule({ ...RULE, channelId: '801', userId: '222' }, at(3_000));
    expect(await noteOf(store, topics[0]!)).toMatchObject({ channelId: '801', userId: '222' });
    expect(await noteOf(store, topics[1]!)).toMatchObject({ channelId: '801' });
    expect(await noteOf(store, topics[2]!)).toMatchObject({ channelId: '800', pages: ['800/1'] });
    // Another account's.
    expect(await noteOf(store, topics[3]!)).toMatchObject({ channelId: '800' });
    const due = async (ms: number) =>
      (await store.outbox.due(at(ms), 9)).flatMap(({ topic }) => (topic === topics[3] ? [] : topic));
    expect(await due(3_000)).toEqual([topics[0]]);
    expect(await due(500_000)).toEqual([topics[0], topics[1]]);
  });

  it('of each day a position’s profit is what was noted last', async () => {
    const store = await bench.open();
    const positionId = await rememberOne(store);
    const note = (day: string, dollars: string) => ({ positionId, day, dollars: money(dollars), units: 2 });
    await store.exits.noteProfits([note('2026-11-24', '1.5'), note('2026-11-23', '-3')]);
    await store.exits.noteProfits([note('2026-11-24', '2.25')]);
    expect((await store.exits.profitsOf(positionId)).map(({ day, dollars }) => `${day} ${dollars}`)).toEqual([
      '2026-11-23 -3',
      '2026-11-24 2.25',
    ]);
    expect(await store.exits.profitsOf(positionId + 1)).toEqual([]);
  });
});
