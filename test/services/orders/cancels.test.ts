import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import {
  BrokerRefusal,
  BrokerTooLate,
  BrokerUnreachable,
  OutcomeUnknown,
} from '../../../src/domain/errors.js';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { cancelWords } from '../../../src/screens/cancel.js';
import { cancelOfferViews, questionWords } from '../../../src/screens/cancel-question.js';
import type { View } from '../../../src/screens/view.js';
import type { AccessRules } from '../../../src/services/access/access.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { CancelWishes } from '../../../src/services/orders/cancels/cancel-offer.js';
import { CancelProjector } from '../../../src/services/orders/cancels/cancel-projector.js';
import { CancelReader } from '../../../src/services/orders/cancels/cancel-reader.js';
import { CancelService } from '../../../src/services/orders/cancels/cancel-service.js';
import { QuestionProjector } from '../../../src/services/orders/cancels/question-projector.js';
import { OrdersService } from '../../../src/services/orders/working-orders.js';
import { NotYet } from '../../../src/services/telling/projector.js';
import { d, workingOrder } from '../../domain/build.js';
import { BriskClock } from '../support/brisk-clock.js';
import {
  ACCOUNT,
  accessRules,
  brokerWith,
  CHANNEL,
  type Levels,
  NAME,
  noticesWith,
  plan,
  TRADER,
} from '../support/builders.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const ME = { userId: TRADER, roleIds: [], guildId: null, channelId: CHANNEL };
const PUTS = ['buy-to-close 1 QQQ 2026-12-18 480 P @ 1', 'sell-to-close 1 QQQ 2026-12-18 475 P @ 1'];
const CALLS = ['buy-to-close 1 QQQ 2026-12-18 520 C @ 1', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 1'];
const FULL = [workingOrder('703', PUTS), workingOrder('704', PUTS), workingOrder('705', CALLS)];
const ENDED = { state: 'cancelled', status: 'Cancelled', step: 'cancelled' } as const;

let store: BotStore;
let clock: BriskClock;
let orders: BrokerOrder[];
let sent: string[];
/** What the broker does with a cancel. */
let answer: (id: string) => void;
/** An order for the same contracts is being placed. */
let placing: boolean;
/** Something closes all of the position. */
let covered: boolean;
/** Orders can be read one by one. */
let readable: boolean;
beforeEach(async () => {
  placing = false;
  covered = false;
  readable = true;
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
  clock = new BriskClock();
  const price = { price: d('1.20'), effect: 'debit', account: ACCOUNT } as const;
  orders = [workingOrder('701', PUTS, price), workingOrder('702', PUTS, price)];
  sent = [];
  answer = (id) => become(id, ENDED);
});
afterEach(() => store.close());

function become(id: string, change: Partial<BrokerOrder>): void {
  orders = orders.map((order) => (order.id === id ? { ...order, ...change } : order));
}

function book(): Book {
  const read = bookOf(
    TRIDENT.held,
    [TRIDENT.opening],
    covered ? FULL : orders.filter(({ state }) => state === 'working'),
  );
  return { ...read, positions: read.positions.map((view) => ({ ...view, underWay: placing })) };
}

function desk(access: AccessRules = accessRules(), levels: Levels = {}) {
  const log = pino({ level: 'silent' });
  const broker = brokerWith({
    ready: async () => {},
    order: async (_account, id) => {
      if (!readable) throw new BrokerUnreachable('no answer');
      return orders.find((order) => order.id === id) as BrokerOrder;
    },
    async cancel(_account, { id, complexId }, deadline) {
      if (deadline.passed()) throw new BrokerTooLate('late');
      sent.push(complexId === null ? id : `complex ${complexId}`);
      answer(id);
    },
  });
  const positions = {
    read: async () => book(),
    without: async (read: Book, ids: ReadonlySet<string>) =>
      bookOf(
        TRIDENT.held,
        [TRIDENT.opening],
        read.openOrders.filter(({ id }) => !ids.has(id)),
      ),
    find: (read: Book, id: number) => {
      const found = read.positions.find((view) => view.id === id);
      if (!found) throw new Error('no such position');
      return found;
    },
  };
  const one = { positions } as never;
  const desks = {
    holding: async () => one,
    serving: async () => one,
    find: async () => one,
    nameOf: () => NAME,
    read: async () => ({ read: [book()], unread: [], missing: [] }),
  };
  const settle = { lookNow: async () => {} };
  const reader = new CancelReader({ broker, store, clock, desks, settle, absentAfterMs: 5_000, log });
  let ids = 0;
  const cancels = new CancelService({
    broker,
    store,
    clock,
    desks,
    wishes: new CancelWishes({ store, desks, orders: new OrdersService(desks) }),
    reader,
    access,
    wake: () => {},
    log,
    ttlSeconds: 120,
    newId: () => `c${++ids}`,
  });
  const projector = new CancelProjector(reader, cancelWords('PAPER'), noticesWith(levels), clock);
  const told = async (id: string) => plain((await projector.project(id))?.pages[0]);
  const question = new QuestionProjector(store, questionWords('PAPER', { of: () => NAME }), clock);
  return { cancels, reader, projector, told, question };
}

/** With the spaces that its no-break spaces look like. */
function plain(view: View | undefined): string {
  return (view?.content ?? '').replaceAll('\u00a0', ' ');
}

const ask = (sut: ReturnType<typeof desk>, id = 37) =>
  sut.cancels.offer({ kind: 'position', id, account: null }, ME);

describe('what is offered to be cancelled', () => {
  it('is each target of the position, with what would then stand uncovered', async () => {
    const offer = await ask(desk());
    expect(offer.orders.map(({ order }) => order.id)).toEqual(['701', '702']);
    const [view] = cancelOfferViews(offer, 'PAPER');
    expect(plain(view)).toContain('**Cancel 2 orders?** · #37 QQQ Senex Trident');
    expect(plain(view)).toMatch(/\*\*Afterwards\*\*\n⚠️ #37 QQQ Senex Trident · no targets/);
    expect(sent).toEqual([]);
  });

  it('is one order, or what one preview placed; nothing of what has ended', async () => {
    const sut = desk();
    const offer = await sut.cancels.offer({ kind: 'order', id: '702' }, ME);
    expect(offer.orders.map(({ order }) => order.id)).toEqual(['702']);
    expect(plain(cancelOfferViews(offer, 'PAPER')[0])).toContain('working: 701');
    await expect(sut.cancels.offer({ kind: 'plan', id: 'gone' }, ME)).rejects.toMatchObject({
      code: 'PLAN_MISSING',
    });
    become('701', ENDED);
    become('702', ENDED);
    await expect(ask(sut)).rejects.toMatchObject({ code: 'NOTHING_TO_CANCEL' });
  });

  it('leaves out what the broker takes no cancel of now, and says so', async () => {
    become('701', { cancellable: false, step: 'routed', status: 'Routed' });
    const sut = desk();
    const offer = await ask(sut);
    expect([offer.orders.length, offer.stuck.length]).toEqual([1, 1]);
    expect(plain(cancelOfferViews(offer, 'PAPER')[0])).toContain('The broker takes no cancel of it');
    await sut.cancels.confirm(offer.id, ME);
    expect(sent).toEqual(['702']);
  });

  it('names all that a complex order would take along, an opening order too', async () => {
    const complex = { id: '55', tag: 'OTOCO::oco-order' };
    become('701', { complex, contingent: true });
    become('702', { complex, contingent: true, orderType: 'Stop Limit', stopTrigger: d('4.10') });
    const opening = workingOrder('700', ['sell-to-open 1 QQQ 2026-12-18 480 P @ 1']);
    orders = [
      ...orders,
      { ...opening, account: ACCOUNT, complex: { id: '55', tag: 'OTOCO::trigger-order' } },
    ];
    const offer = await desk().cancels.offer({ kind: 'order', id: '701' }, ME);
    const shown = cancelOfferViews(offer, 'PAPER').map(plain).join('\n');
    for (const id of ['700', '701', '702']) expect(shown).toContain(id);
    expect(shown).toContain('**Cancel 1 order, and 1 more?**');
  });

  it('is nothing for who may not trade, nor while the bot only looks', async () => {
    const stranger = { ...ME, userId: '1' };
    const wish = { kind: 'order', id: '701' } as const;
    await expect(desk().cancels.offer(wish, stranger)).rejects.toMatchObject({ code: 'NOT_A_TRADER' });
    const looking = desk(accessRules({ readOnly: true }));
    await expect(looking.cancels.offer(wish, ME)).rejects.toMatchObject({ code: 'READ_ONLY' });
  });
});

describe('a confirmed cancel', () => {
  it('leaves once, by whom it was asked for alone, and in its time', async () => {
    const sut = desk();
    const { id } = await ask(sut);
    await expect(sut.cancels.confirm(id, { ...ME, userId: '1' })).rejects.toMatchObject({
      code: 'CANCEL_NOT_YOURS',
    });
    const presses = [sut.cancels.confirm(id, ME), sut.cancels.confirm(id, ME)];
    const outcomes = await Promise.allSettled(presses);
    expect(outcomes.map(({ status }) => status).sort()).toEqual(['fulfilled', 'rejected']);
    expect(sent).toEqual(['701', '702']);
    await expect(sut.cancels.withdraw(id, ME)).rejects.toMatchObject({ code: 'CANCEL_CONFIRMED' });

    become('701', { state: 'working', status: 'Live', step: 'live' });
    const late = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    clock.advance(120_000);
    await expect(sut.cancels.confirm(late.id, ME)).rejects.toMatchObject({ code: 'CANCEL_EXPIRED' });
    const kept = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.withdraw(kept.id, ME);
    await expect(sut.cancels.confirm(kept.id, ME)).rejects.toMatchObject({ code: 'CANCEL_WITHDRAWN' });
    expect(sent).toEqual(['701', '702']);
  });

  it('is asked by a message that says what came of it, once that is so', async () => {
    answer = (id) => become(id, { step: 'cancel-requested', status: 'Cancel Requested' });
    const sut = desk();
    const offer = () => sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    const asks = async (id: string) => {
      const screen = await sut.question.project(id);
      return { ...screen, text: plain(screen?.pages[0]), buttons: screen?.pages[0]?.components };
    };
    const line = '**Order 701** · QQQ 1 × 480/475P · You pay **1.20**';
    const yes = await offer();
    expect(await asks(yes.id)).toMatchObject({ core: 'open', sure: false, again: yes.expiresAt, pages: [] });
    const kept = await offer();
    await sut.cancels.withdraw(kept.id, ME);
    expect(await asks(kept.id)).toMatchObject({ sure: true, buttons: [] });
    const nothing = 'Nothing was cancelled by this question.';
    expect((await asks(kept.id)).text).toContain(`Kept. ${nothing}\n✅ ${line}\n-# **PAPER**`);
    const late = await offer();
    await sut.cancels.confirm(yes.id, ME);
    expect((await asks(yes.id)).text).toContain(
      `**Confirmed: cancel 1 order**\n⏳ ${line}\n-# asked to be cancelled`,
    );
    become('701', ENDED);
    const over = late;
    await sut.reader.read(yes.id);
    expect((await asks(yes.id)).text).toContain(`⚪ ${line}\n-# cancelled`);
    // What was kept doesn't go on saying that it works.
    expect((await asks(kept.id)).text).toContain(`Kept. ${nothing}\n⚪ ${line}\n-# cancelled`);
    // Another message asks about the same order: it has ended by now.
    expect((await asks(over.id)).text).toContain(
      `**Nothing left to cancel:** it has ended meanwhile, not by this question.\n⚪ ${line}\n-# cancelled`,
    );
    await expect(sut.cancels.confirm(over.id, ME)).rejects.toMatchObject({ code: 'CANCEL_OVER' });
    become('701', { state: 'working', status: 'Live', step: 'live' });
    const tooLate = await offer();
    clock.advance(120_000);
    expect((await asks(tooLate.id)).text).toContain(`⌛ **Not confirmed in time.** ${nothing}`);
    expect(sent).toEqual(['701']);
  });

  it('is told as requested until the order has ended, then as cancelled with what stands uncovered', async () => {
    answer = (id) => become(id, { step: 'cancel-requested', status: 'Cancel Requested' });
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    const first = await sut.projector.project(id);
    expect(plain(first?.pages[0])).toContain('**1 order asked to be cancelled**');
    expect(first).toHaveProperty('again');
    become('701', ENDED);
    const last = await sut.projector.project(id);
    expect(plain(last?.pages[0])).toMatch(/\*\*1 order cancelled\*\*/);
    expect(plain(last?.pages[0])).toMatch(/\*\*As of <t:\d+:f>\*\*\n⚠️ #37 QQQ Senex Trident · working: 702/);
    expect(last).not.toHaveProperty('again');
  });

  it('is looked at again while an order for what it left uncovered is being placed', async () => {
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    placing = true;
    const meanwhile = await sut.projector.project(id);
    expect(meanwhile).toHaveProperty('again');
    expect(plain(meanwhile?.pages[0])).not.toContain('**As of');
    placing = false;
    expect(await sut.told(id)).toContain('**As of');
  });

  it('offers its former price only while something stands uncovered', async () => {
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    const buttons = async () => JSON.stringify((await sut.projector.project(id))?.pages[0]?.components);
    expect(await buttons()).toContain('Set 1.20 again');
    covered = true;
    expect(await buttons()).toBe('[]');
  });

  it('still says how much had filled before where the order can’t be read any more', async () => {
    become('701', { legs: orders[0]?.legs.map((leg) => ({ ...leg, quantity: 2, remaining: 1 })) ?? [] });
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    expect(await sut.told(id)).toContain('1 of 2 had filled before');
    readable = false;
    expect((await sut.projector.project(id))?.sure).toBe(false);
  });

  it('that a fill was faster than is told as a fill', async () => {
    answer = (id) => {
      become(id, { state: 'filled', status: 'Filled', step: 'filled' });
      throw new BrokerRefusal(422, 'cannot_update_order', 'Order is Filled');
    };
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    expect(await sut.told(id)).toContain('Filled before a cancel could reach it.');
  });

  it.each([
    [new BrokerRefusal(429, 'too_many', 'Slow down'), 'refused', 'Not cancelled: Slow down. It still works'],
    [new BrokerUnreachable('No way there'), 'absent', 'Not cancelled: No way there. It still works'],
    [new BrokerTooLate('Too late'), 'absent', 'was asleep or overloaded. It still works'],
    [new OutcomeUnknown('cut'), 'unknown', 'Unknown whether the cancel arrived: cut'],
  ])('whose answer is %s', async (error, state, words) => {
    answer = () => {
      throw error;
    };
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    const asked = await sut.cancels.confirm(id, ME);
    expect(asked.orders).toMatchObject([{ state }]);
    expect(await sut.told(id)).toContain(words);
  });

  it('is told as loud as whoever asked wants it; a lost answer or a refusal always', async () => {
    answer = (id) => become(id, { step: 'cancel-requested', status: 'Cancel Requested' });
    const sut = desk(accessRules(), { cancelled: 'off' });
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    await expect(sut.projector.project(id)).rejects.toThrow(NotYet);
    become('701', ENDED);
    expect(await sut.projector.project(id)).toMatchObject({ level: 'off' });
    answer = () => {
      throw new BrokerRefusal(429, 'too_many', 'Slow down');
    };
    const other = await sut.cancels.offer({ kind: 'order', id: '702' }, ME);
    await sut.cancels.confirm(other.id, ME);
    expect(await sut.projector.project(other.id)).toMatchObject({ level: 'on' });
  });

  it('of an order that another takes the place of comes silently: that one’s result mentions whoever pressed', async () => {
    const { status: _status, messageIds: _messages, reportedAt: _told, ...shown } = plan();
    await store.createPlan(shown);
    const sut = desk();
    await sut.cancels.end(plan(), orders.slice(0, 1), new Map());
    expect(await sut.projector.project('c1')).toMatchObject({ level: 'silent' });
    answer = () => {
      throw new BrokerRefusal(429, 'too_many', 'Slow down');
    };
    await sut.cancels.end(plan(), orders.slice(1), new Map());
    expect(await sut.projector.project('c2')).toMatchObject({ level: 'on' });
  });

  it('without an answer is looked for until it shows, or is said to be absent, and never sent again', async () => {
    answer = () => {
      throw new OutcomeUnknown('cut');
    };
    const sut = desk();
    const { id } = await sut.cancels.offer({ kind: 'order', id: '701' }, ME);
    await sut.cancels.confirm(id, ME);
    const news = await sut.cancels.followed(id);
    expect(news?.orders).toMatchObject([{ cancel: { state: 'absent' } }]);
    become('701', ENDED);
    expect(await sut.told(id)).toContain('**1 order cancelled**');
    expect(sent).toEqual(['701']);
  });

  it.each([
    ['', {}],
    [', those too that the broker takes no cancel of by themselves', { cancellable: false }],
  ])(
    'of a part of a complex order goes through that order, once, and names all that end with it%s',
    async (_, stop) => {
      const complex = { id: '55', tag: 'OCO::order' };
      become('701', { complex });
      become('702', { complex, orderType: 'Stop Limit', stopTrigger: d('4.10'), ...stop });
      answer = () => {
        become('701', ENDED);
        become('702', ENDED);
      };
      const sut = desk();
      const { id } = await sut.cancels.offer({ kind: 'order', id: '702' }, ME);
      await sut.cancels.confirm(id, ME);
      expect(sent).toEqual(['complex 55']);
      expect((await store.cancellation(id))?.orders.map(({ orderId }) => orderId)).toEqual(['701', '702']);
      expect(await sut.told(id)).toContain('**2 orders cancelled**');
    },
  );

  it('is refused while another cancel of the same order is under way', async () => {
    answer = (id) => become(id, { step: 'cancel-requested', status: 'Cancel Requested' });
    const sut = desk();
    const one = await ask(sut);
    const other = await sut.cancels.offer({ kind: 'order', id: '702' }, ME);
    await sut.cancels.confirm(one.id, ME);
    await expect(sut.cancels.confirm(other.id, ME)).rejects.toMatchObject({ code: 'CANCEL_UNDER_WAY' });
    expect(sent).toEqual(['701', '702']);
  });
});
