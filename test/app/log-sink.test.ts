import fc from 'fast-check';
import { expect, it, vi } from 'vitest';
import { LogSink } from '../../src/app/log-sink.js';

/** A destination that does with each write what the script says next, and takes everything after it. */
function sinkOver(script: ('all' | 'full' | 'EAGAIN' | 'EPIPE' | 'ENOSPC' | number)[]) {
  let text = '';
  const write = (bytes: Uint8Array): number => {
    const step = script.shift() ?? 'all';
    if (typeof step === 'string' && step.startsWith('E'))
      throw Object.assign(new Error(step), { code: step });
    const count = step === 'all' ? bytes.length : step === 'full' ? 0 : Math.min(Number(step), bytes.length);
    text += Buffer.from(bytes.subarray(0, count)).toString('latin1');
    return count;
  };
  const sink = new LogSink({ write, missing: (count) => `missing ${count}\n` });
  return { sink, text: () => text };
}

it('drops and counts what a full disk takes not, and says the count once it takes lines again', () => {
  const { sink, text } = sinkOver(['all', 'ENOSPC', 'ENOSPC', 'ENOSPC']);
  for (const line of ['a\n', 'b\n', 'c\n', 'd\n', 'e\n', 'f\n']) sink.write(line);
  expect(text()).toBe('a\nmissing 3\ne\nf\n');
});

it('finishes a line that a slow reader took half of before the next one, by itself too', async () => {
  vi.useFakeTimers();
  try {
    const { sink, text } = sinkOver([3, 'EAGAIN', 'EAGAIN', 'EAGAIN']);
    sink.write('abcdef\n');
    expect(text()).toBe('abc');
    sink.write('next\n');
    await vi.advanceTimersByTimeAsync(1_000);
    expect(text()).toBe('abcdef\nnext\n');
  } finally {
    vi.useRealTimers();
  }
});

it('never throws, never mixes lines, and every line is there or counted', () => {
  const step = fc.oneof(
    fc.constantFrom('all' as const, 'full' as const, 'EAGAIN' as const, 'EPIPE' as const, 'ENOSPC' as const),
    fc.integer({ min: 1, max: 12 }),
  );
  fc.assert(
    fc.property(
      fc.array(step, { maxLength: 60 }),
      fc.array(fc.integer({ min: 1, max: 60_000 }), { maxLength: 30 }),
      (script, lengths) => {
        const { sink, text } = sinkOver(script);
        lengths.forEach((length, index) => {
          sink.write(`${index}:${'x'.repeat(length)}\n`);
        });
        script.length = 0;
        sink.write('end\n');
        const lines = text().split('\n').slice(0, -1);
        const written = lines.filter((line) => /^\d+:x+$/.test(line));
        const missing = lines.flatMap((line) => /^missing (\d+)$/.exec(line)?.[1] ?? []).map(Number);
        const ends = lines.filter((line) => line === 'end');
        expect(written.length + missing.length + ends.length).toBe(lines.length);
        expect(ends.length).toBe(1);
        for (const line of written) {
          const [index = '', rest = ''] = line.split(':');
          expect(rest.length).toBe(lengths[Number(index)]);
        }
        expect(written.length + missing.reduce((a, b) => a + b, 0)).toBe(lengths.length);
      },
    ),
  );
});
