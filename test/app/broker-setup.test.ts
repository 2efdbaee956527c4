import { existsSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import pino from 'pino';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { setUpBroker } from '../../src/app/broker-setup.js';
import { systemClock } from '../../src/scheduler/system-clock.js';
import { readSettings } from '../../src/settings/schema.js';
import { saying } from '../support/saying.js';

const quiet = pino({ level: 'silent' });

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const inUse = saying({
  code: 'PAPER_STATE_IN_USE',
  what: expect.stringContaining('Nothing was started'),
  hint: expect.stringContaining('TASTYTRADE_API_URL'),
});

describe('setUpBroker with a paper broker beside it', () => {
  const settings = () =>
    readSettings({ PAPER_STATE_FILE: join(folder, 'paper.json') }, { withDiscord: false });

  it('holds its state file until it is closed', async () => {
    const first = await setUpBroker(settings(), systemClock, quiet);
    await expect(setUpBroker(settings(), systemClock, quiet)).rejects.toEqual(inUse);
    await first.close();
    const second = await setUpBroker(settings(), systemClock, quiet);
    expect(await second.broker.accounts()).toHaveLength(1);
    await second.close();
  });

  it('lets go of the file when the paper broker can’t start', async () => {
    const { PAPER_STATE_FILE: file } = settings();
    const { rm, writeFile } = await import('node:fs/promises');
    await writeFile(file, '{"version":99}');
    await expect(setUpBroker(settings(), systemClock, quiet)).rejects.toThrow('version');
    await rm(file);
    await (await setUpBroker(settings(), systemClock, quiet)).close();
  });

  it('in memory touches no file', async () => {
    const look = await setUpBroker(settings(), systemClock, quiet, { paperState: 'memory' });
    expect((await look.broker.accounts()).length).toBeGreaterThan(0);
    await look.close();
    expect(existsSync(settings().PAPER_STATE_FILE)).toBe(false);
  });

  it('in memory stands beside one that holds the file', async () => {
    const holder = await setUpBroker(settings(), systemClock, quiet);
    const look = await setUpBroker(settings(), systemClock, quiet, { paperState: 'memory' });
    expect((await look.broker.accounts()).length).toBeGreaterThan(0);
    await look.close();
    await holder.close();
  });

  it('READ_ONLY: submit is refused at the broker’s boundary, everything else goes through', async () => {
    const readOnly = { ...settings(), READ_ONLY: true };
    const setup = await setUpBroker(readOnly, systemClock, quiet, { paperState: 'memory' });
    const [account] = await setup.broker.accounts();
    const order = { underlying: 'QQQ', legs: [], price: undefined as never, effect: 'debit' as const };
    await expect(
      setup.broker.submit(account?.number ?? '', order, 'x', { passed: () => false }),
    ).rejects.toMatchObject({
      name: 'BrokerRefusal',
      code: 'read_only',
    });
    expect((await setup.broker.holdings(account?.number ?? '')).held.length).toBeGreaterThan(0);
    await setup.close();
  });
});
