import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { PaperBroker } from '../src/server.js';
import { startPaperBroker } from '../src/server.js';
import {
  gtc,
  MONDAY,
  putSpread,
  QQQ_TRIDENT,
  type Rig,
  rigOf,
  startRig,
  until,
  untilStatus,
} from './harness.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paper-broker-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const SECRETS = { clientSecret: 'test-secret', refreshToken: 'test-refresh' };

describe('determinism', () => {
  const look = async (options: object) => {
    const rig = await startRig({ startAt: MONDAY, ...options });
    const { underlyings, positions } = await rig.admin.snapshot();
    await rig.admin.clock({ at: '2026-11-25T18:00:00Z' });
    const later = await rig.admin.snapshot();
    return {
      underlyings,
      positions,
      later: later.underlyings,
      marks: later.positions.map((each) => each['mark-price']),
    };
  };

  it('same seed and start, same prices and same book, now and later', async () => {
    expect(await look({ seed: 42 })).toEqual(await look({ seed: 42 }));
  });

  it('another seed, other prices', async () => {
    const [one, other] = [await look({ seed: 42 }), await look({ seed: 43 })];
    expect(one.later).not.toEqual(other.later);
  });
});

describe('a restart', () => {
  it('finds orders, fills, positions, cash, tokens, prices and the clock as they were', async () => {
    const stateFile = join(folder, 'restart.json');
    const options = { startAt: MONDAY, speed: 0, stateFile, rateCeilings: false as const, ...SECRETS };
    const first = await startPaperBroker(options);
    const rig = await rigOf(first);
    const legs = await putSpread(rig, 'QQQ', QQQ_TRIDENT);
    const { id } = (await rig.onAccount('POST', '/orders', gtc('0.50', 'Debit', legs))).body.data.order;
    await untilStatus(rig, id, 'Live');
    const filled = (await rig.onAccount('POST', '/orders', gtc('1.00', 'Debit', legs))).body.data.order;
    await rig.admin.fill(filled.id);
    await rig.admin.clock({ advanceMs: 5_000 });
    await rig.admin.underlying('QQQ', { nudge: 0.01 });
    await rig.admin.session({ forced: 'closed' });
    const read = async (each: Rig) => ({
      orders: await each.admin.orders(),
      received: await each.admin.received(),
      snapshot: await each.admin.snapshot(),
      cash: (await each.onAccount('GET', '/balances/USD')).body.data['cash-balance'],
      transactions: (await each.onAccount('GET', '/transactions?per-page=100')).body.data.items,
    });
    const before = await read(rig);
    await first.close();

    const again = await startRig(options);
    expect(await read(again)).toEqual(before);
    // The access token from before still works against the new process.
    const old = await again.request('GET', '/customers/me/accounts', undefined, {
      authorization: `Bearer ${rig.token}`,
    });
    expect(old.status).toBe(200);
  });

  it('does not bring an ended token back to life', async () => {
    const options = { startAt: MONDAY, speed: 0, stateFile: join(folder, 'token.json'), ...SECRETS };
    const first = await startPaperBroker(options);
    const rig = await rigOf(first);
    await rig.admin.clock({ advanceMs: 901_000 });
    await first.close();
    const again = await startRig(options);
    const old = await again.request('GET', '/customers/me/accounts', undefined, {
      authorization: `Bearer ${rig.token}`,
    });
    expect(old.status).toBe(401);
  });

  it('lets the market clock run on while nobody is there', async () => {
    const stateFile = join(folder, 'clock.json');
    const options = { startAt: MONDAY, speed: 60, stateFile };
    const first = await startPaperBroker(options);
    await first.close();
    const saved = JSON.parse(await readFile(stateFile, 'utf8'));
    saved.clock.realAt -= 10_000;
    await writeFile(stateFile, JSON.stringify(saved));
    const rig = await startRig(options);
    const now = Date.parse((await rig.admin.snapshot()).clock.now);
    expect(now - saved.clock.marketAt).toBeGreaterThanOrEqual(600_000);
  });

  it('refuses a damaged state file rather than forgetting the account', async () => {
    const stateFile = join(folder, 'damaged.json');
    await writeFile(stateFile, '{"version":1,');
    await expect(startPaperBroker({ stateFile })).rejects.toThrow();
    await writeFile(stateFile, '{"version":9}');
    await expect(startPaperBroker({ stateFile })).rejects.toThrow('version 9');
  });

  it('keeps no secret and no token in the file', async () => {
    const stateFile = join(folder, 'secrets.json');
    const rig = await startRig({ stateFile, ...SECRETS });
    await rig.broker.close();
    const content = await readFile(stateFile, 'utf8');
    for (const secret of [...Object.values(SECRETS), rig.token]) expect(content).not.toContain(secret);
  });
});

