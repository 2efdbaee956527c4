import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { BrokerRefusal } from '../../../src/domain/errors.js';
import { parseProfitTargets } from '../../../src/domain/strategies/index.js';
import type { BrokerOrder, Holding } from '../../../src/domain/types.js';
import { AccountNames } from '../../../src/services/accounts/account-names.js';
import { Desks } from '../../../src/services/accounts/desks.js';
import { PreviewService } from '../../../src/services/previews/preview.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { d, filledOrder, holding } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import { accessRules, brokerWith, CHANNEL, NO_CHAINS, TRADER } from '../support/builders.js';
import { NEVER_HALTED } from '../support/halting.js';
import { CLEAN } from '../support/scene.js';

const quiet = pino({ level: 'silent' });
const ACTOR = { userId: TRADER, roleIds: [], guildId: null, channelId: CHANNEL };
const MARGIN = '5WT01111';
const IRA = '5WT02222';

/** A vertical in each, on the very same contracts; the margin account has a second one beside it. */
const HELD: Record<string, string[]> = {
  [MARGIN]: [
    '-1 QQQ 2026-12-18 480 P @ 4.00',
    '1 QQQ 2026-12-18 475 P @ 2.00',
    '1 SPY 2026-12-18 600 C @ 9.00',
  ],
  [IRA]: ['-1 QQQ 2026-12-18 480 P @ 5.00', '1 QQQ 2026-12-18 475 P @ 2.00'],
};
const OPENED: Record<string, BrokerOrder[]> = {
  [MARGIN]: [
    filledOrder('100', [
      'sell-to-open 1 QQQ 2026-12-18 480 P @ 4.00',
      'buy-to-open 1 QQQ 2026-12-18 475 P @ 2.00',
    ]),
    filledOrder('101', ['buy-to-open 1 SPY 2026-12-18 600 C @ 9.00']),
  ],
  [IRA]: [
    filledOrder('200', [
      'sell-to-open 1 QQQ 2026-12-18 480 P @ 5.00',
      'buy-to-open 1 QQQ 2026-12-18 475 P @ 2.00',
    ]),
  ],
};

let plans = 0;
let store: BotStore;
let clock: BriskClock;
/** Accounts the broker won't show now. */
let refused: Set<string>;

beforeEach(async () => {
  refused = new Set();
  clock = new BriskClock('2026-11-23T15:00:01Z');
  store = await openStore('sqlite::memory:', { logger: quiet });
});
afterEach(() => store.close());

/** A bot on this database that works for these accounts of the login. */
function botFor(...named: string[]) {
  const held = async (account: string): Promise<Holding[]> => {
    if (refused.has(account)) throw new BrokerRefusal(403, 'not_permitted', 'The account is closed');
    return (HELD[account] ?? []).map((text) => holding(text));
  };
  const broker = brokerWith({
    accounts: async () => [
      { number: MARGIN, nickname: 'Margin', type: null },
      { number: IRA, nickname: 'Roth IRA', type: null },
    ],
    holdings: async (account) => ({ held: await held(account), odd: [] }),
    tradingStatus: async () => ({
      closed: false,
      frozen: false,
      closingOnly: false,
      riskReducingOnly: false,
      marginCall: false,
      dayTradeCall: false,
    }),
    openOrders: async () => [],
    searchOrders: async (account) => OPENED[account] ?? [],
    quotes: async () => new Map(),
    expirations: async () => new Map(),
    dryRun: async () => CLEAN,
    underlying: async (symbol) => ({
      symbol,
      isIndex: false,
      optionTicks: [{ below: null, increment: d('0.01') }],
    }),
  });
  const desks = new Desks({
    broker,
    store,
    archive: store.archive,
    clock,
    log: quiet,
    named,
    names: new AccountNames(),
    targets: parseProfitTargets(''),
    onOrders: () => {},
  });
  const sut = new PreviewService({
    halting: NEVER_HALTED,
    chains: NO_CHAINS,
    store,
    clock,
    broker,
    log: quiet,
    desks,
    pricer: new PreviewPricer(broker, {
      rounding: 'nearest',
      spreadTicks: new Map(),
      maxOrderContracts: null,
    }),
    access: accessRules(),
    ttlSeconds: 120,
    newPlanId: () => `preview-${++plans}`,
  });
  const ask = (which: number | 'all', account: string | null = null, only?: number[]) =>
    sut.create({ actor: ACTOR, which, account, overrides: {}, dryRun: false, ...(only && { only }) });
  return { sut, desks, ask };
}

/** The id of each position by the account it is in. */
async function idsOf({ desks }: ReturnType<typeof botFor>) {
  const { read } = await desks.read();
  const of = (number: string, underlying: string) =>
    read
      .find(({ account }) => account === number)
      ?.positions.find(({ position }) => position.underlying === underlying)?.id ?? 0;
  return { margin: of(MARGIN, 'QQQ'), spy: of(MARGIN, 'SPY'), ira: of(IRA, 'QQQ') };
}

