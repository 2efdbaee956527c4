import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { composeTelling } from '../../src/app/compose-telling.js';
import { DiscordChannel } from '../../src/bot/channel.js';
import { type BotStore, openStore } from '../../src/db/index.js';
import { fallbackCalendar } from '../../src/domain/calendar/fallback.js';
import { exchangeDay } from '../../src/domain/dates.js';
import type { BrokerOrder, OddRow, Quote } from '../../src/domain/types.js';
import type { MarketSession } from '../../src/ports/broker.js';
import type { Halt } from '../../src/ports/halts.js';
import { exitWords } from '../../src/screens/exit.js';
import { resultWords } from '../../src/screens/result-words.js';
import type { Book } from '../../src/services/accounts/positions.js';
import { ExitProjector } from '../../src/services/noticing/exits/exit-projector.js';
import { ExitReader } from '../../src/services/noticing/exits/exit-reader.js';
import { ExitWatch } from '../../src/services/noticing/exits/exit-watch.js';
import { PreviewPricer } from '../../src/services/previews/pricing.js';
import { RestChannel } from '../bot/support/rest.js';
import { newIntent, newPlan, placed } from '../db/support/builders.js';
import { d, filledOrder, holding, workingOrder } from '../domain/build.js';
import { BriskClock } from '../services/support/brisk-clock.js';
import {
  ACCOUNT,
  accessRules,
  brokerWith,
  CHANNEL,
  NAME,
  NO_CHAINS,
  TRADER,
} from '../services/support/builders.js';
import { bookOf, CLEAN, TRIDENT } from '../services/support/scene.js';

/*
 * The rule by which positions are left before they expire, over the outbox, by whatever processes run at whatever times. The
 * Trident was opened 46 days before its 18 December.
 */

const log = pino({ level: 'silent' });
const TOLD = /\*\*Exit #37 QQQ Senex Trident/;
const BUTTONS = ['Submit: close at 2.30', 'Other price…'];

let clock: BriskClock;
let store: BotStore;
let discord: RestChannel;
let held: boolean;
let scene: Pick<typeof TRIDENT, 'opening' | 'held'>;
/** Rows of the account that can't be read. */
let odd: OddRow[];
let working: BrokerOrder[];
let halt: Halt | null;
let marks: Map<string, Quote>;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: log });
  clock = new BriskClock('2026-11-25T15:00:00Z');
  discord = new RestChannel(() => clock.now());
  [held, odd, working, halt] = [true, [], [], null];
  marks = quotes('2.00', '1.00', '0.50', '0.20');
  scene = TRIDENT;
  // So it has the number that its book gives it.
  const numbers = Array.from({ length: 37 }, (_, index) => index + 1);
  const positions = numbers.map((id) => {
    const key = id === 37 ? 'order:100' : `order:${id}`;
    return { account: ACCOUNT, key, underlying: 'QQQ', strategy: 'trident' as const };
  });
  await store.rememberPositions(positions, clock.now());
});
afterEach(() => store.close());

/** What each leg of the Trident is worth. */
function quotes(...[put, farPut, call, farCall]: string[]): Map<string, Quote> {
  const at = (mark = '0') => ({ bid: d(mark).minus('0.05'), ask: d(mark).plus('0.05'), mark: d(mark) });
  return new Map([
    ['QQQ   261218P00480000', at(put)],
    ['QQQ   261218P00475000', at(farPut)],
    ['QQQ   261218C00520000', at(call)],
    ['QQQ   261218C00525000', at(farCall)],
  ]);
}

function book(gone: ReadonlySet<string> = new Set()): Book {
  const left = working.filter(({ id }) => !gone.has(id));
  const read = bookOf(held ? scene.held : [], [scene.opening], left, marks);
  return { ...read, odd, readAt: clock.now() };
}