describe('kill -9', () => {
  let script: string;
  let child: ChildProcess | undefined;

  beforeAll(async () => {
    script = join(folder, 'broker.cjs');
    await build({
      stdin: {
        contents: `
          import { startPaperBroker } from './server.ts';
          startPaperBroker(JSON.parse(process.argv[2])).then((broker) => process.send({ ...broker, close: undefined }));
        `,
        resolveDir: fileURLToPath(new URL('../src/', import.meta.url)),
      },
      bundle: true,
      platform: 'node',
      format: 'cjs',
      outfile: script,
      logLevel: 'error',
    });
  });
  afterEach(() => {
    child?.kill('SIGKILL');
  });

  async function startChild(options: object): Promise<Rig> {
    child = spawn(process.execPath, [script, JSON.stringify(options)], {
      stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    });
    const started = child;
    const broker = await new Promise<PaperBroker>((resolve, reject) => {
      started.once('message', (message) => resolve(message as PaperBroker));
      started.once('exit', (code) => reject(new Error(`The broker ended with ${code}`)));
    });
    return rigOf(broker);
  }

  async function kill(): Promise<void> {
    const dying = child;
    await new Promise((resolve) => {
      dying?.once('exit', resolve);
      dying?.kill('SIGKILL');
    });
  }

  it('right after an answer loses no order that was answered', async () => {
    const stateFile = join(folder, 'killed.json');
    const options = { startAt: MONDAY, stateFile, rateCeilings: false, ...SECRETS };
    const rig = await startChild(options);
    const legs = await putSpread(rig, 'IWM', '261231');
    const ids: number[] = [];
    for (const price of ['0.10', '0.11']) {
      ids.push((await rig.onAccount('POST', '/orders', gtc(price, 'Debit', legs))).body.data.order.id);
    }
    await kill();
    const again = await startChild(options);
    expect((await again.admin.orders()).map((order) => order.id)).toEqual(expect.arrayContaining(ids));
    expect((await again.admin.received()).map((each) => each.orderId)).toEqual(ids);
    // And they go on their way.
    for (const id of ids) await untilStatus(again, id, 'Live');
  });

  it('right after a fill was read takes nothing of it back', async () => {
    const stateFile = join(folder, 'filled.json');
    const options = { startAt: MONDAY, stateFile, rateCeilings: false, ...SECRETS };
    const rig = await startChild(options);
    const body = gtc('0.10', 'Debit', await putSpread(rig, 'IWM', '261231'));
    const { id } = (await rig.onAccount('POST', '/orders', body)).body.data.order;
    await untilStatus(rig, id, 'Live');
    await until(
      () => readFile(stateFile, 'utf8'),
      (text) => JSON.parse(text).orders.at(-1).status === 'Live',
    );
    await rig.admin.fill(id);
    const told = await untilStatus(rig, id, 'Filled');
    await kill();
    const again = await startChild(options);
    const { data } = (await again.onAccount('GET', `/orders/${id}`)).body;
    expect(data).toMatchObject({ status: 'Filled', 'terminal-at': told['terminal-at'] });
    expect(data.legs[0].fills).toEqual(told.legs[0].fills);
  });

  it('right after an unanswered acceptance keeps the order on file', async () => {
    const stateFile = join(folder, 'unanswered.json');
    const options = { startAt: MONDAY, stateFile, rateCeilings: false, ...SECRETS };
    const rig = await startChild(options);
    await rig.admin.fault({ kind: 'hang-after-commit', method: 'POST', path: '/orders$' });
    const body = gtc('0.10', 'Debit', await putSpread(rig, 'IWM', '261231'), {
      'external-identifier': 'lost-answer',
    });
    const answer = rig.onAccount('POST', '/orders', body).catch(() => 'no answer');
    await until(
      () => readFile(stateFile, 'utf8').catch(() => ''),
      (text) => text.includes('lost-answer'),
    );
    await until(
      () => rig.admin.received(),
      (list) => list[0]?.answer === 'withheld',
    );
    await kill();
    expect(await answer).toBe('no answer');
    const again = await startChild(options);
    const { items } = (await again.onAccount('GET', '/orders?per-page=50')).body.data;
    expect(
      items.filter((each: Record<string, unknown>) => each['external-identifier'] === 'lost-answer'),
    ).toHaveLength(1);
  });
});
