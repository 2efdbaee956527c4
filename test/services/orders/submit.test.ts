import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import {
  BrokerLoginError,
  BrokerProtocolError,
  BrokerRefusal,
  BrokerTooLate,
  BrokerUnreachable,
  DatabaseFailure,
  OutcomeUnknown,
  UserError,
} from '../../../src/domain/errors.js';
import type { BrokerOrder, Holding, OddRow } from '../../../src/domain/types.js';
import type { Deadline, OrderPair, PairReceipt, Receipt } from '../../../src/ports/broker.js';
import { ChannelRefused } from '../../../src/ports/channel.js';
import type { Report } from '../../../src/ports/report.js';
import type { Store } from '../../../src/ports/store.js';
import { wordsOf } from '../../../src/screens/failures/index.js';
import { reasonText } from '../../../src/screens/reasons.js';
import type { AccessRules } from '../../../src/services/access/access.js';
import { Halting } from '../../../src/services/access/halting.js';
import type { AccountDesk } from '../../../src/services/accounts/account-desk.js';
import type { Cleared } from '../../../src/services/orders/cancels/way-clearer.js';
import { OrderFates } from '../../../src/services/orders/fates.js';
import { OutcomeRecorder } from '../../../src/services/orders/outcome-recorder.js';
import { PlanClaims } from '../../../src/services/orders/plan-claims.js';
import { SettleService } from '../../../src/services/orders/settle.js';
import { SubmitService } from '../../../src/services/orders/submit.js';
import { fingerprint } from '../../../src/services/previews/fingerprint.js';
import { encodePayload, type GivingWay, type PlannedOrder } from '../../../src/services/previews/payload.js';
import type { FreshLooks } from '../../../src/services/telling/fresh-looks.js';
import { newPlan, rememberOne } from '../../db/support/builders.js';
import { d, holding, workingOrder, x } from '../../domain/build.js';
import { saying } from '../../support/saying.js';
import { BriskClock } from '../support/brisk-clock.js';
import {
  ACCOUNT,
  accessRules,
  brokerWith,
  echo,
  intent,
  LONG_PUT,
  SHORT_PUT,
  TRADER,
  verticalLegs,
} from '../support/builders.js';
import { NEVER_HALTED } from '../support/halting.js';
import { FakeChannel, tellingOf } from '../support/telling.js';

const quiet = pino({ level: 'silent' });
const ME = { userId: TRADER, roleIds: [] };
const HELD = [holding('-1 QQQ 2026-12-18 480 P @ 3.10'), holding('1 QQQ 2026-12-18 475 P @ 2.00')];
const RIGHTS: AccessRules = accessRules();

type Answer = (identifier: string) => Promise<Receipt>;

let clock: BriskClock;
let store: BotStore;
/** How the store behaves towards the service; the tests look at `store` itself. */
let seen: Store;
let rights: AccessRules;
let sent: string[];
/** The broker's list of orders. */
let listed: () => BrokerOrder[];
let answer: Answer;
/** Pairs that left, and what the broker says to one. */
let pairs: { pair: OrderPair; marks: Record<keyof OrderPair, string> }[];
let pairAnswer: (marks: Record<keyof OrderPair, string>) => Promise<PairReceipt>;
let onSubmit: (deadline: Deadline) => void;
let holdings: () => Promise<Holding[]>;
let settling: SettleService;
let odd: OddRow[];
let ready: () => Promise<void>;
let unchanged: boolean;
let channelOpen: boolean;
let onPost: () => void;
let told: { report: Report }[];
let delivered: () => Promise<void>;
let positionId: number;
let looks: FreshLooks;
let recorder: OutcomeRecorder;
let closers: (() => Promise<void>)[];
let halting: Pick<Halting, 'holds' | 'current' | 'assertNone'>;
/** Orders that gave way to others, and what keeps them from it. */
let cleared: string[];
let onClear: () => Promise<Cleared | null>;
/** The broker's list of open orders. */
let open: BrokerOrder[];

beforeEach(async () => {
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: quiet });
  seen = store;
  rights = RIGHTS;
  sent = [];
  listed = () => sent.map(orderFor);
  answer = async (identifier) => ({ order: orderFor(identifier), warnings: [] });
  pairs = [];
  pairAnswer = async (marks) => ({ target: orderFor(marks.target), stop: orderFor(marks.stop) });
  onSubmit = () => {};
  holdings = async () => HELD;
  odd = [];
  ready = async () => {};
  unchanged = true;
  channelOpen = true;
  told = [];
  onPost = () => {};
  closers = [];
  halting = NEVER_HALTED;
  cleared = [];
  onClear = async () => null;
  open = [];
  positionId = await rememberOne(store);
});
afterEach(async () => {
  for (const close of closers) await close();
  await store.close();
});

function orderFor(identifier: string) {
  const of = intent({ externalIdentifier: identifier, brokerOrderId: `id-of-${identifier}` });
  return echo(of);
}

/** The broker doesn't tell which accounts the login has. */
let accountsUnknown = false;
beforeEach(() => {
  accountsUnknown = false;
});

