import { UserError } from '../../domain/errors.js';
import type { Plan, PlanStatus } from '../../ports/store.js';

/** Why a press on a preview does nothing, in words; one place, so that no surface claims what isn't so. */

export function notYours(plan: Plan): UserError {
  return new UserError(
    'NOT_YOUR_PREVIEW',
    `This preview belongs to <@${plan.userId}>; only they can use its buttons. This press sent nothing.`,
    'Use `/targets` to make one of your own.',
  );
}

export function missing(): UserError {
  return gone('PLAN_MISSING', 'I no longer know this preview');
}

/** A plan that is not open any more. Whether an earlier press sent something depends on how it ended. */
export function notOpen(status: PlanStatus): UserError {
  switch (status) {
    case 'claimed':
    case 'done':
      return new UserError(
        'ALREADY_SUBMITTED',
        'This preview was already submitted. This press sent nothing more.',
        'Its result comes as a message in the channel; `/orders` shows what works.',
      );
    case 'superseded':
      return gone('PLAN_SUPERSEDED', 'This preview was replaced by a newer one');
    case 'cancelled':
      return gone('PLAN_CANCELLED', 'This preview was cancelled');
    case 'expired':
      return gone('PLAN_EXPIRED', 'This preview has expired');
    default:
      // A change, an account that couldn't be read, or a bot that ended in between: the first press was told which.
      return gone('PLAN_STALE', 'An earlier press on this preview was given up before anything left');
  }
}

export function gone(code: string, what: string): UserError {
  return new UserError(code, `${what}, so nothing was sent.`, 'Make a fresh preview.');
}
