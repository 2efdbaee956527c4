import { describe, expect, it } from 'vitest';
import { BrokerRefusal, BrokerUnreachable, DatabaseFailure } from '../../../src/domain/errors.js';
import type { OddRow } from '../../../src/domain/types.js';
import type { StreamListener, TradingStatus } from '../../../src/ports/broker.js';
import { seenText } from '../../../src/screens/status-words.js';
import type { AccessRules } from '../../../src/services/access/access.js';
import type { AccountDesk } from '../../../src/services/accounts/account-desk.js';
import { AccountWatch } from '../../../src/services/accounts/account-watch.js';
import { type Seen, StatusService } from '../../../src/services/status/status.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { accessRules, brokerWith, NAME } from '../support/builders.js';
import { NEVER_HALTED } from '../support/halting.js';

interface Scene {
  odd?: OddRow[];
  brokerDown?: boolean;
  /** An account that the broker shows nothing of. */
  refused?: string;
  others?: string[];
  pendingMigrations?: number | Error;
  open?: boolean;
  restricted?: Partial<TradingStatus>;
  access?: Partial<AccessRules>;
  gateway?: { connected: boolean; state: string; pingMs: number | null };
}

function status(scene: Scene = {}) {
  const clock = new VirtualClock();
  let stream: StreamListener | undefined;
  const answer =
    <T>(value: T) =>
    async (account?: unknown) => {
      if (scene.refused && account === scene.refused)
        throw new BrokerRefusal(403, 'not_permitted', 'The account is closed');
      if (scene.brokerDown) throw new BrokerUnreachable('The broker doesn’t answer');
      return value;
    };
  const broker = brokerWith({
    accounts: answer([{ number: '5WT00001', nickname: null, type: null }]),
    tradingStatus: answer({
      closed: false,
      frozen: false,
      closingOnly: false,
      riskReducingOnly: false,
      marginCall: false,
      dayTradeCall: false,
      ...scene.restricted,
    }),
    balances: answer({ netLiquidatingValue: null, cash: null, derivativeBuyingPower: null }),
    marketSession: answer({
      open: scene.open ?? true,
      opensAt: null,
      closesAt: new Date('2026-11-23T21:00:00Z'),
    }),
    watch: (_account, listener) => {
      stream = listener;
      return { close: async () => {} };
    },
  });
  const watch = new AccountWatch(broker, clock, 'x');
  const desk = { number: '5WT00001', name: NAME, watch } as AccountDesk;
  const desks = {
    all: answer([
      desk,
      ...(scene.others ?? []).map((number) => ({ number, name: NAME, watch }) as AccountDesk),
    ]),
    missing: [],
    oddRows: () => scene.odd ?? [],
  };
  const service = new StatusService({
    broker,
    store: {
      check: async () => {
        const pending = scene.pendingMigrations ?? 0;
        if (pending instanceof Error) throw pending;
        return { driver: 'sqlite', pendingMigrations: pending };
      },
      oddSteps: async () => ({ count: 0, last: null }),
    },
    reminders: { backlog: async () => 0, nextDue: async () => null },
    clock,
    desks,
    gateway: () => scene.gateway ?? { connected: true, state: 'ready', pingMs: 42 },
    access: accessRules({ traderUserIds: ['1'], ...scene.access }),
    halting: NEVER_HALTED,
    environment: 'PAPER',
    version: '1.2.3',
  });
  watch.start('5WT00001');
  return { read: () => service.read(), stream: stream as StreamListener };
}

/** A check with what people read of it. */
const told = (ok: boolean, words: unknown) => ({
  ok,
  seen: {
    asymmetricMatch: (seen: Seen) =>
      typeof words === 'string'
        ? seenText(seen) === words
        : (words as { asymmetricMatch(text: string): boolean }).asymmetricMatch(seenText(seen)),
  },
});

describe('StatusService', () => {
  it.each([
    [{}, true, 'trades without restriction'],
    [{ frozen: true }, false, 'frozen: the broker refuses every order, closing ones too'],
    [{ closingOnly: true }, false, 'closing only: closing orders go through, opening ones don’t'],
    [{ marginCall: true }, false, 'in a margin call: the broker may close positions by itself'],
    [
      { closed: true, dayTradeCall: true },
      false,
      'closed: the broker takes no order; in a day-trade equity call',
    ],
  ])('an account restricted by %j: %s, %s', async (restricted, ok, text) => {
    expect((await status({ restricted }).read()).accounts[0]?.standing).toMatchObject(told(ok, text));
  });

  it('a locked database is told as such', async () => {
    const pendingMigrations = new DatabaseFailure('locked', new Error('SQLITE_BUSY'));
    expect((await status({ pendingMigrations }).read()).database).toMatchObject(
      told(false, 'I can’t write to my database: another program holds it.'),
    );
  });

  it('all well', async () => {
    const { read, stream } = status();
    stream.onLive();
    await read();
    expect(await read()).toMatchObject({
      environment: 'PAPER',
      version: '1.2.3',
      accounts: [{ name: NAME, stream: { ok: true } }],
      gateway: told(true, 'ready, 42 ms'),
      broker: { ok: true },
      database: told(true, 'sqlite, up to date, takes writes'),
      market: told(true, expect.stringContaining('open, closes <t:')),
      reminders: told(true, 'nothing is due, none is scheduled'),
      trading: told(true, 'on for 1 user and 0 roles'),
    });
  });

  it('a part that fails is told and hides no other', async () => {
    const { read } = status({ brokerDown: true });
    expect(await read()).toMatchObject({
      accounts: [{ name: null, standing: { ok: false }, stream: { ok: false } }],
      broker: told(false, expect.stringContaining('doesn’t answer')),
      market: { ok: false },
      database: { ok: true },
      gateway: { ok: true },
    });
  });

  it('an account that can’t be looked at hides no other, and says nothing about the broker', async () => {
    const { read } = status({ refused: '5WT00001', others: ['5WT00002'] });
    const { broker, accounts } = await read();
    expect(broker.ok).toBe(true);
    expect(accounts.map(({ standing }) => standing)).toEqual([
      told(false, 'The account is closed'),
      told(true, 'trades without restriction'),
    ]);
  });

  it('pending migrations and a database that is gone are no health', async () => {
    expect((await status({ pendingMigrations: 2 }).read()).database).toEqual(
      told(false, '2 migrations are pending'),
    );
    expect((await status({ pendingMigrations: new Error('SQLITE_CANTOPEN') }).read()).database.ok).toBe(
      false,
    );
  });

  it('a stream that is down says why, and what happens instead', async () => {
    const { read, stream } = status();
    stream.onLive();
    stream.onDown('heartbeat unanswered');
    expect((await read()).accounts[0]?.stream).toEqual(
      told(false, expect.stringMatching(/heartbeat unanswered.*before each order/)),
    );
  });

  it('the gateway’s true state, with a ping where there is one', async () => {
    const gone = { connected: false, state: 'disconnected', pingMs: null };
    expect((await status({ gateway: gone }).read()).gateway).toEqual(told(false, 'disconnected'));
  });

  it.each([
    [{ readOnly: true }, 'read-only'],
    [{ traderUserIds: [] }, 'nobody is named'],
  ])('placing orders is off with %j', async (access, words) => {
    expect((await status({ access }).read()).trading).toEqual(told(false, expect.stringContaining(words)));
  });
});