function service(): SubmitService {
  const placed = async () => listed();
  const broker = brokerWith({
    submit: async (_account, _order, identifier, deadline) => {
      onSubmit(deadline);
      sent.push(identifier);
      return answer(identifier);
    },
    submitPair: async (_account, pair, marks, deadline) => {
      onSubmit(deadline);
      pairs.push({ pair, marks });
      sent.push(marks.target, marks.stop);
      return pairAnswer(marks);
    },
    ready: () => ready(),
    holdings: async () => ({ held: await holdings(), odd }),
    openOrders: async () => open,
    searchOrders: placed,
    order: async (_account, id) => orderFor(id.replace('id-of-', '')),
    marketSession: async () => ({ open: true, opensAt: null, closesAt: null }),
  });
  const channel = new FakeChannel();
  channel.before = (how, where) => {
    if (how === 'post') onPost();
    return channelOpen || how === 'update' ? null : new ChannelRefused(`closed ${where}`, 50_013);
  };
  told = channel.calls;
  const telling = tellingOf({ store, broker, clock, channel });
  const { results } = telling;
  ({ looks, delivered } = telling);
  const fates = new OrderFates({ broker, store, clock, absentAfterMs: 600_000 });
  const reaches = () => true;
  const settle = new SettleService({
    store,
    processes: store.processes,
    clock,
    fates,
    results,
    looks,
    reaches,
    log: quiet,
  });
  settling = settle;
  const desk = { watch: { unchangedSince: () => unchanged } } as unknown as AccountDesk;
  const desks = {
    of: (number: string) => (number === ACCOUNT ? desk : null),
    find: async (number: string) => {
      if (accountsUnknown) throw new BrokerUnreachable('no answer');
      return number === ACCOUNT ? desk : null;
    },
  };
  recorder = new OutcomeRecorder({ store: seen, clock, log: quiet });
  const sut = new SubmitService({
    broker,
    desks,
    store: seen,
    clock,
    recorder,
    halting,
    claims: new PlanClaims({
      broker,
      store: seen,
      clock,
      desks,
      settle,
      halting,
      way: {
        clear: async (_plan, { givingWay, orders }) => {
          cleared.push(...givingWay.map(({ orderId }) => orderId));
          return (await onClear()) ?? { traded: new Map(), orders: [...orders] };
        },
      },
      log: quiet,
    }),
    results,
    settle,
    looks,
    access: rights,
    log: quiet,
  });
  closers.push(
    () => sut.close(),
    () => recorder.stop(),
    () => settle.stop(),
    () => looks.stop(),
  );
  return sut;
}

function order(change: Partial<PlannedOrder> = {}): PlannedOrder {
  return {
    positionId,
    targetKey: 'vertical:1',
    label: 'Vertical',
    underlying: 'QQQ',
    legs: verticalLegs(),
    units: 1,
    price: d('0.67'),
    effect: 'debit',
    percent: x(40),
    profit: x(45),
    grid: [{ below: null, increment: d('0.01') }],
    ...change,
  };
}

async function preview(
  id = 'p1',
  change: {
    orders?: PlannedOrder[];
    dryRun?: boolean;
    payload?: string;
    account?: string;
    instead?: string;
    givingWay?: GivingWay[];
    held?: Holding[];
  } = {},
) {
  const payload = encodePayload({
    which: positionId,
    positionIds: [positionId],
    overrides: {},
    dryRun: change.dryRun ?? false,
    ...(change.instead !== undefined && { instead: change.instead }),
    ...(change.givingWay && { givingWay: change.givingWay }),
    mark: 'x:1',
    orders: change.orders ?? [order()],
    fingerprint: fingerprint([SHORT_PUT, LONG_PUT], change.held ?? HELD, []),
  });
  const { account = ACCOUNT } = change;
  await store.createPlan(newPlan(id, { account, userId: TRADER, payload: change.payload ?? payload }));
}

const press = (sut: SubmitService, planId = 'p1', actor = ME) =>
  sut.submit({ planId, actor, onProgress: () => {} });

describe('between the press and the request', () => {
  let deadlines: Deadline[];
  beforeEach(() => {
    deadlines = [];
    onSubmit = (deadline) => deadlines.push(deadline);
  });

  it.each([
    ['the machine slept: only the wall clock went on', () => clock.set(clock.now().getTime() + 31_000)],
    [
      'the wall clock was set back while time went on',
      () => {
        clock.advance(31_000);
        clock.set(clock.now().getTime() - 3_600_000);
      },
    ],
  ])('%s: past the deadline the order is given up, and that is told', async (_what, pass) => {
    await preview();
    const answered = answer;
    answer = async (identifier) => {
      expect(deadlines[0]?.passed()).toBe(false);
      pass();
      if (deadlines[0]?.passed()) throw new BrokerTooLate('late');
      return answered(identifier);
    };
    const report = await press(service());
    expect(report.lines).toMatchObject([{ state: 'abandoned', orderId: null }]);
    expect(reasonText(report.lines[0]?.reason ?? '')).toContain('30 s passed between the press');
    expect((await store.plan('p1'))?.status).toBe('done');
    expect(told).toHaveLength(1);
  });

  it('the time of a read before sending counts as well', async () => {
    await preview();
    unchanged = false;
    holdings = async () => {
      clock.advance(31_000);
      return HELD;
    };
    await press(service());
    expect(deadlines[0]?.passed()).toBe(true);
  });

  it('it isn’t taken for a dead process’s, however long the read takes', async () => {
    await preview();
    unchanged = false;
    holdings = async () => {
      await settling.takeUp('p1');
      return HELD;
    };
    expect((await press(service())).lines).toMatchObject([{ state: 'placed' }]);
    expect(told).toHaveLength(1);
  });
});

