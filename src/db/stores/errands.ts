import type { ErrandStore } from '../../ports/errands.js';
import type { Database } from '../database.js';
import * as rows from './errand-rows.js';
import { endUnsaid } from './outbox.js';

export function errandStore(database: Database): ErrandStore {
  const lease = (now: Date) => rows.leaseFrom(now, database.presence.self);
  return {
    async takeErrands(now, limit) {
      const due = await database.read((m) => rows.errandsDue(m, now, limit));
      return due.length === 0 ? [] : database.write((m) => rows.takeErrands(m, due, lease(now)));
    },
    holdResults: async (planIds, now) =>
      planIds.length === 0 ? [] : database.write((m) => rows.holdResults(m, planIds, lease(now))),
    async renewResults(planIds, now) {
      if (planIds.length === 0) return;
      await database.write((m) => rows.renewResults(m, planIds, lease(now)));
    },
    owedResults: () => database.read((m) => rows.owedResults(m)),
    beginTelling: (planId, now) => database.write((m) => rows.beginTelling(m, planId, lease(now))),
    wakeButtons: (now) => database.write((m) => rows.wakeButtons(m, now)),
    oweErrand: (planId, kind, wakeAt) => database.write((m) => rows.oweErrand(m, planId, kind, wakeAt)),
    async putOffErrands(planIds, kind, wakeAt) {
      if (planIds.length === 0) return;
      await database.write((m) => rows.putOffErrands(m, planIds, kind, wakeAt));
    },
    endErrand: (planId, kind) =>
      database.write(async (m) => {
        await rows.endErrand(m, planId, kind);
        if (kind === 'result') await endUnsaid(m, { kind, topic: planId });
      }),
  };
}
