import type { Plans } from '../../ports/plans.js';
import type { Database } from '../database.js';
import * as lifecycle from '../lifecycle.js';
import { toPlan } from '../mappers.js';
import * as rows from './plan-rows.js';

export function plans(database: Database): Plans {
  return {
    createPlan: (plan) => database.write((m) => rows.insertPlan(m, plan)),
    supersedePlan: (oldId, plan) => database.write((m) => rows.supersedePlan(m, oldId, plan)),
    async plan(id) {
      const row = await database.read((m) => rows.findPlan(m, id), { first: true });
      return row && toPlan(row);
    },
    setPlanMessages: (id, messageIds) => database.write((m) => rows.updatePlan(m, id, { messageIds })),
    endPlan: (id, status, now) => database.write((m) => rows.endPlan(m, id, status, now)),
    plansUnderWay: async (since) => (await database.read((m) => rows.plansUnderWay(m, since))).map(toPlan),
    markReported: (planId, at) => database.write((m) => lifecycle.markReported(m, planId, at)),
    markLooked: (planId, at) => database.write((m) => rows.updatePlan(m, planId, { lookedAt: at })),
  };
}