describe('an order that others have to make room for', () => {
  const OLD = workingOrder('701', [
    'buy-to-close 1 QQQ 2026-12-18 480 P @ 1',
    'sell-to-close 1 QQQ 2026-12-18 475 P @ 1',
  ]);
  const stopped = new UserError('CHANGE_STOPPED', {
    orderId: '701',
    status: 'Live',
    traded: false,
    replacedBy: null,
    asked: true,
  });
  const WAY = { givingWay: [{ orderId: '701', untraded: { [SHORT_PUT]: 1, [LONG_PUT]: 1 } }] };

  it('leaves once these are gone, and after the account was read before and after, whatever the stream says', async () => {
    await preview('p1', WAY);
    const looks: string[] = [];
    holdings = async () => {
      looks.push(`${cleared.length} cleared`);
      return HELD;
    };
    expect((await press(service())).lines).toMatchObject([{ state: 'placed' }]);
    expect(cleared).toEqual(['701']);
    expect(looks).toEqual(['0 cleared', '1 cleared']);
  });

  it('has its contracts to itself from the press on: nothing else is sent for them while these end', async () => {
    await preview('p1', WAY);
    await preview('p2');
    const sut = service();
    const shown: string[][] = [];
    onClear = async () => {
      expect(shown).toEqual([['reserved']]);
      await expect(press(sut, 'p2')).rejects.toMatchObject({ code: 'ORDERS_UNDER_WAY' });
      await expect(press(sut)).rejects.toMatchObject({ code: 'ALREADY_SUBMITTED' });
      return null;
    };
    await sut.submit({
      planId: 'p1',
      actor: ME,
      onProgress: (lines) => shown.push(lines.map(({ state }) => state)),
    });
    expect(sent).toEqual(['ptb-p1-1']);
  });

  it('is given up where one isn’t surely gone, and its contracts are free again', async () => {
    await preview('p1', WAY);
    const sut = service();
    onClear = () => Promise.reject(stopped);
    await expect(press(sut)).rejects.toMatchObject({ code: 'CHANGE_STOPPED' });
    expect(sent).toEqual([]);
    expect(await store.plan('p1')).toMatchObject({ status: 'stale' });
    expect(await store.intents('p1')).toMatchObject([
      { state: 'abandoned', reason: { code: 'WAY_NOT_CLEAR' } },
    ]);
    expect([...(await store.contractsUnderWay(ACCOUNT))]).toEqual([]);
  });

  it('keeps these where it could not leave: what is held has changed, another order came, sending is halted', async () => {
    await preview('p1', WAY);
    await preview('p2', WAY);
    await preview('p3', WAY);
    holdings = async () => [];
    await expect(press(service())).rejects.toMatchObject({ code: 'POSITION_CHANGED' });
    holdings = async () => HELD;
    open = [OLD, { ...OLD, id: '702' }];
    await expect(press(service(), 'p2')).rejects.toMatchObject({
      code: 'POSITION_CHANGED',
      facts: { changes: [{ orderId: '702' }, { orderId: '702' }] },
    });
    open = [OLD];
    await store.halt({ by: '7', at: clock.now(), reason: null });
    await expect(press(service(), 'p3')).rejects.toMatchObject({ code: 'HALTED' });
    expect(cleared).toEqual([]);
  });

  it('is given up where sending is halted while the account is read', async () => {
    unchanged = false;
    await preview('p1');
    holdings = async () => {
      await store.halt({ by: '7', at: clock.now(), reason: null });
      return HELD;
    };
    await expect(press(service())).rejects.toMatchObject({ code: 'HALTED_MEANWHILE' });
    expect((await store.plan('p1'))?.status).toBe('stale');
    expect(await store.intents('p1')).toMatchObject([{ state: 'abandoned', reason: { code: 'HALTED' } }]);
  });

  it('is placed for what these left, whatever the broker’s lists still show of them', async () => {
    const two = HELD.map((held) => ({ ...held, quantity: 2 }));
    const whole = order({ legs: verticalLegs(2), units: 2, profit: x(90) });
    await preview('p1', { ...WAY, orders: [whole], held: two });
    open = [OLD];
    holdings = async () => (cleared.length > 0 ? HELD : two);
    const traded = new Map([SHORT_PUT, LONG_PUT].map((symbol) => [symbol, 1]));
    onClear = async () => ({ traded, orders: [order({ profit: x(45) })] });
    const sut = service();
    const { lines } = await press(sut);
    expect(lines).toMatchObject([{ state: 'placed', units: 1, legs: verticalLegs(1) }]);
    expect(lines[0]?.profit?.toString()).toBe('45');
    expect(await store.intents('p1')).toMatchObject([{ units: 1, legs: verticalLegs(1) }]);
  });

  it('says that these are cancelled where it may not leave after all', async () => {
    await preview('p1', WAY);
    holdings = async () => (cleared.length > 0 ? [] : HELD);
    await expect(press(service())).rejects.toMatchObject({
      code: 'CHANGE_UNPLACED',
      facts: { orderIds: ['701'], because: { code: 'POSITION_CHANGED' } },
    });
    expect(sent).toEqual([]);
  });

  it('counts the time since the press, also what their end took', async () => {
    let late: boolean | undefined;
    onSubmit = (deadline) => {
      late = deadline.passed();
    };
    await preview('p1', WAY);
    onClear = async () => {
      clock.advance(31_000);
      return null;
    };
    await press(service());
    expect(late).toBe(true);
  });

  it('is not sent from a preview of a version that didn’t say what has to end first', async () => {
    await preview('p1', { instead: '701' });
    await expect(press(service())).rejects.toMatchObject({ code: 'PLAN_OUTDATED' });
    expect(sent).toEqual([]);
  });
});

