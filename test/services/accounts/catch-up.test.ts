import { setImmediate as turn } from 'node:timers/promises';
import { expect, it } from 'vitest';
import type { WatchListener } from '../../../src/services/accounts/account-watch.js';
import { CatchUp } from '../../../src/services/accounts/catch-up.js';

it('reads at the start, each time the stream begins anew, now and then, and no more once stopped', async () => {
  let reads = 0;
  let stream: WatchListener | undefined;
  let wake = () => {};
  const slept: number[] = [];
  const clock = {
    now: () => new Date(0),
    steady: () => 0,
    sleep: (ms: number, signal?: AbortSignal) => {
      slept.push(ms);
      return new Promise<void>((resolve, reject) => {
        wake = resolve;
        signal?.addEventListener('abort', () => reject(signal.reason));
      });
    },
  };
  const listen = (listener: WatchListener) => {
    stream = listener;
  };
  const read = () => {
    reads += 1;
  };
  const catchUp = new CatchUp({ listen }, read, clock);
  catchUp.start();
  expect(reads).toBe(1);
  stream?.onLive?.();
  stream?.onChange();
  expect(reads).toBe(2);
  for (const after of [3, 4]) {
    wake();
    await turn();
    expect(reads).toBe(after);
  }
  catchUp.stop();
  wake();
  await turn();
  expect(reads).toBe(4);
  expect(slept).toEqual([900_000, 900_000, 900_000]);
});