/** Open on the exchange's own days and times. */
function session(): MarketSession {
  const now = clock.now();
  const today = fallbackCalendar.day(exchangeDay(now));
  if (today && now < today.close)
    return { open: now >= today.open, opensAt: today.open, closesAt: today.close };
  for (let ahead = 1; ; ahead += 1) {
    const next = fallbackCalendar.day(exchangeDay(new Date(now.getTime() + ahead * 86_400_000)));
    if (next) return { open: false, opensAt: next.open, closesAt: next.close };
  }
}

let processes = 0;
/** A process of its own on this database, which has read the account. */
async function started(readOnly = false) {
  processes += 1;
  const own: BotStore = Object.create(store, {
    processes: { value: { ...store.processes, self: `process ${processes}` } },
  });
  const positions = {
    read: async () => book(),
    find: (read: Book, id: number) => read.positions.find((each) => each.id === id),
    without: async (_read: Book, gone: ReadonlySet<string>) => book(gone),
  };
  const desk = { number: ACCOUNT, name: NAME, positions } as never;
  const info = { isIndex: false, optionTicks: [{ below: null, increment: d('0.01') }] };
  const broker = brokerWith({
    underlying: async (symbol) => ({ ...info, symbol }),
    dryRun: async () => CLEAN,
    marketSession: async () => session(),
  });
  const sessionOf = fallbackCalendar.day;
  const { exits, outbox } = store;
  const exitReader = new ExitReader({
    desks: { find: async () => desk },
    store,
    exits,
    outbox,
    broker,
    pricer: new PreviewPricer(broker, {
      rounding: 'nearest',
      spreadTicks: new Map(),
      maxOrderContracts: null,
    }),
    chains: NO_CHAINS,
    halting: { current: async () => halt },
    access: accessRules({ readOnly }),
    sessionOf,
    clock,
  });
  const none = { read: async () => null };
  const { deliverer } = composeTelling(
    {
      channel: new DiscordChannel(discord.client, 'token'),
      surface: { place: () => 'here', elsewhere: (page) => page },
      words: resultWords('PAPER', { of: () => NAME }),
      projectors: (readers) => ({ exit: new ExitProjector(readers.exitReader, exitWords('PAPER')) }),
    },
    {
      store: own,
      broker,
      clock,
      log,
      closingReader: { read: async () => ({ kind: 'nothing' }), readAll: async () => new Map() },
      cancelReader: none,
      exitReader,
      fillReader: none,
      lostReader: none,
      openedReader: none,
      reminderContent: { build: async () => null },
      boardReader: none,
      foundReader: { read: async () => null },
      assignedReader: none,
    },
  );
  const watch = new ExitWatch({ exits, store, outbox, sessionOf, clock, wake: () => {} });
  const look = () => watch.look(book());
  await look();
  const until = async (when: string) => {
    for (;;) {
      await deliverer.beat();
      await deliverer.idle();
      const left = new Date(when).getTime() - clock.now().getTime();
      if (left <= 0) return;
      clock.advance(Math.min(left, 5 * 60_000));
    }
  };
  return { look, until };
}

/** Somebody had the position closed by an order of ours. */
async function closeSent(orderId: string): Promise<void> {
  await store.createPlan(newPlan('p1', { createdAt: clock.now(), expiresAt: new Date('2027-01-01') }));
  const request = { planId: 'p1', now: clock.now(), state: 'submitting' } as const;
  const claim = await store.claimPlan({ ...request, intents: [newIntent('p1', 37, { kind: 'close' })] });
  if (claim.kind !== 'claimed') throw new Error(claim.kind);
  const [intent] = claim.intents;
  await store.settleIntent(intent?.id ?? 0, placed(orderId), clock.now());
}

const set = (days: number[], userId = TRADER) =>
  store.exits.setExitRule({ account: ACCOUNT, days, channelId: CHANNEL, userId }, clock.now());
const said = () =>
  discord.messages.map(({ content }) => content.replaceAll('\u00a0', ' ').replaceAll('\u2060', ''));
const labels = () =>
  discord.messages
    .at(-1)
    ?.components?.flatMap((row) =>
      'components' in row ? row.components.map((each) => ('label' in each ? each.label : '')) : [],
    );

