import { UserError } from '../../domain/errors.js';
import type { BotState } from '../../ports/bot-state.js';

/**
 * A database belongs to one environment for good: position ids and orders of paper, sandbox and production
 * must never meet. A new one is claimed.
 * @throws UserError `DATABASE_OF_ANOTHER_ENVIRONMENT`
 */
export async function claimDatabase(state: BotState, environment: string): Promise<void> {
  if ((await assertDatabaseOwner(state, environment)) === null)
    await state.remember('environment', environment);
}

/**
 * Whose database it is, without claiming it; null if it is new.
 * @throws UserError `DATABASE_OF_ANOTHER_ENVIRONMENT`
 */
export async function assertDatabaseOwner(state: BotState, environment: string): Promise<string | null> {
  const owner = await state.recall('environment');
  if (owner === null || owner === environment) return owner;
  throw new UserError('DATABASE_OF_ANOTHER_ENVIRONMENT', { owner, environment });
}