describe('what the broker answers decides what an order is', () => {
  it.each<[string, () => Promise<Receipt>, string, string]>([
    [
      'a clear no',
      () => Promise.reject(new BrokerRefusal(422, 'x', 'No.', [{ code: 'y', message: 'Too many' }])),
      'refused',
      'Too many',
    ],
    ['a no without details', () => Promise.reject(new BrokerRefusal(422, 'x', 'No.')), 'refused', 'No.'],
    [
      'no connection at all',
      () => Promise.reject(new BrokerUnreachable('refused')),
      'refused',
      'Not sent: refused',
    ],
    [
      'a login that fails',
      () => Promise.reject(new BrokerLoginError('no entry')),
      'refused',
      'Not sent: no entry',
    ],
  ])('%s: not placed, with the reason', async (_what, given, state, reason) => {
    await preview();
    answer = given;
    const report = await press(service());
    expect(report.lines).toMatchObject([{ state, orderId: null }]);
    const [kept] = await store.intents('p1');
    expect(kept?.state).toBe(state);
    for (const each of [report.lines[0], kept]) expect(reasonText(each?.reason ?? '')).toBe(reason);
  });

  it.each([
    ['a cut answer', new OutcomeUnknown('The line was cut')],
    ['an answer that makes no sense', new BrokerProtocolError('not JSON')],
    ['anything unforeseen', new TypeError('undefined is not a function')],
    ['what is no error', 'odd'],
  ])('%s: unknown, told so, then found by reading and never sent again', async (_what, thrown) => {
    await preview();
    answer = () => Promise.reject(thrown);
    const sut = service();
    const report = await press(sut);
    expect(report.lines[0]?.state).toBe('unknown');
    while ((await store.owedResults()).length > 0) await new Promise(setImmediate);
    expect((await store.intents('p1'))[0]).toMatchObject({
      state: 'placed',
      brokerOrderId: 'id-of-ptb-p1-1',
    });
    expect(told[0]?.report.lines[0]?.state).toBe('unknown');
    expect(told.at(-1)?.report.lines[0]?.orderId).toBe('id-of-ptb-p1-1');
    expect(sent).toHaveLength(1);
  });

  it('an order id: placed, told at once, read again, with progress on the way', async () => {
    const call = {
      symbol: 'QQQ   261218C00520000',
      kind: 'option',
      action: 'buy-to-close',
      quantity: 1,
    } as const;
    await preview('p1', { orders: [order(), order({ targetKey: 'call:1', legs: [call] })] });
    const progress: string[] = [];
    const sut = service();
    const report = await sut.submit({
      planId: 'p1',
      actor: ME,
      onProgress: (lines) => progress.push(lines.map(({ state, orderId }) => orderId ?? state).join(' ')),
    });
    expect(report.lines.map(({ state }) => state)).toEqual(['placed', 'placed']);
    expect(progress).toEqual([
      'submitting submitting',
      'id-of-ptb-p1-1 submitting',
      'id-of-ptb-p1-1 id-of-ptb-p1-2',
    ]);
    await looks.looked('p1');
    expect(told.at(-1)?.report.lines.every(({ status, read }) => status === 'Live' && read)).toBe(true);
  });

  it('an order beside one whose answer is lost is read again within seconds, not only once that one is settled', async () => {
    const legs = [
      { symbol: 'QQQ   261218C00520000', kind: 'option', action: 'buy-to-close', quantity: 1 } as const,
    ];
    await preview('p1', { orders: [order(), order({ targetKey: 'call:1', legs })] });
    answer = async (identifier) => {
      if (identifier.endsWith('-1')) throw new OutcomeUnknown('no answer');
      return { order: { ...orderFor(identifier), state: 'submitted', status: 'Routed' }, warnings: [] };
    };
    listed = () => [];
    await press(service());
    expect(told.at(-1)?.report.lines.map(({ state, status }) => [state, status])).toEqual([
      ['unknown', null],
      ['placed', 'Routed'],
    ]);
    await looks.looked('p1');
    expect(told.at(-1)?.report.lines.map(({ state, status }) => [state, status])).toEqual([
      ['unknown', null],
      ['placed', 'Live'],
    ]);
    listed = () => sent.map(orderFor);
    while ((await store.owedResults()).length > 0) await new Promise(setImmediate);
    expect(told.at(-1)?.report.lines.map(({ state }) => state)).toEqual(['placed', 'placed']);
  });

  it('an order id is shown the moment the broker gives it, before the database and the channel have anything', async () => {
    await preview();
    let open = () => {};
    const held = new Promise<void>((resolve) => {
      open = resolve;
    });
    const steps: string[] = [];
    seen = new Proxy(store, {
      get: (target, name) =>
        name === 'settleIntent'
          ? async (...rest: Parameters<Store['settleIntent']>) => {
              steps.push('database');
              await held;
              return target.settleIntent(...rest);
            }
          : Reflect.get(target, name).bind?.(target),
    });
    onPost = () => steps.push('channel');
    const done = service().submit({
      planId: 'p1',
      actor: ME,
      onProgress: (lines) => steps.push(`screen ${lines.map(({ orderId }) => orderId)}`),
    });
    while (!steps.includes('channel')) await new Promise(setImmediate);
    expect(steps).toEqual(['screen ', 'screen id-of-ptb-p1-1', 'database', 'channel']);
    open();
    await done;
    expect((await store.intents('p1'))[0]?.state).toBe('placed');
  });

  it('a refusal that couldn’t be recorded is told, and recorded once the database takes writes again', async () => {
    await preview();
    answer = async () => {
      throw new BrokerRefusal(422, 'margin', 'not enough buying power');
    };
    let locked = 3;
    seen = new Proxy(store, {
      get: (target, name) =>
        name === 'settleIntent'
          ? async (...rest: Parameters<Store['settleIntent']>) => {
              locked -= 1;
              if (locked >= 0) throw new DatabaseFailure('locked', new Error('SQLITE_BUSY'));
              return target.settleIntent(...rest);
            }
          : Reflect.get(target, name).bind?.(target),
    });
    const report = await press(service());
    expect(report.lines[0]).toMatchObject({ state: 'refused', reason: 'not enough buying power' });
    await recorder.idle();
    expect((await store.intents('p1'))[0]).toMatchObject({
      state: 'refused',
      reason: 'not enough buying power',
    });
  });

  it('orders that were told stay told when the database then takes nothing more: no error, no doubt', async () => {
    await preview();
    seen = new Proxy(store, {
      get: (target, name) =>
        name === 'markReported'
          ? async () => {
              throw new DatabaseFailure('locked', new Error('SQLITE_BUSY'));
            }
          : Reflect.get(target, name).bind?.(target),
    });
    expect((await press(service())).lines[0]?.state).toBe('placed');
  });

  it('an answer that can’t be recorded is told all the same, and settled from the broker’s list', async () => {
    await preview();
    let broken = true;
    seen = new Proxy(store, {
      get(target, name) {
        if (name === 'settleIntent' && broken) return () => Promise.reject(new Error('disk full'));
        const value = Reflect.get(target, name, target);
        return typeof value === 'function' ? value.bind(target) : value;
      },
    });
    const report = await press(service());
    broken = false;
    expect(report.lines).toMatchObject([{ state: 'placed', orderId: 'id-of-ptb-p1-1' }]);
    while ((await store.owedResults()).length > 0) await new Promise(setImmediate);
    expect((await store.intents('p1'))[0]).toMatchObject({ state: 'placed' });
    expect(sent).toHaveLength(1);
  });
});

