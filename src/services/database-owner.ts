import { UserError } from './errors.js';
import type { Store } from './ports/store.js';

const KEY = 'environment';

/**
 * A database belongs to one environment for good: position ids and orders of paper, sandbox and production
 * must never meet.
 * @throws UserError `DATABASE_OF_ANOTHER_ENVIRONMENT`
 */
export async function claimDatabase(store: Store, environment: string): Promise<void> {
  const owner = await store.setting(KEY);
  if (owner === null) return store.putSetting(KEY, environment);
  if (owner === environment) return;
  throw new UserError(
    'DATABASE_OF_ANOTHER_ENVIRONMENT',
    `This database belongs to ${owner}, and the settings say ${environment}. Nothing was started.`,
    `Give ${environment} a database of its own, such as DATABASE_URL=sqlite:./data/${environment.toLowerCase()}.sqlite`,
  );
}
