import type { AccountName } from '../../../src/domain/account-names.js';
import type { BrokerOrder, OrderLeg } from '../../../src/domain/types.js';
import type { Broker } from '../../../src/ports/broker.js';
import type { NoticeKind, NoticeLevel, Notices } from '../../../src/ports/notices.js';
import type { Report, ReportLine } from '../../../src/ports/report.js';
import type { IntentLeg, OrderIntent, Plan } from '../../../src/ports/store.js';
import type { AccessRules } from '../../../src/services/access/access.js';
import type { Chains } from '../../../src/services/accounts/chains.js';
import { d, x } from '../../domain/build.js';

export const ACCOUNT = '5WT00001';
export const NAME: AccountName = { digits: '0001', nickname: null, oneOfSeveral: false };
export const TRADER = '843931509428715525';
export const CHANNEL = '1214218596167720961';
export const SHORT_PUT = 'QQQ   261218P00480000';
export const LONG_PUT = 'QQQ   261218P00475000';
export const T0 = new Date('2026-11-23T15:00:00Z');

/** Who may do what: one trader, and nobody beside, unless told otherwise. */
export function accessRules(change: Partial<AccessRules> = {}): AccessRules {
  return {
    traderUserIds: [TRADER],
    traderRoleIds: [],
    viewerUserIds: [],
    viewerRoleIds: [],
    channelIds: [],
    readOnly: false,
    ...change,
  };
}

/** A broker of which only these calls are planned; any other one is an error of the test. */
export function brokerWith(planned: Partial<Broker>): Broker {
  return new Proxy({} as Broker, {
    get(_target, name: keyof Broker) {
      return (
        planned[name] ??
        (() => {
          throw new Error(`${String(name)} was not planned`);
        })
      );
    },
  });
}

/** Buys a QQQ 480/475 put vertical back. */
export function verticalLegs(quantity = 1): IntentLeg[] {
  return [
    { symbol: SHORT_PUT, kind: 'option', action: 'buy-to-close', quantity },
    { symbol: LONG_PUT, kind: 'option', action: 'sell-to-close', quantity },
  ];
}

export function intent(change: Partial<OrderIntent> = {}): OrderIntent {
  return {
    id: 1,
    planId: 'plan-1',
    account: ACCOUNT,
    kind: 'place',
    positionId: 37,
    targetKey: 'puts:1',
    label: 'Put verticals (1 of 2)',
    underlying: 'QQQ',
    externalIdentifier: 'ptb-plan-1-1',
    legs: verticalLegs(),
    units: 1,
    price: d('0.67'),
    stopTrigger: null,
    effect: 'debit',
    percent: x(40),
    profit: x(45),
    state: 'placed',
    brokerOrderId: '1001',
    brokerStatus: 'Received',
    brokerState: null,
    replacedBy: null,
    reason: null,
    lookalikes: [],
    createdAt: T0,
    sentAt: T0,
    settledAt: T0,
    ...change,
  };
}

/** The broker's echo of an intent, working. */
export function echo(of: OrderIntent, change: Partial<BrokerOrder> = {}): BrokerOrder {
  return {
    id: of.brokerOrderId ?? '1001',
    account: of.account,
    underlying: of.underlying,
    state: 'working',
    status: 'Live',
    timeInForce: 'GTC',
    orderType: of.stopTrigger ? 'Stop Limit' : 'Limit',
    price: of.price,
    effect: of.effect,
    size: of.units,
    legs: of.legs.map(orderLeg),
    externalIdentifier: of.externalIdentifier,
    stopTrigger: of.stopTrigger,
    contingent: false,
    complex: null,
    replaces: null,
    rejectReason: null,
    receivedAt: new Date(of.createdAt.getTime() + 500),
    updatedAt: new Date(of.createdAt.getTime() + 900),
    ...change,
  };
}

function orderLeg({ symbol, action, quantity }: IntentLeg): OrderLeg {
  const instrument = { symbol, underlying: 'QQQ', multiplier: 100, option: null };
  return { instrument, action, quantity, remaining: quantity, fills: [] };
}

export function line(change: Partial<ReportLine> = {}): ReportLine {
  return {
    intentId: 1,
    kind: 'place',
    positionId: 37,
    targetKey: 'puts:1',
    label: 'Put verticals (1 of 2)',
    underlying: 'QQQ',
    legs: verticalLegs(),
    units: 1,
    price: d('0.67'),
    stopTrigger: null,
    effect: 'debit',
    percent: x(40),
    profit: x(45),
    state: 'placed',
    orderId: '1001',
    status: 'Received',
    orderState: null,
    reason: null,
    lookalikes: [],
    replacedBy: null,
    cancelled: null,
    partner: null,
    fill: null,
    tradedAt: null,
    endedAt: null,
    mismatches: [],
    read: false,
    ...change,
  };
}

export function report(lines: ReportLine[] = [line()], change: Partial<Report> = {}): Report {
  return {
    planId: 'plan-1',
    userId: TRADER,
    account: ACCOUNT,
    phase: 'sent',
    inPlaceOf: [],
    lines,
    waitsForOpen: null,
    ...change,
  };
}

export function plan(change: Partial<Plan> = {}): Plan {
  return {
    id: 'plan-1',
    account: ACCOUNT,
    userId: TRADER,
    guildId: '1214218292428804097',
    channelId: CHANNEL,
    messageIds: [],
    status: 'done',
    createdAt: T0,
    expiresAt: new Date(T0.getTime() + 120_000),
    payload: '{}',
    reportedAt: null,
    ...change,
  };
}

export type Levels = Partial<Record<NoticeKind, NoticeLevel>>;

/** Nobody has chosen anything but this. */
export function noticesWith(levels: Levels = {}): Pick<Notices, 'levelsOf'> {
  return { levelsOf: async () => new Map(Object.entries(levels) as [NoticeKind, NoticeLevel][]) };
}

/** Nothing was ever rolled. */
export const NO_CHAINS: Pick<Chains, 'of' | 'read'> = { of: async () => new Map(), read: async () => [] };