describe('before an order leaves', () => {
  it('a login the broker no longer takes spends no press: the preview stays open, and nothing was reserved', async () => {
    await preview();
    ready = () => Promise.reject(new BrokerLoginError('no longer taken'));
    await expect(press(service())).rejects.toMatchObject({ name: 'BrokerLoginError' });
    expect((await store.plan('p1'))?.status).toBe('open');
    expect(await store.intents('p1')).toEqual([]);
    ready = async () => {};
    expect((await press(service())).lines[0]?.state).toBe('placed');
  });

  it('a broker that doesn’t answer about the login is asked the order all the same', async () => {
    await preview();
    ready = () => Promise.reject(new BrokerUnreachable('no answer'));
    expect((await press(service())).lines[0]?.state).toBe('placed');
  });

  it('the login is checked once for a press that was expected, and anew a while later', async () => {
    let asked = 0;
    ready = async () => void asked++;
    const sut = service();
    await preview('p1');
    await preview('p2');
    sut.expect();
    await press(sut);
    expect(asked).toBe(1);
    clock.advance(5_000);
    await expect(press(sut, 'p2')).rejects.toMatchObject({ code: 'POSITION_CHANGED' });
    expect(asked).toBe(2);
  });

  it('where the account is read anyway, the login isn’t asked for', async () => {
    await preview();
    unchanged = false;
    ready = () => Promise.reject(new Error('asked'));
    expect((await press(service())).lines[0]?.state).toBe('placed');
  });

  it('its intent is in the database, under its own identifier', async () => {
    await preview();
    answer = async (identifier) => {
      expect(await store.intents('p1')).toMatchObject([
        { state: 'submitting', externalIdentifier: identifier },
      ]);
      return { order: orderFor(identifier), warnings: [] };
    };
    const report = await press(service());
    expect(report.lines[0]?.state).toBe('placed');
  });

  it('without a live stream since the preview the account is read, and what changed stops it', async () => {
    await preview();
    unchanged = false;
    holdings = async () => [];
    await expect(press(service())).rejects.toMatchObject(
      saying({
        code: 'POSITION_CHANGED',
        what: expect.stringMatching(/nothing was sent[\s\S]*1 short before, none held now/),
      }),
    );
    expect((await store.plan('p1'))?.status).toBe('stale');
    expect(sent).toEqual([]);
  });

  it('a row on its contracts that can’t be read any more stops it and is named; one on others doesn’t', async () => {
    const row = (symbols: string[]): OddRow => ({
      what: 'holding',
      name: symbols[0] ?? null,
      why: 'its quantity is missing',
      doubts: 'coverage',
      concern: { symbols, kin: null },
    });
    unchanged = false;
    await preview();
    odd = [row([SHORT_PUT])];
    await expect(press(service())).rejects.toMatchObject(
      saying({
        code: 'POSITION_CHANGED',
        what: expect.stringMatching(/nothing was sent[\s\S]*480 P[\s\S]*can’t be read now/),
      }),
    );
    expect(sent).toEqual([]);
    await preview('p2');
    odd = [row(['SPY   261218P00600000'])];
    expect((await press(service(), 'p2')).lines[0]?.state).toBe('placed');
  });

  it('a short that wasn’t there stops an order that only sells, not one that buys back', async () => {
    unchanged = false;
    const appeared = holding('-1 QQQ 2026-12-18 500 P @ 1');
    holdings = async () => [...HELD, appeared, holding('-1 SPY 2026-12-18 500 P @ 1')];
    const selling = order({ legs: verticalLegs().filter(({ action }) => action === 'sell-to-close') });
    await preview('p1', { orders: [selling] });
    await expect(press(service())).rejects.toMatchObject(
      saying({
        code: 'POSITION_CHANGED',
        what: expect.stringMatching(/QQQ 18 Dec 26 500 P: none held before, 1 short now$/),
      }),
    );
    expect(sent).toEqual([]);
    await preview('p2');
    expect((await press(service(), 'p2')).lines[0]?.state).toBe('placed');
  });

  it('an account that can’t be read stops it too', async () => {
    await preview();
    unchanged = false;
    holdings = () => Promise.reject(new BrokerUnreachable('no answer'));
    await expect(press(service())).rejects.toMatchObject({ code: 'NOT_SENT' });
    expect(sent).toEqual([]);
  });

  it('unchanged by a fresh read, it goes out', async () => {
    await preview();
    unchanged = false;
    expect((await press(service())).lines[0]?.state).toBe('placed');
  });
});

