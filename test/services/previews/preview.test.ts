import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { parseProfitTargets } from '../../../src/domain/strategies/index.js';
import type { BrokerOrder, Holding, OddRow } from '../../../src/domain/types.js';
import type { TradingStatus } from '../../../src/ports/broker.js';
import { lockedText, previewNoteText } from '../../../src/screens/preview-notes.js';
import { AccountNames } from '../../../src/services/accounts/account-names.js';
import { Desks } from '../../../src/services/accounts/desks.js';
import { PreviewService } from '../../../src/services/previews/preview.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { claimOne } from '../../db/support/builders.js';
import { d, filledOrder, holding, workingOrder } from '../../domain/build.js';
import { saying } from '../../support/saying.js';
import { BriskClock } from '../support/brisk-clock.js';
import { ACCOUNT, accessRules, brokerWith, CHANNEL, NO_CHAINS, TRADER } from '../support/builders.js';
import { NEVER_HALTED } from '../support/halting.js';
import { CLEAN, TRIDENT } from '../support/scene.js';

const quiet = pino({ level: 'silent' });
const ACTOR = { userId: TRADER, roleIds: [], guildId: null, channelId: CHANNEL };

let clock: BriskClock;
let store: BotStore;
let sut: PreviewService;
let openOrders: BrokerOrder[];
let history: BrokerOrder[];
let held: Holding[];
let odd: OddRow[];

const FREE = {
  closed: false,
  frozen: false,
  closingOnly: false,
  riskReducingOnly: false,
  marginCall: false,
  dayTradeCall: false,
};
let restricted: Partial<TradingStatus>;
beforeEach(async () => {
  openOrders = [];
  history = [TRIDENT.opening];
  held = TRIDENT.held;
  odd = [];
  restricted = {};
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: quiet });
  const broker = brokerWith({
    accounts: async () => [{ number: ACCOUNT, nickname: null, type: null }],
    holdings: async () => ({ held, odd }),
    tradingStatus: async () => ({ ...FREE, ...restricted }),
    openOrders: async () => openOrders,
    searchOrders: async () => history,
    quotes: async () => new Map(),
    expirations: async () => new Map(),
    dryRun: async () => CLEAN,
    underlying: async (symbol) => ({
      symbol,
      isIndex: false,
      optionTicks: [{ below: null, increment: d('0.01') }],
    }),
  });
  let plans = 0;
  sut = new PreviewService({
    halting: NEVER_HALTED,
    chains: NO_CHAINS,
    store,
    clock,
    broker,
    log: quiet,
    desks: new Desks({
      broker,
      store,
      archive: store.archive,
      clock,
      log: quiet,
      named: [],
      names: new AccountNames(),
      targets: parseProfitTargets(''),
      onOrders: () => {},
    }),
    pricer: new PreviewPricer(broker, {
      rounding: 'nearest',
      spreadTicks: new Map(),
      maxOrderContracts: null,
    }),
    access: accessRules(),
    ttlSeconds: 120,
    newPlanId: () => `preview-${++plans}`,
  });
});
afterEach(() => store.close());

const preview = () => sut.create({ actor: ACTOR, which: 'all', overrides: {}, dryRun: false });
const blocked = async () => {
  const { positions } = await preview();
  return positions.flatMap(({ targets }) =>
    targets.map((target) => [target.plan.label, target.blocked !== null] as const),
  );
};

describe('a preview can be submitted no longer than its contracts trade', () => {
  it('ends with their last trade, where that comes before its own time is over', async () => {
    clock.advance(Date.parse('2026-12-18T20:59:00Z') - clock.now().getTime());
    expect((await preview()).expiresAt.toISOString()).toBe('2026-12-18T21:00:00.000Z');
  });

  it('offers nothing after it, and `all` leaves it alone', async () => {
    clock.advance(Date.parse('2026-12-18T21:00:00Z') - clock.now().getTime());
    await expect(preview()).rejects.toMatchObject({ code: 'NOTHING_UNCOVERED' });
    const { orders, positions } = await sut.create({ actor: ACTOR, which: 1, overrides: {}, dryRun: false });
    expect(orders).toBe(0);
    expect(positions[0]?.notes.map(previewNoteText)).toEqual([
      expect.stringMatching(/^Put verticals: expired, not settled yet/),
      expect.stringMatching(/^Call vertical: expired, not settled yet/),
    ]);
  });
});

