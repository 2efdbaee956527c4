import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
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
