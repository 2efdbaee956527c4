import { describe, expect, it } from 'vitest';
import type { Hold, Note, NoteChange, Outbox } from '../../src/ports/outbox.js';
import { at, brokerOrder, claimOne, placed } from './support/builders.js';
import { onEach } from './support/drivers.js';

const TOPIC = { kind: 'result', topic: 'p1' };
const holding = (owner: string, now: number, lease = 60_000) => ({
  ...TOPIC,
  owner,
  now: at(now),
  until: at(now + lease),
});
const news = (text: string) => ({ ...TOPIC, news: text, channelId: '800', userId: '111' });
const change = (
  { id, news: known, pages, directPages, told }: Note,
  more: Partial<NoteChange>,
): NoteChange => ({
  id,
  news: known,
  pages,
  directPages,
  told,
  nextAt: null,
  ...more,
});

async function held(outbox: Outbox, owner: string, now: number) {
  const hold = await outbox.hold(holding(owner, now));
  if (!hold) throw new Error(`${owner} doesn't get it`);
  return hold;
}

onEach(['sqlite memory', 'postgres'], (bench) => {
  it('a claim owes its first word, which is due only when whoever claimed says so', async () => {
    const { outbox, ...store } = await open();
    await claimOne(store.whole, 'p1');
    expect(await outbox.due(at(9e9), 9)).toEqual([]);
    const { notes, due } = await held(outbox, 'A', 2_000);
    expect(due).toBe(false);
    // For everybody but whoever claimed it may have got out before.
    expect(notes).toMatchObject([{ news: '', channelId: '800', userId: '111', pages: [], attempts: 2 }]);
    await outbox.release(holding('A', 2_000), [change(notes[0]!, { nextAt: at(5_000) })], 0);
    expect(await outbox.due(at(4_999), 9)).toEqual([]);
    expect(await outbox.due(at(5_000), 9)).toEqual([{ ...TOPIC, channelId: '800' }]);
    expect(await outbox.owed('result')).toEqual(['p1']);
  });

  it('one process at a time has a topic, and another gets it when the lease is over and not before', async () => {
    const { outbox } = await open();
    await outbox.add(news('a'), holding('A', 0));
    await expect(outbox.hold(holding('B', 59_999))).resolves.toBeNull();
    expect(await outbox.due(at(59_999), 9)).toEqual([]);
    expect(await outbox.due(at(60_000), 9)).toHaveLength(1);
    const takers = await Promise.all(['B', 'C', 'D'].map((owner) => outbox.hold(holding(owner, 60_000))));
    expect(takers.filter((hold) => hold !== null)).toHaveLength(1);
    expect(await outbox.renew(holding('A', 60_000))).toBe(false);
  });

  it('whoever lost it meanwhile changes nothing', async () => {
    const { outbox } = await open();
    const note = await outbox.add(news('a'), holding('A', 0));
    const { notes } = await held(outbox, 'B', 60_000);
    await outbox.release(holding('A', 61_000), [change(note!, { pages: ['old/1'] })], 0);
    expect(await outbox.hold(holding('C', 61_000))).toBeNull();
    await outbox.release(holding('B', 62_000), [change(notes[0]!, { pages: ['800/1'], told: 'x' })], 0);
    expect(await outbox.notes(TOPIC)).toMatchObject([{ pages: ['800/1'], told: 'x' }]);
  });

  it('what is renewed stays with its process', async () => {
    const { outbox } = await open();
    await outbox.add(news('a'), holding('A', 0));
    expect(await outbox.renew(holding('A', 50_000))).toBe(true);
    expect(await outbox.hold(holding('B', 100_000))).toBeNull();
  });

  it('what was never said isn’t over where somebody had more to say meanwhile, and is once nobody has', async () => {
    const { outbox, ...store } = await open();
    const intent = await claimOne(store.whole, 'p1');
    await store.whole.settleIntent(intent.id, placed('A1'), at(2_000));
    const fill = (id: string) => ({ id, quantity: 1, price: intent.price, at: at(3_000) });
    const traded = (...ids: string[]) =>
      store.whole.recordOrders([brokerOrder('A1', {}, ids.map(fill))], at(3_000));
    const closed = { kind: 'closed', topic: String(intent.positionId) };
    const hold = (now: number) => outbox.hold({ ...holding('A', now), ...closed });
    const nothing = async (now: number, { notes = [], asked = 0 }: Partial<Hold> = {}) => {
      const over = notes.map((note) => change(note, { ended: true }));
      await outbox.release({ ...holding('A', now), ...closed }, over, asked);
    };
    const isDue = async () => (await outbox.due(at(9_000), 9)).some(({ kind }) => kind === 'closed');

    await traded('f1');
    const first = await hold(4_000);
    await traded('f1', 'f2');
    await nothing(5_000, first ?? {});
    expect(await isDue()).toBe(true);
    await nothing(6_000, (await hold(6_000)) ?? {});
    expect(await isDue()).toBe(false);
    // Whatever was over before, the next word begins anew, and asks for itself alone.
    await traded('f1', 'f2', 'f3');
    expect(await isDue()).toBe(true);
    await nothing(8_000, (await hold(8_000)) ?? {});
    expect(await isDue()).toBe(false);
  });

  it('asked for while another has it, it is looked at again as soon as that one lets go', async () => {
    const { outbox } = await open();
    await outbox.add(news('a'), holding('A', 0));
    const { notes, asked } = await held(outbox, 'A', 1);
    await outbox.hold(holding('B', 2));
    await outbox.release(holding('A', 3), [change(notes[0]!, { pages: ['800/1'] })], asked);
    expect(await outbox.due(at(3), 9)).toHaveLength(1);
    const again = await held(outbox, 'A', 4);
    await outbox.release(holding('A', 5), [change(again.notes[0]!, {})], again.asked);
    expect(await outbox.due(at(9e9), 9)).toEqual([]);
  });

  it('asked for while a process holds it that has died, it is due when the lease is over', async () => {
    const { outbox, whole } = await open();
    await claimOne(whole, 'p1');
    await held(outbox, 'dead', 0);
    expect(await outbox.hold(holding('B', 1_000))).toBeNull();
    expect(await outbox.due(at(59_999), 9)).toEqual([]);
    expect(await outbox.due(at(60_000), 9)).toHaveLength(1);
  });

  it('each news of a topic has one message, whoever adds it', async () => {
    const { outbox } = await open();
    const added = await Promise.all([1, 2, 3].map(() => outbox.add(news('a'), holding('A', 0))));
    expect(added.filter((note) => note !== null)).toHaveLength(1);
    expect(await outbox.add(news('b'), holding('B', 1))).toBeNull();
    expect(await outbox.add(news('b'), holding('A', 1))).toMatchObject({ news: 'b', attempts: 1 });
    expect((await outbox.notes(TOPIC)).map((note) => note.news)).toEqual(['a', 'b']);
  });

  it('what is out and being changed stays due should its process die over that', async () => {
    const { outbox } = await open();
    const note = await outbox.add(news('a'), holding('A', 0));
    await outbox.release(holding('A', 1), [change(note!, { pages: ['800/1'], told: 'x' })], 0);
    expect(await outbox.due(at(9e9), 9)).toEqual([]);
    await held(outbox, 'A', 2);
    expect(await outbox.due(at(60_002), 9)).toHaveLength(1);
  });

  describe('what ended', () => {
    it('is owed no more, isn’t kept true, and isn’t told again', async () => {
      const { outbox } = await open();
      const note = await outbox.add(news('a'), holding('A', 0));
      await outbox.release(holding('A', 1), [change(note!, { ended: true })], 0);
      expect(await outbox.notes(TOPIC)).toEqual([]);
      expect(await outbox.owed('result')).toEqual([]);
      expect(await outbox.add(news('a'), holding('A', 2))).toBeNull();
    });

    it('and is news again, though somebody took it away, is told by a message that goes on', async () => {
      const { outbox, whole } = await open();
      const intent = await claimOne(whole, 'p1');
      await whole.settleIntent(intent.id, placed('A1'), at(2_000));
      const topic = { kind: 'fill', topic: String(intent.id) };
      const hold = (now: number) => ({ ...holding('A', now), ...topic });
      const traded = (...ids: string[]) => {
        const fills = ids.map((id) => ({ id, quantity: 1, price: intent.price, at: at(3_000) }));
        return whole.recordOrders([brokerOrder('A1', {}, fills)], at(3_000));
      };
      const told = async (now: number, more: Partial<NoteChange>) => {
        const { notes = [], asked = 0 } = (await outbox.hold(hold(now))) ?? {};
        const changes = notes.map((note) => change(note, { news: 'fill', pages: [`800/${now}`], ...more }));
        await outbox.release(hold(now), changes, asked);
      };
      await traded('f1');
      await told(4_000, { ended: true });
      await traded('f1', 'f2');
      await told(5_000, {});
      expect(await outbox.notes(topic)).toMatchObject([{ news: 'fill', pages: ['800/5000'] }]);
      expect(await outbox.owed('fill')).toEqual([]);
    });

    it('is a first word that isn’t out when a press owes nothing more', async () => {
      const { outbox, whole } = await open();
      await claimOne(whole, 'p1');
      await whole.endErrand('p1', 'result');
      expect(await outbox.notes(TOPIC)).toEqual([]);
    });
  });

  it('begins a topic once, whoever finds it out and whatever became of it, and is asked only for what there is', async () => {
    const { outbox } = await open();
    const card = { kind: 'opened', topic: '37', channelId: '800', userId: '111' };
    await Promise.all([outbox.begin([card], at(0)), outbox.begin([card], at(0))]);
    expect(await outbox.notes(card)).toHaveLength(1);
    expect(await outbox.due(at(0), 9)).toEqual([{ kind: 'opened', topic: '37', channelId: '800' }]);
    const hold = { ...card, owner: 'A', now: at(1), until: at(9_000) };
    const { notes = [], asked = 0 } = (await outbox.hold(hold)) ?? {};
    await outbox.release(hold, [change(notes[0]!, { news: 'opened', pages: ['800/1'] })], asked);
    await outbox.begin([card], at(2_000));
    expect(await outbox.due(at(9e9), 9)).toEqual([]);
    expect(await outbox.ask([card, { kind: 'opened', topic: '38' }], at(3_000))).toBe(1);
    expect(await outbox.due(at(3_000), 9)).toHaveLength(1);
    expect(await outbox.alive('opened', at(0))).toEqual(['37']);
    expect(await outbox.alive('opened', at(1))).toEqual([]);

    const again = await outbox.hold({ ...hold, now: at(4_000) });
    const over = (again?.notes ?? []).map((note) => change(note, { ended: true }));
    await outbox.release({ ...hold, now: at(4_000) }, over, again?.asked ?? 0);
    await outbox.begin([card], at(5_000));
    expect([await outbox.ask([card], at(6_000)), await outbox.alive('opened', at(0))]).toEqual([0, []]);
    expect(await outbox.due(at(9e9), 9)).toEqual([]);
  });

  async function open() {
    const whole = await bench.open();
    return { whole, outbox: whole.outbox };
  }
});