describe('while what became of an earlier order is not known', () => {
  it.each(['reserved', 'submitting', 'unknown'] as const)(
    '%s: targets on its contracts offer no Submit and say why; others do',
    async (state) => {
      // On the contracts of the put verticals.
      const claim = state === 'reserved' ? { state } : {};
      const intent = await claimOne(store, 'p1', {}, claim);
      if (state === 'unknown') await store.settleIntent(intent.id, { state, reason: '?' }, clock.now());
      expect(await blocked()).toEqual([
        ['Put verticals (1 of 2)', true],
        ['Put verticals (2 of 2)', true],
        ['Call vertical', false],
      ]);
      const { orders, positions } = await preview();
      expect(orders).toBe(1);
      expect(positions[0]?.targets[0]?.blocked).toEqual({ code: 'UNDER_WAY' });
      expect(positions[0]?.view.underWay).toBe(true);
      const { payload } = (await store.plan('preview-2')) ?? { payload: '' };
      expect(JSON.parse(payload).orders).toHaveLength(1);
    },
  );

  it('once it is, they do again', async () => {
    const { id } = await claimOne(store, 'p1');
    await store.settleIntent(id, { state: 'absent', reason: 'not there' }, clock.now());
    expect((await preview()).orders).toBe(3);
  });
});

const PUTS = ['buy-to-close 2 QQQ 2026-12-18 480 P', 'sell-to-close 2 QQQ 2026-12-18 475 P'];
const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C', 'sell-to-close 1 QQQ 2026-12-18 525 C'];
const STOP = { orderType: 'Stop Limit', price: d('3.3'), stopTrigger: d('3.1') };

describe('what has to end for a close', () => {
  const SPY = ['buy-to-close 1 SPY 2026-12-18 600 P', 'sell-to-close 1 SPY 2026-12-18 595 P'];

  it('is kept with the positions that it closes, and a position beside it that loses its target is named', async () => {
    const complex = { id: '55', tag: 'OTO::order' };
    const limit = { price: d('0.5'), effect: 'debit' } as const;
    openOrders = [
      workingOrder('701', PUTS, { complex, ...limit }),
      workingOrder('801', SPY, { complex, ...limit }),
      workingOrder('702', CALLS, limit),
    ];
    held = [
      ...TRIDENT.held,
      holding('-1 SPY 2026-12-18 600 P @ 4.00'),
      holding('1 SPY 2026-12-18 595 P @ 2.00'),
    ];
    const opened = [
      'sell-to-open 1 SPY 2026-12-18 600 P @ 4.00',
      'buy-to-open 1 SPY 2026-12-18 595 P @ 2.00',
    ];
    history = [TRIDENT.opening, filledOrder('101', opened, new Date('2026-11-03T15:00:00Z'))];
    const close = { at: { price: d('1') }, portion: null };
    const { bared, givingWay } = await sut.create({
      actor: ACTOR,
      which: 1,
      overrides: {},
      dryRun: false,
      close,
    });
    expect(givingWay.map(({ id }) => id).sort()).toEqual(['701', '702', '801']);
    expect(bared.map(({ id, cover }) => [id, cover.state])).toEqual([[2, 'none']]);
    const kept = JSON.parse((await store.plan('preview-1'))?.payload ?? '').givingWay as object[];
    expect(kept).toHaveLength(3);
    expect(kept).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ orderId: '701', positionIds: [1] }),
        expect.objectContaining({ orderId: '801', positionIds: [2] }),
      ]),
    );
  });
});

