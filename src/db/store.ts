import type { Logger } from 'pino';
import { In } from 'typeorm';
import type { BrokerOrder } from '../domain/types.js';
import type { AuditTrail } from '../ports/audit.js';
import type { DatabaseHealth } from '../ports/database-health.js';
import type { Errand, ErrandKind, Telling } from '../ports/errands.js';
import type { PositionStore } from '../ports/positions.js';
import * as Port from '../ports/store.js';
import { claimPlan } from './claim.js';
import type { Database } from './database.js';
import * as lifecycle from './lifecycle.js';
import { toIntent, toPlan } from './mappers.js';
import * as errands from './stores/errands.js';
import * as intents from './stores/intents.js';
import * as plans from './stores/plans.js';

/** The port over a database: each writing method is one transaction, each reading one a single look. */
export class DatabaseStore implements Omit<Port.Store, keyof (PositionStore & AuditTrail & DatabaseHealth)> {
  constructor(
    private readonly database: Database,
    private readonly logger: Logger,
  ) {}

  createPlan(plan: Port.NewPlan): Promise<void> {
    return this.database.write((m) => plans.insertPlan(m, plan));
  }

  supersedePlan(oldId: string, plan: Port.NewPlan): Promise<boolean> {
    return this.database.write((m) => plans.supersedePlan(m, oldId, plan));
  }

  async plan(id: string): Promise<Port.Plan | null> {
    const row = await this.database.read((m) => plans.findPlan(m, id));
    return row && toPlan(row);
  }

  setPlanMessages(id: string, messageIds: string[]): Promise<void> {
    return this.database.write((m) => plans.updatePlan(m, id, { messageIds }));
  }

  endPlan(id: string, status: 'cancelled' | 'expired' | 'stale'): Promise<boolean> {
    return this.database.write((m) => plans.movePlan(m, id, 'open', status));
  }

  claimPlan(request: Port.ClaimRequest): Promise<Port.ClaimResult> {
    return claimPlan(this.database, request);
  }

  releaseToSend(planId: string, now: Date): Promise<void> {
    return this.database.write((m) => lifecycle.releaseToSend(m, planId, now));
  }

  abandonPlan(planId: string, reason: string, now: Date): Promise<void> {
    return this.database.write((m) => lifecycle.abandonPlan(m, planId, reason, now));
  }

  async settleIntent(intentId: number, outcome: Port.Outcome, now: Date): Promise<Port.OrderIntent> {
    return toIntent(
      await this.database.write((m) => lifecycle.settleIntent(m, intentId, outcome, now, this.logger)),
    );
  }

  async intents(planId: string): Promise<Port.OrderIntent[]> {
    return (await this.database.read((m) => intents.intentsOf(m, planId))).map(toIntent);
  }

  async intent(id: number): Promise<Port.OrderIntent | null> {
    const row = await this.database.read((m) => intents.findIntent(m, id));
    return row && toIntent(row);
  }

  async setLookalikes(intentId: number, orderIds: string[]): Promise<void> {
    const open = { id: intentId, state: In([...Port.UNRESOLVED]) };
    await this.database.write((m) =>
      intents.updateIntents(m, open, { lookalikes: orderIds.length > 0 ? orderIds : null }),
    );
  }

  async unresolvedIntents(): Promise<Port.OrderIntent[]> {
    return (await this.database.read((m) => intents.unresolvedIntents(m))).map(toIntent);
  }

  async intentsByOrderIds(account: string, orderIds: string[]): Promise<Map<string, Port.OrderIntent>> {
    const rows = await this.database.read((m) => intents.intentsByOrderIds(m, account, orderIds));
    return new Map(rows.flatMap((row) => (row.brokerOrderId ? [[row.brokerOrderId, toIntent(row)]] : [])));
  }

  orderLinks(account: string, orderIds: string[]): Promise<Map<string, Port.OrderLink>> {
    return this.database.read((m) => intents.orderLinks(m, account, orderIds));
  }

  async recentlyPlaced(account: string, since: Date): Promise<Port.OrderIntent[]> {
    const rows = await this.database.read((m) => intents.settledSince(m, account, 'placed', since));
    return rows.map(toIntent);
  }

  async recentlyAbsent(account: string, since: Date): Promise<Port.OrderIntent[]> {
    const rows = await this.database.read((m) => intents.settledSince(m, account, 'absent', since));
    return rows.map(toIntent);
  }

  async unreportedPlans(): Promise<Port.Plan[]> {
    return (await this.database.read((m) => plans.unreportedPlans(m))).map(toPlan);
  }

  async plansUnderWay(since: Date): Promise<Port.Plan[]> {
    return (await this.database.read((m) => plans.plansUnderWay(m, since))).map(toPlan);
  }

  markReported(planId: string, messageId: string | null, at: Date): Promise<void> {
    return this.database.write((m) => lifecycle.markReported(m, planId, messageId, at));
  }

  markLooked(planId: string, at: Date): Promise<void> {
    return this.database.write((m) => plans.updatePlan(m, planId, { lookedAt: at }));
  }

  async recordOrders(told: BrokerOrder[], tellAt: Date): Promise<string[]> {
    if (told.length === 0) return [];
    return this.database.write((m) => lifecycle.recordOrders(m, told, tellAt));
  }

  async takeErrands(now: Date, until: Date, limit: number): Promise<Errand[]> {
    const due = await this.database.read((m) => errands.errandsDue(m, now, limit));
    return due.length === 0 ? [] : this.database.write((m) => errands.takeErrands(m, due, until));
  }

  owedResults(): Promise<string[]> {
    return this.database.read((m) => errands.owedResults(m));
  }

  wakeButtons(now: Date): Promise<void> {
    return this.database.write((m) => errands.wakeButtons(m, now));
  }

  oweErrand(planId: string, kind: ErrandKind, wakeAt: Date): Promise<void> {
    return this.database.write((m) => errands.oweErrand(m, planId, kind, wakeAt));
  }

  async putOffErrands(planIds: readonly string[], kind: ErrandKind, wakeAt: Date): Promise<void> {
    if (planIds.length === 0) return;
    await this.database.write((m) => errands.putOffErrands(m, planIds, kind, wakeAt));
  }

  endErrand(planId: string, kind: ErrandKind): Promise<void> {
    return this.database.write((m) => errands.endErrand(m, planId, kind));
  }

  tellings(planId: string): Promise<Telling[]> {
    return this.database.read((m) => errands.tellings(m, planId));
  }

  putTelling(planId: string, telling: Telling, at: Date): Promise<void> {
    return this.database.write((m) => errands.putTelling(m, planId, telling, at));
  }

  moveTelling(planId: string, from: string, to: string): Promise<void> {
    return this.database.write((m) => errands.moveTelling(m, planId, from, to));
  }

  dropTelling(planId: string, ref: string): Promise<void> {
    return this.database.write((m) => errands.dropTelling(m, planId, ref));
  }
}
