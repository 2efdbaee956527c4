import pino from 'pino';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { ProgressLine } from '../../src/commands/progress-line.js';

const deps = { clock: { now: () => new Date() }, log: pino({ level: 'silent' }) };

let begun: string[];
let finish: (() => void)[];
let fail: ((error: Error) => void)[];
let line: ProgressLine;
beforeEach(() => {
  vi.useFakeTimers();
  begun = [];
  finish = [];
  fail = [];
  line = new ProgressLine(
    (content, signal) =>
      new Promise((resolve, reject) => {
        begun.push(content);
        finish.push(resolve);
        fail.push(reject);
        signal.addEventListener('abort', () => reject(signal.reason));
      }),
    deps as unknown as ConstructorParameters<typeof ProgressLine>[1],
  );
});
afterEach(() => vi.useRealTimers());

it('shows only the newest of what came while an edit was under way', async () => {
  for (const text of ['0', '1', '2']) line.show(text);
  finish[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  expect(begun).toEqual(['0', '2']);
  finish[1]?.();
  await line.settled();
  expect(line.standing).toBe('current');
});

it('gives up an edit that hangs once there is something newer, and lets it stand nowhere in the end', async () => {
  line.show('none placed yet');
  await vi.advanceTimersByTimeAsync(10_000);
  expect(begun).toEqual(['none placed yet']);
  line.show('order 1001');
  await vi.advanceTimersByTimeAsync(1_600);
  expect(begun).toEqual(['none placed yet', 'order 1001']);
  finish[1]?.();
  await line.settled();
  expect(line.standing).toBe('doubtful');
  // The edit that was given up may take effect after the newer one; but by then something else may be true.
  await vi.advanceTimersByTimeAsync(20_000);
  expect(begun).toEqual(['none placed yet', 'order 1001']);
});

it('lets an edit that has only begun have its time', async () => {
  line.show('a');
  line.show('b');
  await vi.advanceTimersByTimeAsync(1_000);
  expect(begun).toEqual(['a']);
  finish[0]?.();
  await vi.advanceTimersByTimeAsync(0);
  finish[1]?.();
  await line.settled();
  await vi.advanceTimersByTimeAsync(20_000);
  expect(begun).toEqual(['a', 'b']);
});

it('knows that the newest text is not shown, whatever was shown before', async () => {
  expect(line.standing).toBe('behind');
  line.show('none placed yet');
  finish[0]?.();
  await line.settled();
  expect(line.standing).toBe('current');
  line.show('order 1001');
  fail[1]?.(new Error('502'));
  await line.settled();
  expect(line.standing).toBe('behind');
});

it('is in doubt after an edit that was given up, whatever became of the newest', async () => {
  line.show('none placed yet');
  line.show('order 1001');
  await vi.advanceTimersByTimeAsync(1_600);
  fail[1]?.(new Error('502'));
  await line.settled();
  expect(line.standing).toBe('doubtful');
});