describe('`all`', () => {
  it('takes what is free of a position that is covered in part', async () => {
    openOrders = [workingOrder('7', PUTS)];
    const { positions, leftOut, orders } = await preview();
    expect(positions[0]?.targets.map(({ plan }) => plan.label)).toEqual(['Call vertical']);
    expect([orders, leftOut]).toEqual([1, []]);
  });

  it('takes what a stop leaves free, and forgets no position of which it leaves nothing', async () => {
    openOrders = [workingOrder('7', PUTS, STOP)];
    expect((await preview()).positions[0]?.targets.map(({ plan }) => plan.label)).toEqual(['Call vertical']);
    openOrders = [workingOrder('7', PUTS, STOP), workingOrder('8', CALLS)];
    await expect(preview()).rejects.toMatchObject(
      saying({
        code: 'NOTHING_UNCOVERED',
        what: 'Nothing is free to close, though not everything has a target: #1.',
      }),
    );
  });

  const symbol = 'SPY   261218P00600000';
  const SPY: OddRow = {
    what: 'holding',
    name: symbol,
    why: 'its quantity is missing',
    doubts: 'coverage',
    concern: { symbols: [symbol], kin: { underlying: 'SPY', type: 'put' } },
  };
  const named =
    'I can’t read the holding SPY 18 Dec 26 600 P (its quantity is missing), so what that is about is left out.';

  it('names what can’t be read and may keep something out', async () => {
    odd = [SPY];
    openOrders = [workingOrder('7', PUTS), workingOrder('8', CALLS)];
    await expect(preview()).rejects.toMatchObject(
      saying({ what: `Every open position that I can read has working targets already. ${named}` }),
    );
    openOrders = [workingOrder('7', PUTS, STOP), workingOrder('8', CALLS)];
    await expect(preview()).rejects.toMatchObject(
      saying({
        what: expect.stringMatching(/: #1\. I can’t read the holding SPY/),
      }),
    );
  });

  it('names it too where nothing else is held', async () => {
    held = [];
    odd = [SPY];
    await expect(preview()).rejects.toMatchObject(
      saying({ what: `There are no open option positions that I can read. ${named}` }),
    );
  });

  it('doesn’t forget a position that looks covered while a row on it can’t be read', async () => {
    const QQQ = 'QQQ   261218P00480000';
    odd = [
      {
        what: 'order',
        name: '5',
        why: 'its status is missing',
        doubts: 'coverage',
        concern: { symbols: [QQQ], kin: null },
      },
    ];
    openOrders = [workingOrder('7', PUTS), workingOrder('8', CALLS)];
    await expect(preview()).rejects.toMatchObject(
      saying({
        what: expect.stringMatching(/not everything has a target: #1\. I can’t read order 5/),
      }),
    );
  });

  it('says that every position has targets only where every contract has one', async () => {
    openOrders = [workingOrder('7', PUTS), workingOrder('8', CALLS)];
    await expect(preview()).rejects.toMatchObject(
      saying({
        what: 'Every open position has working targets already.',
      }),
    );
    openOrders = [workingOrder('7', PUTS), workingOrder('8', CALLS, { timeInForce: 'Day' })];
    await expect(preview()).rejects.not.toMatchObject(
      saying({
        what: 'Every open position has working targets already.',
      }),
    );
  });
});

it.each([
  ['frozen', { frozen: true }, /frozen: the broker refuses every order/],
  ['closed', { closed: true }, /closed: the broker takes no order/],
  ['in a margin call', { marginCall: true }, null],
  ['closing only', { closingOnly: true }, null],
])(
  'of an account that is %s offers Submit only if a closing order would be taken',
  async (_what, change, why) => {
    restricted = change;
    const { locked } = await preview();
    if (why) expect(locked && lockedText(locked)).toMatch(why);
    else expect(locked).toBeNull();
  },
);

it('an order that only sells rests on all that is held of the underlying, and on no order having come', async () => {
  held = ['2 QQQ 2026-12-18 530 C @ 1', '-1 QQQ 2026-12-18 520 C @ 3', '100 QQQ @ 480', '5 SPY @ 600'].map(
    (text) => holding(text),
  );
  const { positions } = await sut.create({
    actor: ACTOR,
    which: 'all',
    overrides: { percent: d(50) },
    dryRun: false,
  });
  const sold = positions.flatMap(({ targets }) => targets.flatMap(({ order }) => order.legs));
  expect(sold.some(({ action }) => action === 'sell-to-close')).toBe(true);
  const { fingerprint } = JSON.parse((await store.plan('preview-1'))?.payload ?? '');
  expect(Object.keys(fingerprint).sort()).toEqual(['QQQ', 'QQQ   261218C00520000', 'QQQ   261218C00530000']);
  expect(fingerprint.QQQ.held).toBe(100);
});