describe('a press that sends nothing says so', () => {
  const refuses = async (code: string, planId = 'p1', actor = ME) => {
    const error = await press(service(), planId, actor).then(
      () => null,
      (thrown: UserError) => thrown,
    );
    expect(error?.code).toBe(code);
    expect(error && wordsOf(error).what).toMatch(/nothing was sent|sent nothing|never sends anything/i);
    expect(sent).toEqual([]);
  };

  it('on a preview nobody knows', () => refuses('PLAN_MISSING', 'nope'));
  it('on somebody else’s', async () => {
    await preview();
    rights = { ...RIGHTS, traderUserIds: [TRADER, '1'] };
    await refuses('NOT_YOUR_PREVIEW', 'p1', { userId: '1', roleIds: [] });
  });
  it('without the right to trade, checked at the press', async () => {
    await preview();
    rights = { ...RIGHTS, traderUserIds: ['1'] };
    await refuses('NOT_A_TRADER');
    rights = { ...RIGHTS, readOnly: true };
    await refuses('READ_ONLY');
  });
  it('of a dry run', async () => {
    await preview('p1', { dryRun: true });
    await refuses('DRY_RUN');
  });
  it('with nothing to send', async () => {
    await preview('p1', { orders: [] });
    await refuses('NOTHING_TO_SEND');
  });
  it('with a stored price off its grid, however it got there', async () => {
    await preview('p1', { orders: [order({ grid: [{ below: null, increment: d('0.05') }] })] });
    await refuses('PLAN_OFF_TICK');
  });
  it('of an account I don’t work for (any more), whatever its plan says', async () => {
    await preview('p1', { account: '5WT00009' });
    await refuses('ACCOUNT_GONE');
    const error = await press(service()).catch((thrown: UserError) => thrown);
    expect(wordsOf(error as UserError).what).toContain('Account …0009');
  });
  it('while the broker doesn’t tell which accounts there are', async () => {
    await preview('p1', { account: '5WT00009' });
    accountsUnknown = true;
    await refuses('NOT_SENT');
  });
  it('of another version', async () => {
    await preview('p1', { payload: '{"which":"something else"}' });
    await refuses('PLAN_OUTDATED');
  });
  it('after its time', async () => {
    await preview();
    clock.advance(10 * 60_000);
    await refuses('PLAN_EXPIRED');
  });
  it('after it was cancelled', async () => {
    await preview();
    await store.endPlan('p1', 'cancelled', clock.now());
    await refuses('PLAN_CANCELLED');
  });
  it('after an earlier press was given up, for whatever reason: no change is claimed that nobody saw', async () => {
    await preview();
    unchanged = false;
    holdings = async () => Promise.reject(new BrokerUnreachable('no answer'));
    await refuses('NOT_SENT');
    await expect(press(service())).rejects.toMatchObject(
      saying({
        code: 'PLAN_STALE',
        what: expect.not.stringContaining('changed'),
      }),
    );
    expect(sent).toEqual([]);
  });
  it('while another order on a contract is not settled', async () => {
    await preview();
    await preview('p2');
    await store.claimPlan({
      planId: 'p2',
      now: clock.now(),
      intents: [{ ...intent({ planId: 'p2', positionId, externalIdentifier: 'other' }) }],
      state: 'submitting',
    });
    await refuses('ORDERS_UNDER_WAY');
  });
  it('while the bot is stopping', async () => {
    await preview();
    const sut = service();
    await sut.close();
    await expect(press(sut)).rejects.toMatchObject({ code: 'STOPPING' });
    expect(sent).toEqual([]);
  });
});

