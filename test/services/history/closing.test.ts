import pino from 'pino';
import { describe, expect, it } from 'vitest';
import { BrokerRefusal } from '../../../src/domain/errors.js';
import type { LedgerRow } from '../../../src/domain/realised.js';
import type { LegAction } from '../../../src/domain/types.js';
import type { OrderTrail } from '../../../src/ports/audit.js';
import type { NoticeChannel } from '../../../src/ports/notices.js';
import type { IntentKind } from '../../../src/ports/order-intents.js';
import type { Note } from '../../../src/ports/outbox.js';
import { closingView, closingWords } from '../../../src/screens/closing.js';
import { Chains } from '../../../src/services/accounts/chains.js';
import { ClosingProjector } from '../../../src/services/history/closing-projector.js';
import { ClosingReader, type EndedPosition } from '../../../src/services/history/closing-reader.js';
import { NotYet } from '../../../src/services/telling/projector.js';
import { plainTextOf } from '../../commands/support/limits.js';
import { d, filledOrder, holding, option } from '../../domain/build.js';
import { ledgerRow } from '../../domain/ledger-row.js';
import {
  ACCOUNT,
  brokerWith,
  CHANNEL,
  intent,
  type Levels,
  NAME,
  noticesWith,
  TRADER,
} from '../support/builders.js';

const PUT = option('QQQ 2026-12-18 480 P');
const at = (day: number) => new Date(Date.UTC(2026, 10, day, 15));

const fees = d('1.12');
const order = (id: string, day: number | null, as: IntentKind | 'stop' = 'place'): OrderTrail => ({
  intent: intent({
    id: Number(id),
    brokerOrderId: id,
    ...(as === 'stop' ? { stopTrigger: d('0.45') } : { kind: as }),
  }),
  plan: { id: 'p', userId: TRADER, guildId: '9', channelId: CHANNEL, messageIds: [], createdAt: at(1) },
  events: [],
  fills: day === null ? [] : [{ symbol: PUT.symbol, quantity: 1, price: d(1), at: at(day) }],
  toldAt: null,
});

interface World {
  rows: LedgerRow[];
  held?: string[];
  trail: OrderTrail[];
  key?: string;
  /** By order, the position it was placed for. */
  links?: Record<string, string>;
  now?: Date;
  openingKnown?: boolean;
  /** The legs of the order that opened it. */
  opening?: string[];
  /** Where what is new in the account is told. */
  channel?: NoticeChannel;
  /** Whether the account's last read has it as a position; null where it wasn't read yet. */
  shown?: boolean;
  /** Whom it is owed to. */
  owedTo?: string;
}

function projector(world: World, levels: Levels = {}) {
  const { rows, held = [], trail, key = 'order:900', now = at(24), openingKnown = true, links = {} } = world;
  const broker = brokerWith({
    ledger: async (_account, { symbol }) => ({
      rows: rows.filter(({ instrument }) => symbol === undefined || instrument.symbol === symbol),
      odd: 0,
    }),
    holdings: async () => ({ held: held.map((each) => holding(each)), odd: [] }),
    order: async (_account, id) => {
      if (!openingKnown) throw new BrokerRefusal(404, 'record_not_found', 'no such order');
      if (id === '800') return filledOrder(id, ['sell-to-open 2 QQQ 2026-11-20 485 P @ 0.75'], at(3));
      return filledOrder(id, world.opening ?? ['sell-to-open 2 QQQ 2026-12-18 480 P @ 1.00'], at(12));
    },
  });
  const store = {
    trail: async () => trail,
    positionAccounts: async () => new Map([[37, ACCOUNT]]),
    positionKey: async () => key,
    orderLinks: async () =>
      new Map(Object.entries(links).map(([id, linked]) => [id, { positionId: 37, key: linked }])),
  };
  const clock = { now: () => now };
  const { channel = null, owedTo = channel?.userId ?? TRADER } = world;
  const note = { createdAt: at(24), userId: owedTo } as Note;
  const ends: EndedPosition[] = [];
  const chains = new Chains({ broker, store, clock, log: pino({ level: 'silent' }) });
  const notices = { ...noticesWith(levels), channelOf: async () => channel };
  const reader = new ClosingReader({
    broker,
    store,
    notices,
    clock,
    chains,
    onEnd: (ended) => ends.push(ended),
    isShown: () => world.shown ?? null,
  });
  const words = closingWords('PAPER', { of: () => NAME });
  return {
    reader,
    ends,
    projector: new ClosingProjector(reader, words, { notes: async () => [note] }, notices, {
      now: () => now,
    }),
    words,
  };
}

