import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type BotStore, openStore } from '../../../src/db/index.js';
import { assertDatabaseOwner, claimDatabase } from '../../../src/services/status/database-owner.js';

let store: BotStore;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
});
afterEach(() => store.close());

it('a new database belongs to whoever starts on it first, and to nobody else ever after', async () => {
  await claimDatabase(store.state, 'SANDBOX');
  await claimDatabase(store.state, 'SANDBOX');
  for (const other of ['PAPER', 'PRODUCTION']) {
    await expect(claimDatabase(store.state, other)).rejects.toMatchObject({
      code: 'DATABASE_OF_ANOTHER_ENVIRONMENT',
      facts: { owner: 'SANDBOX', environment: other },
      sent: 'nothing',
    });
  }
  expect(await assertDatabaseOwner(store.state, 'SANDBOX')).toBe('SANDBOX');
});

it('a look claims nothing', async () => {
  expect(await assertDatabaseOwner(store.state, 'PAPER')).toBeNull();
  expect(await assertDatabaseOwner(store.state, 'SANDBOX')).toBeNull();
});
