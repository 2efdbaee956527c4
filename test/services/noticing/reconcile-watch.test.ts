import pino from 'pino';
import { beforeEach, describe, expect, it } from 'vitest';
import { fallbackCalendar } from '../../../src/domain/calendar/fallback.js';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { BotState } from '../../../src/ports/bot-state.js';
import type { NewNote } from '../../../src/ports/outbox.js';
import { foundWords } from '../../../src/screens/reconcile.js';
import { LIMITS } from '../../../src/screens/view.js';
import { FoundProjector, FoundReader } from '../../../src/services/noticing/found-projector.js';
import { ReconcileWatch } from '../../../src/services/noticing/reconcile-watch.js';
import { ToldFindings } from '../../../src/services/noticing/told-findings.js';
import { type Finding, reconciled } from '../../../src/services/orders/reconcile.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { plainTextOf } from '../../commands/support/limits.js';
import { d, workingOrder } from '../../domain/build.js';
import { ACCOUNT, CHANNEL, intent, TRADER } from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const LIMIT = { price: d('1.20'), effect: 'debit' } as const;
const PUTS = ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'];
/** A Monday morning in New York. */
const START = '2026-11-23T15:00:00Z';

let clock: VirtualClock;
let remembered: string | null;
let owed: Omit<NewNote, 'news'>[];
let open: ReturnType<typeof workingOrder>[];
let more: Finding[];
let channel: boolean;
let away: boolean;
beforeEach(() => {
  clock = new VirtualClock(START);
  remembered = null;
  owed = [];
  open = [];
  more = [];
  channel = true;
  away = false;
});

const state: BotState = {
  recall: async () => remembered,
  remember: async (_name, value) => {
    remembered = value;
  },
};
const notices = {
  channelOf: async () =>
    channel ? { account: ACCOUNT, channelId: CHANNEL, userId: TRADER, since: new Date(0) } : null,
};
const reconciling = {
  of: async (book: ReturnType<typeof bookOf>) => {
    const found = reconciled(book, [], new Map());
    return { ...found, findings: [...found.findings, ...more] };
  },
};
const desk = {
  number: ACCOUNT,
  positions: {
    read: async () => {
      if (away) throw new BrokerUnreachable('no answer');
      return bookOf(TRIDENT.held, [TRIDENT.opening], open);
    },
  },
} as never;

/** A process, begun now. */
function started(): ReconcileWatch {
  return new ReconcileWatch({
    reconciling,
    notices,
    told: new ToldFindings(state),
    outbox: {
      begin: async (notes) =>
        void owed.push(...notes.filter(({ topic }) => owed.every((each) => each.topic !== topic))),
    },
    calendar: () => fallbackCalendar,
    clock,
    log: pino({ level: 'silent' }),
    wake: () => {},
  });
}

/** What the latest message says, each point by its first words. */
async function said(): Promise<string[]> {
  const reader = new FoundReader({
    desks: { find: async () => desk },
    reconciling,
    notices,
    told: new ToldFindings(state),
  });
  const projector = new FoundProjector(reader, foundWords('PAPER'));
  const topic = owed.at(-1)?.topic ?? '';
  const screen = await projector.project(topic);
  const pages = [...(screen?.pages ?? [])];
  for (const page of pages) {
    expect(page.content.length).toBeLessThanOrEqual(LIMITS.content);
    expect(page.components.length).toBeLessThanOrEqual(5);
    expect([projector.newsOn(page, topic), projector.newsOn(page, 'other')]).toEqual(['found', null]);
  }
  return plainTextOf(pages).split('\n');
}

const beat = (watch: ReconcileWatch) => watch.beat([desk]);
const at = (time: string) => clock.set(Date.parse(time));

describe('what doesn’t agree, told unasked', () => {
  it('comes at start, with what mends it, and not again before something is new', async () => {
    open = [workingOrder('801', PUTS, LIMIT)];
    const watch = started();
    await beat(watch);
    expect(owed).toMatchObject([{ kind: 'reconcile', channelId: CHANNEL, userId: TRADER }]);
    const text = await said();
    expect(text[0]).toBe(`<@${TRADER}> **2 points that don’t agree** · new`);
    expect(text.join('\n')).toContain('**Order 801** was placed elsewhere');
    expect(text.join('\n')).toContain('#37 QQQ Senex Trident');
    await beat(watch);
    await beat(started());
    expect(owed).toHaveLength(1);
  });

  it('comes after the close, on half days too, and says only what is new', async () => {
    open = [workingOrder('801', PUTS, LIMIT)];
    const watch = started();
    await beat(watch);
    open = [...open, workingOrder('802', PUTS, LIMIT)];
    at('2026-11-23T21:14:00Z');
    await beat(watch);
    expect(owed).toHaveLength(1);
    at('2026-11-23T21:15:00Z');
    await beat(watch);
    expect(owed).toHaveLength(2);
    const text = (await said()).join('\n');
    expect(text).toContain('802');
    expect(text).not.toContain('**Order 801**');
    // The day after Thanksgiving ends at 13:00.
    at('2026-11-27T18:14:00Z');
    await beat(watch);
    open = [];
    at('2026-11-27T18:15:00Z');
    await beat(watch);
    expect(owed).toHaveLength(3);
    expect((await said())[0]).toContain('A point that doesn’t agree');
  });

  it('comes again once it was mended in between, or has changed', async () => {
    open = [workingOrder('801', PUTS, LIMIT)];
    await beat(started());
    open = [];
    await beat(started());
    open = [workingOrder('801', PUTS, LIMIT)];
    await beat(started());
    open = [];
    await beat(started());
    open = [workingOrder('801', PUTS, LIMIT)];
    await beat(started());
    expect(owed).toHaveLength(5);
    expect((await said()).join('\n')).toContain('**Order 801**');
  });

  it('is not told where no channel is set, nor of what is only on its way', async () => {
    channel = false;
    await beat(started());
    channel = true;
    open = [];
    more = [{ kind: 'unsettled', intent: intent({ state: 'submitting', createdAt: clock.now() }) }];
    const watch = started();
    await beat(watch);
    expect((await said()).join('\n')).not.toContain('fate');
    clock.advance(3 * 60_000);
    await beat(started());
    expect((await said()).join('\n')).toContain('an order whose fate isn’t known');
  });

  it('is told once though a process dies between owing it and writing that down', async () => {
    const dies = started();
    const { remember } = state;
    let writes = 0;
    state.remember = async (...what) => {
      writes += 1;
      if (writes === 2) throw new Error('killed');
      await remember(...what);
    };
    await beat(dies);
    state.remember = remember;
    await beat(started());
    await beat(started());
    expect(owed).toHaveLength(1);
    expect((await said())[0]).toContain('A point that doesn’t agree');
  });

  it('is due still where the account couldn’t be read', async () => {
    away = true;
    const watch = started();
    await beat(watch);
    expect(owed).toEqual([]);
    away = false;
    await beat(watch);
    expect(owed).toHaveLength(1);
  });

  it('is not told any more once it is mended before it gets out', async () => {
    await beat(started());
    channel = false;
    expect(await said()).toEqual(['']);
  });
});
