import type { Errand, ErrandKind } from '../ports/errands.js';
import type * as Port from '../ports/store.js';
import type { Database } from './database.js';
import * as lifecycle from './lifecycle.js';
import { toPlan } from './mappers.js';
import * as errands from './stores/errands.js';
import * as outbox from './stores/outbox.js';
import * as plans from './stores/plans.js';

/** The port over a database: each writing method is one transaction, each reading one a single look. */
export class DatabaseStore {
  constructor(private readonly database: Database) {}

  createPlan(plan: Port.NewPlan): Promise<void> {
    return this.database.write((m) => plans.insertPlan(m, plan));
  }

  supersedePlan(oldId: string, plan: Port.NewPlan): Promise<boolean> {
    return this.database.write((m) => plans.supersedePlan(m, oldId, plan));
  }

  async plan(id: string): Promise<Port.Plan | null> {
    const row = await this.database.read((m) => plans.findPlan(m, id), { first: true });
    return row && toPlan(row);
  }

  setPlanMessages(id: string, messageIds: string[]): Promise<void> {
    return this.database.write((m) => plans.updatePlan(m, id, { messageIds }));
  }

  endPlan(id: string, status: 'cancelled' | 'expired' | 'stale'): Promise<boolean> {
    return this.database.write((m) => plans.movePlan(m, id, 'open', status));
  }

  async unreportedPlans(): Promise<Port.Plan[]> {
    return (await this.database.read((m) => plans.unreportedPlans(m))).map(toPlan);
  }

  async plansUnderWay(since: Date): Promise<Port.Plan[]> {
    return (await this.database.read((m) => plans.plansUnderWay(m, since))).map(toPlan);
  }

  markReported(planId: string, at: Date): Promise<void> {
    return this.database.write((m) => lifecycle.markReported(m, planId, at));
  }

  markLooked(planId: string, at: Date): Promise<void> {
    return this.database.write((m) => plans.updatePlan(m, planId, { lookedAt: at }));
  }

  async takeErrands(now: Date, limit: number): Promise<Errand[]> {
    const due = await this.database.read((m) => errands.errandsDue(m, now, limit));
    return due.length === 0 ? [] : this.database.write((m) => errands.takeErrands(m, due, this.#lease(now)));
  }

  async holdResults(planIds: readonly string[], now: Date): Promise<string[]> {
    if (planIds.length === 0) return [];
    return this.database.write((m) => errands.holdResults(m, planIds, this.#lease(now)));
  }

  async renewResults(planIds: readonly string[], now: Date): Promise<void> {
    if (planIds.length === 0) return;
    await this.database.write((m) => errands.renewResults(m, planIds, this.#lease(now)));
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
    return this.database.write(async (m) => {
      await errands.endErrand(m, planId, kind);
      if (kind === 'result') await outbox.endUnsaid(m, { kind, topic: planId });
    });
  }

  #lease(now: Date): errands.ErrandLease {
    return errands.leaseFrom(now, this.database.presence.self);
  }
}