it('ten presses at once, over two services on one database: one order', async () => {
  await preview();
  const services = [service(), service()];
  const results = await Promise.allSettled(
    Array.from({ length: 10 }, (_, index) => press(services[index % 2] as SubmitService)),
  );
  expect(sent).toEqual(['ptb-p1-1']);
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(1);
  for (const result of results) {
    if (result.status === 'rejected') expect(result.reason).toMatchObject({ code: 'ALREADY_SUBMITTED' });
  }
});

describe('a press beside another one that sent the order', () => {
  const locked = async () => Promise.reject(new DatabaseFailure('locked', 'another program holds it'));

  it('never says that nothing was sent, though the database takes nothing by then', async () => {
    await preview();
    answer = async () => Promise.reject(new OutcomeUnknown('The line was cut'));
    await press(service());
    seen = { ...store, plan: (id) => store.plan(id), claimPlan: locked };
    await expect(press(service())).rejects.toMatchObject({ code: 'ALREADY_SUBMITTED' });
  });

  it('nor where it saw the preview still open', async () => {
    await preview();
    const late = async () => {
      await press(service());
      return locked();
    };
    seen = { ...store, plan: (id) => store.plan(id), claimPlan: late };
    const second = service();
    seen = store;
    await expect(press(second)).rejects.toMatchObject({ code: 'ALREADY_SUBMITTED' });
    expect(sent).toEqual(['ptb-p1-1']);
  });

  it('sends nothing once one has said on its message that nothing was sent, though no database took that down', async () => {
    await preview();
    seen = { ...store, plan: (id) => store.plan(id), claimPlan: locked };
    const sut = service();
    await expect(press(sut)).rejects.toMatchObject({ code: 'NOT_SENT' });
    sut.deny('p1');
    // Free again, and the preview stands open in the database.
    seen.claimPlan = (request) => store.claimPlan(request);
    await expect(press(sut)).rejects.toMatchObject({ code: 'PLAN_STALE' });
    expect(sent).toEqual([]);
    // The message may say so again.
    sut.deny('p1');
  });

  it('denies nothing on the message while another is under way, and nothing that it has sent', async () => {
    await preview();
    let claims = 0;
    let go: () => void = () => {};
    const asked = new Promise<void>((resolve) => {
      go = resolve;
    });
    seen = {
      ...store,
      plan: (id) => store.plan(id),
      claimPlan: async (request) => {
        claims += 1;
        if (claims === 1) return locked();
        await asked;
        return store.claimPlan(request);
      },
    };
    const sut = service();
    await expect(press(sut)).rejects.toMatchObject({ code: 'NOT_SENT' });
    const second = press(sut);
    expect(() => sut.deny('p1')).toThrow(expect.objectContaining({ code: 'ALREADY_SUBMITTED' }));
    go();
    await second;
    expect(() => sut.deny('p1')).toThrow(expect.objectContaining({ code: 'ALREADY_SUBMITTED' }));
    expect(sent).toEqual(['ptb-p1-1']);
  });

  it('says so where nobody sent anything', async () => {
    await preview();
    seen = { ...store, plan: (id) => store.plan(id), claimPlan: locked };
    await expect(press(service())).rejects.toMatchObject({ code: 'NOT_SENT' });
  });
});

it('stopping waits for an answer under way and tells of it', async () => {
  await preview();
  let arrive: () => void = () => {};
  answer = (identifier) =>
    new Promise((resolve) => {
      arrive = () => resolve({ order: orderFor(identifier), warnings: [] });
    });
  const sut = service();
  const pressed = press(sut);
  while (sent.length === 0) await new Promise(setImmediate);
  let closed = false;
  const closing = sut.close().then(() => {
    closed = true;
  });
  await new Promise(setImmediate);
  expect(closed).toBe(false);
  arrive();
  await closing;
  expect((await pressed).account).toBe(ACCOUNT);
  expect(told[0]?.report.lines[0]?.state).toBe('placed');
});

it('a channel that refuses the result gets it later', async () => {
  await preview();
  channelOpen = false;
  const sut = service();
  await press(sut);
  expect(await store.outbox.owed('result')).toEqual(['p1']);
  channelOpen = true;
  await delivered();
  expect(told.at(-1)?.report.lines).toMatchObject([{ state: 'placed', orderId: 'id-of-ptb-p1-1' }]);
  expect(sent).toHaveLength(1);
});