describe('a position that comes to its days', () => {
  it('is told a quarter of an hour after that day’s open, once, by however many processes', async () => {
    await set([7, 21]);
    const [one, two] = [await started(), await started()];
    await one.until('2026-11-27T14:44:59Z');
    expect(said()).toEqual([]);
    await Promise.all([one.until('2026-11-27T14:50:00Z'), two.until('2026-11-27T14:50:00Z')]);
    expect(said()).toEqual([expect.stringMatching(TOLD)]);
    expect(said()[0]).toContain('Your rule: 21 days before expiration.\n');
    // A start finds it told, and the next limit comes in its own time.
    const later = await started();
    await later.until('2026-12-11T14:44:00Z');
    expect(said()).toHaveLength(1);
    await later.until('2026-12-11T14:50:00Z');
    expect(said()).toHaveLength(2);
    expect(said()[1]).toContain('Your rule: 7 days before expiration.\n');
    await (await started()).until('2026-12-15T20:00:00Z');
    expect(said()).toHaveLength(2);
  });

  it('while nobody ran is told late, once, and of several limits the last alone', async () => {
    await set([7, 21]);
    await started();
    clock.advance(17 * 86_400_000);
    // A Saturday.
    expect(exchangeDay(clock.now())).toBe('2026-12-12');
    const late = await started();
    await late.until('2026-12-14T14:44:00Z');
    expect(said()).toEqual([]);
    await late.until('2026-12-15T15:00:00Z');
    expect(said()).toHaveLength(1);
    expect(said()[0]).toContain('Your rule: 7 days before expiration. It came to 7 DTE on Fri 11 Dec.');
  });

  it('is not told where no rule is set, nor once it is closed, and not where it was opened that late on purpose', async () => {
    await (await started()).until('2026-12-01T15:00:00Z');
    await set([21, 46]);
    const running = await started();
    held = false;
    await running.until('2026-12-01T16:00:00Z');
    held = true;
    await store.exits.setExitRule(
      { account: ACCOUNT, days: [46, 50], channelId: CHANNEL, userId: TRADER },
      clock.now(),
    );
    await (await started()).until('2026-12-17T20:00:00Z');
    expect(said()).toEqual([]);
  });

  it('of which the leg that expires first was closed before its day is told when the rest comes to its own', async () => {
    const [front, back] = ['QQQ 2026-12-18 480 P', 'QQQ 2027-01-15 480 P'];
    const legs = [holding(`-1 ${front} @ 4.00`), holding(`1 ${back} @ 5.00`)];
    const opening = filledOrder('100', [`sell-to-open 1 ${front} @ 4.00`, `buy-to-open 1 ${back} @ 5.00`]);
    scene = { opening, held: legs };
    await set([21]);
    const running = await started();
    scene = { opening, held: legs.slice(1) };
    await running.until('2026-12-28T14:44:00Z');
    expect(said()).toEqual([]);
    await running.until('2026-12-28T14:50:00Z');
    expect(said()).toEqual([expect.stringContaining('Your rule: 21 days before expiration.')]);
  });

  it('is told by a rule that was off in between, where it is set then', async () => {
    await set([21]);
    const running = await started();
    await store.exits.unsetExitRule(ACCOUNT);
    await running.until('2026-11-30T15:00:00Z');
    expect(said()).toEqual([]);
    await set([21], '222');
    await running.until('2026-11-30T15:10:00Z');
    expect(said()).toEqual([expect.stringMatching(/^<@222> /)]);
  });
});