describe('a position', () => {
  it('is found in whichever account it is, also before anything was read', async () => {
    const ids = await idsOf(botFor(MARGIN, IRA));
    const later = botFor(MARGIN, IRA);
    const preview = await later.ask(ids.ira);
    expect(preview).toMatchObject({ account: IRA, name: { digits: '2222', nickname: 'Roth IRA' } });
    // Half of what was sold for 3.00 there; the same contracts brought 2.00 in the other account.
    expect(
      preview.positions.flatMap(({ targets }) => targets.map(({ order }) => String(order.price))),
    ).toEqual(['1.5']);
    expect((await store.plan(preview.planId))?.account).toBe(IRA);
    expect(await later.ask(ids.margin)).toMatchObject({ account: MARGIN });
  });

  it('has no id before the first read of its account, and gets it then', async () => {
    await expect(botFor(MARGIN, IRA).ask(99)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
    expect(await botFor(MARGIN, IRA).ask(3)).toMatchObject({ orders: 1 });
  });

  it('may be named with its account, and not with another', async () => {
    const bot = botFor(MARGIN, IRA);
    const { ira } = await idsOf(bot);
    expect(await bot.ask(ira, '2222')).toMatchObject({ account: IRA });
    await expect(bot.ask(ira, 'Margin')).rejects.toMatchObject({
      code: 'POSITION_ELSEWHERE',
      facts: { id: ira },
    });
    await expect(bot.ask(ira, '9999')).rejects.toMatchObject({ code: 'ACCOUNT_NOT_OURS' });
  });

  it('of an account that is served no more is refused, and nothing is read of that account', async () => {
    const { ira } = await idsOf(botFor(MARGIN, IRA));
    refused.add(IRA);
    await expect(botFor(MARGIN, '5WT03333').ask(ira)).rejects.toMatchObject({
      code: 'POSITION_NOT_OURS',
      facts: { id: ira, digits: '2222' },
    });
    await expect(botFor(MARGIN).ask(ira)).rejects.toMatchObject({ code: 'POSITION_UNKNOWN' });
  });

  it('is previewed while the other account can’t be read', async () => {
    const bot = botFor(MARGIN, IRA);
    const ids = await idsOf(bot);
    refused.add(MARGIN);
    expect(await bot.ask(ids.ira)).toMatchObject({ account: IRA, orders: 1 });
    await expect(bot.ask(ids.margin)).rejects.toThrow('The account is closed');
    // A bot that has just started knows the ids still.
    expect(await botFor(MARGIN, IRA).ask(ids.ira)).toMatchObject({ account: IRA, orders: 1 });
  });
});

describe('all positions', () => {
  it('are those of one account, which has to be named', async () => {
    const bot = botFor(MARGIN, IRA);
    await expect(bot.ask('all')).rejects.toMatchObject({ code: 'ACCOUNT_NEEDED' });
    const { account, positions } = await bot.ask('all', 'roth ira');
    expect([account, positions.length]).toEqual([IRA, 1]);
    expect((await bot.ask('all', '1111')).positions).toHaveLength(2);
    expect(await botFor(IRA).ask('all')).toMatchObject({ account: IRA });
  });

  it('that are meant together are never cut down to one account’s in silence', async () => {
    const bot = botFor(MARGIN, IRA);
    const ids = await idsOf(bot);
    await expect(bot.ask('all', null, [ids.margin, ids.ira])).rejects.toMatchObject({
      code: 'POSITIONS_APART',
    });
    const together = await bot.ask('all', null, [ids.margin, ids.spy]);
    expect(together.positions.map(({ view }) => view.id)).toEqual([ids.margin, ids.spy]);
  });

  it('asked for at once in two accounts share no look', async () => {
    const bot = botFor(MARGIN, IRA);
    const both = await Promise.all([bot.ask('all', '1111'), bot.ask('all', '2222'), bot.ask('all', '1111')]);
    expect(both.map(({ account }) => account)).toEqual([MARGIN, IRA, MARGIN]);
  });
});

describe('a re-price', () => {
  it('stays in its account', async () => {
    const bot = botFor(MARGIN, IRA);
    const { planId } = await bot.ask('all', '2222');
    const again = await bot.sut.replace(planId, ACTOR, { percent: d(40) });
    expect(again).toMatchObject({ account: IRA, positions: [{ view: { position: { account: IRA } } }] });
    expect((await store.plan(again.planId))?.account).toBe(IRA);
  });

  it('of an account that is served no more is refused', async () => {
    const { planId } = await botFor(MARGIN, IRA).ask('all', '2222');
    await expect(botFor(MARGIN).sut.replace(planId, ACTOR)).rejects.toMatchObject({
      code: 'ACCOUNT_GONE',
      facts: { digits: '2222' },
    });
    expect((await store.plan(planId))?.status).toBe('open');
  });
});
