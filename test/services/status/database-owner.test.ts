import pino from 'pino';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openStore, type SqlStore } from '../../../src/db/index.js';
import { assertDatabaseOwner, claimDatabase } from '../../../src/services/status/database-owner.js';

let store: SqlStore;
beforeEach(async () => {
  store = await openStore('sqlite::memory:', { logger: pino({ level: 'silent' }) });
});
afterEach(() => store.close());

it('a new database belongs to whoever starts on it first, and to nobody else ever after', async () => {
  await claimDatabase(store, 'SANDBOX');
  await claimDatabase(store, 'SANDBOX');
  for (const other of ['PAPER', 'PRODUCTION']) {
    await expect(claimDatabase(store, other)).rejects.toMatchObject({
      code: 'DATABASE_OF_ANOTHER_ENVIRONMENT',
      message: expect.stringMatching(new RegExp(`belongs to SANDBOX.*${other}.*Nothing was started`)),
      hint: expect.stringContaining(`${other.toLowerCase()}.sqlite`),
    });
  }
  expect(await assertDatabaseOwner(store, 'SANDBOX')).toBe('SANDBOX');
});

it('a look claims nothing', async () => {
  expect(await assertDatabaseOwner(store, 'PAPER')).toBeNull();
  expect(await assertDatabaseOwner(store, 'SANDBOX')).toBeNull();
});