describe('its card', () => {
  const toldWith = async (readOnly = false) => {
    await set([21]);
    const running = await started(readOnly);
    await running.until('2026-11-27T15:00:00Z');
    return running;
  };

  it('says what it made, by the day too, previews its close, and leaves the rest to a press', async () => {
    await toldWith();
    const [card = ''] = said();
    // Opened for 2.00 per put vertical and 1.00 for the calls; now 1.00 and 0.30.
    expect(card).toContain('**+$270.00** so far');
    expect(card).toContain(' · **+$10.80** a day over 25 days');
    expect(card).toContain('You pay **2.30** · at mid');
    expect(card).toContain('Not sent yet; I never send it by myself.');
    expect(labels()).toEqual(BUTTONS);
    const [row] = discord.messages[0]?.components ?? [];
    const [submit] = row && 'components' in row ? row.components : [];
    expect(submit && 'custom_id' in submit && submit.custom_id).toMatch(/^close:card:37:[\w-]{22}:2\.3$/);
  });

  it('tells each day as far as it was noted, and says of how many it wasn’t', async () => {
    await set([21]);
    const { look, until } = await started();
    marks = quotes('2.10', '1.00', '0.50', '0.20');
    clock.advance(3 * 3_600_000);
    await look();
    marks = quotes('2.00', '1.00', '0.50', '0.20');
    await until('2026-11-27T15:00:00Z');
    expect(said()[0]).toContain('Day by day: Fri 27 Nov **+$20.00**');
    // From the second of November to the day before Thanksgiving.
    expect(said()[0]).toContain('Of 18 days I haven’t noted what they made.');
  });

  it('once somebody is closing all of it offers no other Submit, and again where that is cancelled', async () => {
    const { look, until } = await toldWith();
    const closing = [
      ['buy-to-close 2 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 2 QQQ 2026-12-18 475 P @ 1'],
      ['buy-to-close 1 QQQ 2026-12-18 520 C @ 1', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 1'],
    ].flat();
    await closeSent('801');
    working = [workingOrder('801', closing)];
    await look();
    await until('2026-11-27T15:05:00Z');
    expect(said()).toEqual([expect.stringContaining('✅ **Order 801 works to close it**')]);
    expect(labels()).toEqual(['Other price…']);
    working = [];
    await look();
    await until('2026-11-27T15:10:00Z');
    expect(labels()).toEqual(BUTTONS);
  });

  it('names the orders that end first', async () => {
    working = [
      workingOrder('701', [
        'buy-to-close 1 QQQ 2026-12-18 480 P @ 1',
        'sell-to-close 1 QQQ 2026-12-18 475 P @ 1',
      ]),
    ];
    await toldWith();
    expect(said()[0]).toContain('**Order 701**');
    expect(labels()).toEqual(['Submit: cancel 701, then close at 2.30', 'Other price…']);
  });

  it('has no Submit while sending is halted', async () => {
    halt = { by: TRADER, at: new Date(0), reason: null };
    await toldWith();
    expect(said()[0]).toContain('Nothing can be sent');
    expect(labels()).toEqual(['Other price…']);
  });

  it('has no Submit while no price is known, and says that the profit isn’t', async () => {
    marks = new Map();
    await toldWith();
    expect(said()[0]).toContain('So far: not known');
    expect(said()[0]).toContain('⛔');
    expect(labels()).toEqual(['Other price…']);
  });

  it('has none for whom nothing may be sent by settings', async () => {
    await toldWith(true);
    expect(labels()).toEqual(['Other price…']);
  });

  it('says so once the position is closed, also while the market is', async () => {
    const { look, until } = await toldWith();
    await until('2026-11-27T22:00:00Z');
    held = false;
    await look();
    await until('2026-11-27T22:05:00Z');
    expect(said()).toEqual([expect.stringContaining('**#37 is closed by now**')]);
    expect(labels()).toEqual([]);
  });

  it('never takes what can’t be read for closed', async () => {
    const { look, until } = await toldWith();
    const [card] = said();
    held = false;
    const why = 'its quantity is missing';
    odd = [{ what: 'holding', name: null, why, doubts: 'coverage', concern: 'account' }];
    await look();
    await until('2026-11-27T15:40:00Z');
    expect(said()).toEqual([card]);
    odd = [];
    await until('2026-11-27T16:00:00Z');
    expect(said()).toEqual([expect.stringContaining('**#37 is closed by now**')]);
  });
});
