import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type PaperBroker, startPaperBroker } from '@profit-target/paper-broker';
import { PaperAdmin } from '@profit-target/paper-broker/client';
import pino from 'pino';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { composeServices } from '../../src/app/compose.js';
import { readSettings } from '../../src/settings/schema.js';

const surface = {
  gateway: () => ({ state: 'none' }),
} as unknown as Parameters<typeof composeServices>[2];

let paper: PaperBroker;
let folder: string;
beforeAll(async () => {
  paper = await startPaperBroker({ rateCeilings: false });
  folder = mkdtempSync(join(tmpdir(), 'compose-'));
});
afterAll(async () => {
  await paper.close();
  rmSync(folder, { recursive: true, force: true });
});

test('closed before the broker has told the account, nothing begins to listen or read any more', async () => {
  const settings = readSettings({
    DISCORD_TOKEN: 'unused',
    BROKER: 'paper',
    TASTYTRADE_API_URL: paper.url,
    TASTYTRADE_STREAMER_URL: paper.streamerUrl,
    TASTYTRADE_CLIENT_SECRET: paper.clientSecret,
    TASTYTRADE_REFRESH_TOKEN: paper.refreshToken,
    DATABASE_URL: `sqlite:${join(folder, 'bot.sqlite')}`,
  });
  const services = await composeServices(settings, pino({ level: 'silent' }), surface);
  const watching = services.watchAccounts(() => {});
  await services.close();
  await watching;
  await services.desks.idle();
  const admin = new PaperAdmin(paper.adminUrl);
  expect(Object.keys(await admin.counts()).filter((path) => path.includes('/positions'))).toEqual([]);
  expect((await admin.streamClients()).clients).toEqual([]);
});
