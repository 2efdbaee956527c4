import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parse } from 'dotenv';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { encodingOf } from '../../src/settings/env-encoding.js';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'env-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

const SETTINGS = 'BROKER=tastytrade\r\nTASTYTRADE_ENV=production\r\n';

it.each([
  ['UTF-8', Buffer.from(SETTINGS)],
  ['UTF-8 with a byte order mark', Buffer.from(`\ufeff${SETTINGS}`)],
  ['UTF-16, as Windows PowerShell writes it', Buffer.from(`\ufeff${SETTINGS}`, 'utf16le')],
  ['UTF-16 without its mark', Buffer.from(SETTINGS, 'utf16le')],
])('settings in %s are read', (_name, bytes) => {
  const path = join(folder, '.env');
  writeFileSync(path, bytes);
  const read = parse(readFileSync(path, encodingOf(path)));
  expect(read).toEqual({ BROKER: 'tastytrade', TASTYTRADE_ENV: 'production' });
});

it('no file, and an empty one, say nothing', () => {
  expect(encodingOf(join(folder, 'none'))).toBe('utf8');
  writeFileSync(join(folder, 'empty'), '');
  expect(encodingOf(join(folder, 'empty'))).toBe('utf8');
});
