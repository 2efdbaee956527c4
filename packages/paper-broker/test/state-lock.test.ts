import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { lockState } from '../src/state-lock.js';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'lock-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

describe('lockState', () => {
  it('refuses a second holder, until the first lets go', async () => {
    const file = join(folder, 'new', 'paper.json');
    const unlock = await lockState(file);
    await expect(lockState(file)).rejects.toMatchObject({ code: 'STATE_IN_USE' });
    await unlock();
    await (await lockState(file))();
  });

  it('locks each state file for itself', async () => {
    const [one, two] = await Promise.all(['a', 'b'].map((name) => lockState(join(folder, name))));
    await one?.();
    await two?.();
  });
});

describe('the process', () => {
  const COLLECT =
    "import { setFlagsFromString } from 'node:v8'; import { runInNewContext } from 'node:vm';\
    setFlagsFromString('--expose-gc'); setInterval(runInNewContext('gc'), 20).unref();";
  let broker: ChildProcess;
  afterEach(() => broker.kill('SIGKILL'));

  it('holds its state file through every garbage collection, until it ends', async () => {
    const stateFile = join(folder, 'paper.json');
    broker = fork(
      fileURLToPath(new URL('../dist/process.js', import.meta.url)),
      [JSON.stringify({ scenario: 'empty', stateFile })],
      { execArgv: ['--import', `data:text/javascript,${encodeURIComponent(COLLECT)}`] },
    );
    expect((await once(broker, 'message'))[0]).toHaveProperty('started');
    await expect(lockState(stateFile)).rejects.toMatchObject({ code: 'STATE_IN_USE' });
    broker.disconnect();
    await once(broker, 'exit');
    await (await lockState(stateFile))();
  });
});
