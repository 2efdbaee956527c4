import { expect, it } from 'vitest';
import { atMost } from '../../src/cli/at-most.js';

it('waits for what comes in time, and tells what it throws', async () => {
  await atMost(60_000, Promise.resolve());
  await expect(atMost(60_000, Promise.reject(new Error('no')))).rejects.toThrow('no');
});

it('waits no longer for what doesn’t come', async () => {
  await atMost(1, new Promise(() => {}));
});