describe('a target with its stop', () => {
  const STOP = { trigger: d('3.10'), price: d('3.45'), profit: x(-233) };
  const ladder = () => [
    order({ targetKey: 'puts:1', stop: STOP }),
    order({ targetKey: 'puts:2', price: d('0.40') }),
  ];

  it('is written down as two orders before it leaves as one, and both ids are told', async () => {
    await preview('p1', { orders: ladder() });
    const written: string[][] = [];
    const answered = pairAnswer;
    pairAnswer = async (marks) => {
      const intents = await store.intents('p1');
      written.push(intents.map(({ targetKey, state }) => `${targetKey} ${state}`));
      return answered(marks);
    };
    const report = await press(service());
    expect(written).toEqual([['puts:1 submitting', 'puts:1/stop submitting', 'puts:2 submitting']]);
    const [{ pair, marks } = { pair: null, marks: null }, ...more] = pairs;
    expect(more).toEqual([]);
    expect(marks).toEqual({ target: 'ptb-p1-1', stop: 'ptb-p1-2' });
    expect(pair).toMatchObject({
      target: { price: d('0.67'), legs: verticalLegs() },
      stop: { trigger: d('3.10'), price: d('3.45'), legs: verticalLegs() },
    });
    expect(report.lines).toMatchObject([
      {
        state: 'placed',
        orderId: 'id-of-ptb-p1-1',
        stopTrigger: null,
        partner: { orderId: 'id-of-ptb-p1-2' },
      },
      { state: 'placed', orderId: 'id-of-ptb-p1-2', profit: x(-233), partner: { orderId: 'id-of-ptb-p1-1' } },
      { state: 'placed', orderId: 'id-of-ptb-p1-3', partner: null },
    ]);
  });

  it('is refused as one, and the order beside it goes on', async () => {
    await preview('p1', { orders: ladder() });
    pairAnswer = async () => {
      throw new BrokerRefusal(422, 'preflight_check_failure', 'No', [
        { code: 'oco', message: 'Not for spreads' },
      ]);
    };
    expect((await press(service())).lines.map(({ state }) => state)).toEqual([
      'refused',
      'refused',
      'placed',
    ]);
  });

  it('of which the answer is lost is looked for, both of it, and never sent again', async () => {
    await preview('p1', { orders: ladder().slice(0, 1) });
    pairAnswer = async () => {
      throw new OutcomeUnknown('cut');
    };
    listed = () => [];
    const report = await press(service());
    expect(report.lines.map(({ state }) => state)).toEqual(['unknown', 'unknown']);
    // The list that shows the one and not yet the other settles the one.
    listed = () => [orderFor('ptb-p1-2')];
    await settling.lookNow('p1');
    expect((await store.intents('p1')).map(({ state }) => state)).toEqual(['unknown', 'placed']);
    listed = () => [orderFor('ptb-p1-2'), orderFor('ptb-p1-1')];
    await settling.lookNow('p1');
    await settling.followed('p1');
    expect((await store.intents('p1')).map(({ brokerOrderId }) => brokerOrderId)).toEqual([
      'id-of-ptb-p1-1',
      'id-of-ptb-p1-2',
    ]);
    expect(pairs).toHaveLength(1);
  });

  it('of which the broker names one order alone has the other one looked for', async () => {
    await preview('p1', { orders: ladder().slice(0, 1) });
    pairAnswer = async ({ target }) => ({ target: orderFor(target), stop: null });
    listed = () => [];
    const report = await press(service());
    expect(report.lines).toMatchObject([
      { state: 'placed' },
      { state: 'unknown', reason: { code: 'UNNAMED' } },
    ]);
    listed = () => [orderFor('ptb-p1-2')];
    await settling.lookNow('p1');
    expect((await store.intents('p1')).map(({ state }) => state)).toEqual(['placed', 'placed']);
  });

  it('leaves neither order while sending is halted: before the press, while the account is read, as it waits for its turn', async () => {
    const halts = new Halting({ store, access: RIGHTS, clock });
    halting = halts;
    for (const id of ['p1', 'p2', 'p3']) await preview(id, { orders: ladder().slice(0, 1) });
    const statesOf = async (id: string) =>
      (await store.intents(id)).map(({ targetKey, state, reason }) => [targetKey, state, reason]);
    const abandoned = [
      ['puts:1', 'abandoned', { code: 'HALTED' }],
      ['puts:1/stop', 'abandoned', { code: 'HALTED' }],
    ];
    const resume = async () => {
      const halt = await halts.current();
      if (halt) await halts.resume(ME, halt.at);
    };

    await halts.halt(ME, null);
    await expect(press(service(), 'p1')).rejects.toMatchObject({ code: 'HALTED' });
    expect(await statesOf('p1')).toEqual([]);
    await resume();

    unchanged = false;
    holdings = async () => {
      await halts.halt(ME, null);
      return HELD;
    };
    await expect(press(service(), 'p2')).rejects.toMatchObject({ code: 'HALTED_MEANWHILE' });
    expect(await statesOf('p2')).toEqual(abandoned);
    await resume();

    unchanged = true;
    // As the broker's adapter does it: the last thing that is asked before a byte leaves.
    onSubmit = (deadline) => {
      void halts.halt(ME, null);
      if (deadline.passed()) throw new BrokerTooLate('late');
    };
    const { lines } = await press(service(), 'p3');
    expect(lines.map(({ state }) => state)).toEqual(['abandoned', 'abandoned']);
    expect(await statesOf('p3')).toEqual(abandoned);
    expect([pairs, sent]).toEqual([[], []]);
    expect([...(await store.contractsUnderWay(ACCOUNT))]).toEqual([]);
  });

  it('never leaves with a price off its grid', async () => {
    for (const stop of [
      { ...STOP, trigger: d('3.105') },
      { ...STOP, price: d('3.455') },
    ]) {
      const id = `off-${stop.trigger}`;
      await preview(id, { orders: [order({ stop })] });
      await expect(press(service(), id)).rejects.toMatchObject({ code: 'PLAN_OFF_TICK' });
    }
    expect(sent).toEqual([]);
  });
});
