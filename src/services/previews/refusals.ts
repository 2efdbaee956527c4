import { UserError } from '../../domain/errors.js';
import type { Plan, PlanStatus } from '../../ports/store.js';

/** Why a press on a preview does nothing; one place, so that no surface claims what isn't so. */

export function notYours(plan: Plan): UserError {
  return new UserError('NOT_YOUR_PREVIEW', { ownerId: plan.userId }, 'nothing-more');
}

export function missing(): UserError {
  return new UserError('PLAN_MISSING', {});
}

/** A plan that is not open any more. Whether an earlier press sent something depends on how it ended. */
export function notOpen(status: PlanStatus): UserError {
  switch (status) {
    case 'claimed':
    case 'done':
      return new UserError('ALREADY_SUBMITTED', {}, 'nothing-more');
    case 'superseded':
      return new UserError('PLAN_SUPERSEDED', {});
    case 'cancelled':
      return new UserError('PLAN_CANCELLED', {});
    case 'expired':
      return new UserError('PLAN_EXPIRED', {});
    default:
      return new UserError('PLAN_STALE', {});
  }
}
