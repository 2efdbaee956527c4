import { PassThrough } from 'node:stream';
import { expect, it } from 'vitest';
import { confirmed } from '../../src/cli/confirm.js';

function answer(text: string | null): Promise<boolean> {
  const input = new PassThrough();
  const asked = confirmed('Submit?', input, new PassThrough());
  if (text === null) input.end();
  else input.write(`${text}\n`);
  return asked;
}

it.each(['y', 'Y', 'yes', ' YES '])('%j is a yes', async (text) => {
  expect(await answer(text)).toBe(true);
});

it.each(['', 'n', 'no', 'yep', 'y y', 'ja'])('%j is a no', async (text) => {
  expect(await answer(text)).toBe(false);
});

it('the end of the input is a no', async () => {
  expect(await answer(null)).toBe(false);
});

it('asks with the question', async () => {
  const output = new PassThrough();
  const input = new PassThrough();
  const asked = confirmed('Submit 3 GTC order(s) at PAPER?', input, output);
  input.end('n\n');
  await asked;
  expect(String(output.read())).toContain('Submit 3 GTC order(s) at PAPER? [y/N]');
});