const opened = ledgerRow(900, 'sell-to-open', at(12), '198.88', { fees, quantity: d(2) });
const first = ledgerRow(1, 'buy-to-close', at(20), '-41.12', { fees, price: d('0.40') });
const second = ledgerRow(2, 'buy-to-close', at(24), '-51.12', { fees, price: d('0.50') });
const whole: World = { rows: [opened, first, second], trail: [order('2', 24), order('1', 20)] };

describe('a position of which the last contract is gone', () => {
  it('is told with what it made over its whole life, and what each way out made', async () => {
    const { reader } = projector(whole);
    const closing = await reader.read(37);
    if (closing.kind !== 'closed') throw new Error(closing.kind);
    const view = closingView(closing.news, TRADER, 'PAPER', NAME);
    expect(plainTextOf([view]).split('\n')).toEqual([
      `<@${TRADER}> **#37 QQQ closed** · **+$106.64** net · 53.6 % of credit`,
      '12 days',
      'Short put × 2 · 18 Dec 26 · opened 12 Nov 26 for a credit of $198.88',
      '**+$58.32** · target filled 20 Nov 26, paid 0.40 · order 1',
      '**+$48.32** · target filled 24 Nov 26, paid 0.50 · order 2',
      '-# by the broker’s ledger, after fees of $3.36',
      '-# **PAPER** · account …0001',
    ]);
  });

  it('is called by how its last contract went, which the account hears of', async () => {
    const gone = ledgerRow(2, null, at(24), '0', { fees, price: null });
    const { projector: one, ends } = projector({
      ...whole,
      rows: [opened, first, gone],
      trail: [order('1', 20)],
    });
    const screen = await one.project('37');
    expect(plainTextOf(screen?.pages as never)).toContain('**#37 QQQ expired** · ');
    expect(ends).toEqual([{ account: ACCOUNT, positionId: 37, end: 'expired', at: at(24) }]);
  });

  it('calls what was closed by hand no target', async () => {
    const { reader } = projector({ ...whole, trail: [order('2', 24, 'close'), order('1', 20)] });
    const closing = await reader.read(37);
    if (closing.kind !== 'closed') throw new Error(closing.kind);
    const text = plainTextOf([closingView(closing.news, TRADER, 'PAPER', NAME)]);
    expect(text).toContain('target filled 20 Nov 26, paid 0.40 · order 1');
    expect(text).toContain('**+$48.32** · closed 24 Nov 26, paid 0.50 · order 2');
  });

  it('says where a stop was what closed it', async () => {
    const { reader } = projector({ ...whole, trail: [order('2', 24, 'stop'), order('1', 20)] });
    const closing = await reader.read(37);
    if (closing.kind !== 'closed') throw new Error(closing.kind);
    const text = plainTextOf([closingView(closing.news, TRADER, 'PAPER', NAME)]);
    expect(text).toContain('**+$48.32** · stop filled 24 Nov 26, paid 0.50 · order 2');
  });

  it('is one message, known again by its mark', async () => {
    const { projector: one, words } = projector(whole);
    const screen = await one.project('37');
    expect(screen?.pages).toHaveLength(1);
    const [page] = screen?.pages ?? [];
    if (!page) throw new Error('no page');
    expect([words.newsOn(page, '37'), words.newsOn(page, '3')]).toEqual(['closed', null]);
  });

  it('is looked at again for a day where an index option expired, and then says what it was worth', async () => {
    const instrument = option('SPXW/SPX 2026-11-24 5800 P');
    const sold = { ...opened, instrument };
    const change = { instrument, quantity: d(2), fees: d(0), price: null };
    const gone = ledgerRow(910, null, at(24), '0', change);
    const cash = ledgerRow(911, null, at(24), '-610', { ...change, subType: 'Cash Settled Assignment' });
    const told = async (...rows: LedgerRow[]) => {
      const opening = ['sell-to-open 2 SPXW/SPX 2026-11-24 5800 P @ 1.00'];
      const world = { rows: [sold, ...rows], trail: [order('1', null)], opening, now: at(24) };
      const screen = await projector(world).projector.project('37');
      return { again: screen?.again, text: plainTextOf(screen?.pages as never) };
    };
    const early = await told(gone);
    expect(early.text).toContain('**+$198.88** net');
    expect(early.again).toBeInstanceOf(Date);
    const late = await told(gone, cash);
    expect(late.text).toContain('**−$411.12** net');
    expect(late.again).toBeUndefined();
  });

  it('is told as loud as whoever pressed last wants it', async () => {
    const { projector: one } = projector(whole, { closed: 'silent', fill: 'off' });
    expect(await one.project('37')).toMatchObject({ level: 'silent' });
  });

  it('names whom it is owed to, and nobody else: Discord mentions nobody else', async () => {
    const { projector: one } = projector({ ...whole, owedTo: '78' }, { closed: 'silent' });
    const screen = await one.project('37');
    expect(plainTextOf(screen?.pages as never)).toContain('<@78> **#37 QQQ closed**');
    expect(plainTextOf(screen?.pages as never)).not.toContain(TRADER);
  });

  it('is not told while some of it is open, or where what opened it isn’t known', async () => {
    const part = {
      rows: [opened, first],
      held: ['-1 QQQ 2026-12-18 480 P @ 1'],
      trail: [order('1', 20), order('2', null)],
    };
    expect(await projector(part).projector.project('37')).toBeNull();
    expect(await projector({ ...whole, key: 'inferred:QQQ:2026-12-18' }).projector.project('37')).toBeNull();
    expect(await projector({ ...whole, openingKnown: false }).projector.project('37')).toBeNull();
  });

  it('is told by the orders that were placed for it, where another position holds the same contract', async () => {
    const other = ledgerRow(910, 'sell-to-open', at(13), '99.44', { orderId: '910' });
    const rows = [opened, other, first, second];
    const held = ['-1 QQQ 2026-12-18 480 P @ 1'];
    const links = { '1': 'order:910', '2': 'order:900' };
    const trail = [order('2', 24)];
    expect(await projector({ rows, held, links, trail }).projector.project('37')).toBeNull();
    const gone = { rows, held, links, trail: [order('1', 20)], key: 'order:910' };
    const closing = await projector(gone).reader.read(37);
    expect(closing).toMatchObject({ kind: 'closed', news: { position: { opening: 'order:910' } } });
  });

  describe('beside another that holds the same contract', () => {
    const channel: NoticeChannel = { account: ACCOUNT, channelId: CHANNEL, userId: TRADER, since: at(13) };
    const far = option('QQQ 2026-12-18 470 P');
    const wing = option('QQQ 2026-12-18 475 P');
    const row = (id: number, action: LegAction, day: number, net: string, order: string, instrument = PUT) =>
      ledgerRow(id, action, at(day), net, { orderId: order, instrument });
    const rows = [
      row(1, 'sell-to-open', 11, '299', '910'),
      row(2, 'buy-to-open', 11, '-101', '910', far),
      row(3, 'sell-to-open', 12, '399', '900'),
      row(4, 'buy-to-open', 12, '-201', '900', wing),
      row(5, 'buy-to-close', 20, '-251', '950'),
      row(6, 'sell-to-close', 20, '149', '950', wing),
    ];
    const held = ['-1 QQQ 2026-12-18 480 P @ 3', '1 QQQ 2026-12-18 470 P @ 1'];

    it('is the one that an order placed elsewhere closes, as in the book: by all of its legs', async () => {
      const { reader } = projector({ rows, held, channel, trail: [] });
      const closing = await reader.read(37);
      expect(closing).toMatchObject({ kind: 'closed', news: { ways: [{ orderId: '950' }] } });
      expect(closing.kind === 'closed' && closing.news.position.net.toString()).toBe('96');
      const older = projector({ rows, held, channel, trail: [], key: 'order:910', shown: true });
      expect(await older.projector.project('37')).toBeNull();
    });

    it('is waited for where it is gone from the book and the ledger has some of it open', async () => {
      const part = [opened, row(9, 'sell-to-open', 13, '99', '910'), first];
      const world = { rows: part, held: ['-2 QQQ 2026-12-18 480 P @ 1'], channel, trail: [] };
      await expect(projector({ ...world, shown: false }).projector.project('37')).rejects.toThrow(NotYet);
      expect(await projector({ ...world, shown: true }).projector.project('37')).toBeNull();
    });
  });

  it('is not waited for where nothing was closed of it and all of it is held: a read of holdings was short', async () => {
    const world = { rows: [opened], held: ['-2 QQQ 2026-12-18 480 P @ 1'], trail: [], shown: false };
    expect(await projector(world).projector.project('37')).toBeNull();
    // A fill of ours is known: neither the ledger nor what is held has it yet.
    const filled = projector({ ...world, trail: [order('1', 24)] });
    await expect(filled.projector.project('37')).rejects.toThrow(NotYet);
    // The ledger lags, and what is held is another's.
    const other = ledgerRow(910, 'sell-to-open', at(13), '99.44', { orderId: '910', quantity: d(2) });
    await expect(projector({ ...world, rows: [opened, other] }).projector.project('37')).rejects.toThrow(
      NotYet,
    );
  });

  describe('by none of our orders', () => {
    const channel = (since: Date) => ({ account: ACCOUNT, channelId: CHANNEL, userId: '77', since });
    const theirs = { ...whole, trail: [] };
    const textIn = async (world: World) => {
      const screen = await projector(world).projector.project('37');
      return screen ? plainTextOf(screen.pages as never) : null;
    };

    it('is told to whoever set where what is new in the account is told', async () => {
      const text = await textIn({ ...theirs, channel: channel(at(13)) });
      expect(text).toContain('<@77> **#37 QQQ closed** · **+$106.64** net · 53.6 % of credit');
      expect(text).toContain('**+$48.32** · closed 24 Nov 26, paid 0.50 · order 2');
    });

    it('is told also before anything new is, where targets that traded nothing were placed for it', async () => {
      const text = await textIn({ ...theirs, trail: [order('5', null)], channel: channel(at(25)) });
      expect(text).toContain('**#37 QQQ closed**');
    });

    it('is not told where nothing new is, or what closed before that; the account hears how it ended all the same', async () => {
      expect(await textIn(theirs)).toBeNull();
      const { projector: late, ends } = projector({ ...theirs, channel: channel(at(25)) });
      expect(await late.project('37')).toBeNull();
      expect(ends).toMatchObject([{ end: 'closed' }]);
    });

    it('waits for the ledger’s word of what is held no more and that no order closed', async () => {
      const gone = { ...theirs, rows: [opened, first], channel: channel(at(13)) };
      const settled = (subType: string, net: string) =>
        ledgerRow(2, null, at(24), net, { price: null, subType, fees: d('0') });
      await expect(projector(gone).projector.project('37')).rejects.toThrow(NotYet);
      const textBy = (subType: string, net = '0') =>
        textIn({ ...gone, rows: [opened, first, settled(subType, net)] });
      expect(await textBy('Expiration')).toContain('#37 QQQ expired');
      expect(await textBy('Expiration')).not.toContain('shares');
      expect(await textBy('Assignment')).toContain('#37 QQQ assigned');
      const exercised = await textBy('Exercise');
      expect(exercised).toContain('#37 QQQ exercised');
      expect(exercised).toContain(
        'Of the contracts alone: what the shares that changed hands make is not in it.',
      );
      expect(await textBy('Cash Settled Assignment', '-205')).toContain(
        '#37 QQQ expired** · **−$47.24** net',
      );
    });

    it('of legs that went by themselves waits too, while the others have closed', async () => {
      const call = option('QQQ 2026-12-18 520 C');
      const sold = ledgerRow(901, 'sell-to-open', at(12), '98.88', { instrument: call, orderId: '900' });
      const world = { ...theirs, rows: [...whole.rows, sold], channel: channel(at(13)) };
      await expect(projector(world).projector.project('37')).rejects.toThrow(NotYet);
      expect(await textIn({ ...world, held: ['-1 QQQ 2026-12-18 520 C @ 1'] })).toBeNull();
    });

    it('is called rolled where an order that opened something else ended it', async () => {
      const later = option('QQQ 2027-01-15 480 P');
      const rolledInto = ledgerRow(3, 'sell-to-open', at(24), '251.12', {
        quantity: d(1),
        instrument: later,
        orderId: '2',
      });
      const text = await textIn({
        ...theirs,
        rows: [...whole.rows, rolledInto],
        held: ['-1 QQQ 2027-01-15 480 P @ 2.5'],
        channel: channel(at(13)),
      });
      expect(text).toContain('<@77> **#37 QQQ rolled** · **+$106.64** net');
      expect(text).toContain('**+$48.32** · rolled 24 Nov 26 · order 2');
      expect(text).toContain('chain **+$106.64** realised over 1 roll since 12 Nov 26, after fees');
    });
  });

  it('tells what its chain of rolls made with it, roughly while the ledger lacks rows of that', async () => {
    const former = option('QQQ 2026-11-20 485 P');
    const sold = ledgerRow(800, 'sell-to-open', at(3), '150.00', { quantity: d(2), instrument: former });
    const rolled = ledgerRow(899, 'buy-to-close', at(12), '-310.50', {
      quantity: d(2),
      instrument: former,
      orderId: '900',
    });
    const opening = [
      'buy-to-close 2 QQQ 2026-11-20 485 P @ 1.55',
      'sell-to-open 2 QQQ 2026-12-18 480 P @ 1.00',
    ];
    const rows = [sold, rolled, ...whole.rows];
    const told = async (world: World) => {
      const screen = await projector(world).projector.project('37');
      return { text: plainTextOf(screen?.pages as never), again: screen?.again };
    };
    const sure = await told({ ...whole, rows, opening });
    // 150.00 − 310.50 + 106.64
    expect(sure.text).toContain('chain **−$53.86** realised over 1 roll since 3 Nov 26, after fees');
    expect(sure.again).toBeUndefined();
    const half = [sold, { ...rolled, quantity: d(1), net: d('-155.25') }, ...whole.rows];
    const rough = await told({ ...whole, rows: half, opening });
    expect(rough.text).toContain('chain ≈ **+$26.39** realised');
    expect(rough.again).toBeInstanceOf(Date);
  });

  it('asks for the rolls of thirty together, and for each order once, however often it looks', async () => {
    const numbers = Array.from({ length: 30 }, (_, index) => index + 1);
    const contract = (month: string, number: number) => option(`QQQ 2026-${month} ${400 + number} P`);
    const rows = numbers.flatMap((number) => {
      const [former, later] = [contract('11-20', number), contract('12-18', number)];
      const by = (instrument: typeof PUT, orderId: string) => ({ instrument, orderId, fees });
      return [
        ledgerRow(number * 10, 'sell-to-open', at(3), '75', by(former, `${1000 + number}`)),
        ledgerRow(number * 10 + 1, 'buy-to-close', at(12), '-155.25', by(former, `${2000 + number}`)),
        ledgerRow(number * 10 + 2, 'sell-to-open', at(12), '198.88', by(later, `${2000 + number}`)),
        ledgerRow(number * 10 + 3, null, at(24), '0', { ...by(later, ''), orderId: null, price: null }),
      ];
    });
    const asked: string[] = [];
    const broker = brokerWith({
      ledger: async (_account, { symbol }) => {
        asked.push('ledger');
        return {
          rows: rows.filter(({ instrument }) => symbol === undefined || instrument.symbol === symbol),
          odd: 0,
        };
      },
      holdings: async () => {
        asked.push('holdings');
        return { held: [], odd: [] };
      },
      order: async (_account, id) => {
        asked.push(id);
        const strike = 400 + (Number(id) % 1000);
        if (id < '2000') return filledOrder(id, [`sell-to-open 1 QQQ 2026-11-20 ${strike} P @ 0.75`], at(3));
        return filledOrder(
          id,
          [
            `buy-to-close 1 QQQ 2026-11-20 ${strike} P @ 1.55`,
            `sell-to-open 1 QQQ 2026-12-18 ${strike} P @ 2`,
          ],
          at(12),
        );
      },
    });
    const store = {
      trail: async () => [order('1', null)],
      positionAccounts: async () => new Map(numbers.map((number) => [number, ACCOUNT])),
      positionKey: async (id: number) => `order:${2000 + id}`,
      orderLinks: async () => new Map(),
    };
    const clock = { now: () => at(24) };
    const chains = new Chains({ broker, store, clock, log: pino({ level: 'silent' }) });
    const notices = { channelOf: async () => null };
    const onEnd = () => undefined;
    const reader = new ClosingReader({ broker, store, notices, clock, chains, onEnd, isShown: () => null });
    await reader.readAll(numbers);
    const told = await reader.readAll(numbers);
    for (const number of numbers) {
      const closing = told.get(number);
      if (closing?.kind !== 'closed') throw new Error(`#${number} is ${closing?.kind}`);
      expect(closing.news.chain).toMatchObject({ rolls: 1, since: at(3), sure: true });
      expect(closing.news.chain?.realised.toString()).toBe('118.63');
    }
    const ofOrders = asked.filter((each) => each !== 'ledger' && each !== 'holdings');
    expect(new Set(ofOrders).size).toBe(ofOrders.length);
    // Each time one look for the closings, and two that find how far back the rolls go.
    const count = (what: string) => asked.filter((each) => each === what).length;
    expect([count('ledger'), count('holdings')]).toEqual([6, 6]);
  });

  it('waits for rows of the ledger that are missing, ever longer, and at last no more', async () => {
    const late = { rows: [opened, first], trail: whole.trail };
    const waited = async (now: Date) => {
      try {
        return await projector({ ...late, now }).projector.project('37');
      } catch (error) {
        return error instanceof NotYet ? error.until.getTime() - now.getTime() : error;
      }
    };
    expect(await waited(at(24))).toBe(2_000);
    expect(await waited(new Date(at(24).getTime() + 60_000))).toBe(30_000);
    expect(await waited(at(25))).toBe(3_600_000);
    expect(await waited(at(31))).toBe(3_600_000);
    expect(await waited(new Date(at(31).getTime() + 1))).toBeNull();
  });

  it('waits as well while what is held doesn’t fit the ledger', async () => {
    await expect(
      projector({ ...whole, held: ['-1 QQQ 2026-12-18 480 P @ 1'] }).projector.project('37'),
    ).rejects.toThrow(NotYet);
  });
});
