import { readFileSync } from 'node:fs';
import { parse } from 'dotenv';
import { describe, expect, it } from 'vitest';
import { readSettings } from '../../src/settings/schema.js';
import { TOKEN } from './support.js';

const EXAMPLE = readFileSync('.env.example', 'utf8');
const LINES = EXAMPLE.split('\n');
const SETTINGS = Object.keys(readSettings({ DISCORD_TOKEN: TOKEN }));

/** `NAME=value` and `# NAME=value`, in the order they stand. */
const shown = LINES.flatMap((line) => {
  const match = /^(# )?([A-Z][A-Z_]+)=(.*)$/.exec(line);
  return match ? [{ off: match[1] !== undefined, name: match[2] ?? '', value: match[3] ?? '' }] : [];
});

describe('.env.example', () => {
  it('lists every variable once, and nothing else', () => {
    expect(shown.map(({ name }) => name).sort()).toEqual([...SETTINGS].sort());
  });

  it('explains each in a line above it', () => {
    for (const { name } of shown) {
      const at = LINES.findIndex((line) => new RegExp(`^(# )?${name}=`).test(line));
      const above = LINES.slice(0, at).findLast((line) => !/^(# )?[A-Z][A-Z_]+=/.test(line));
      expect(above, name).toMatch(/^# [A-Za-z]/);
    }
  });

  it('as it stands, with a token, means the defaults', () => {
    const copied = { ...parse(EXAMPLE), DISCORD_TOKEN: TOKEN };
    expect(readSettings(copied)).toEqual(readSettings({ DISCORD_TOKEN: TOKEN }));
  });

  it('what is switched off shows a value that can be switched on, the default where there is one', () => {
    const defaults = readSettings({ DISCORD_TOKEN: TOKEN });
    for (const { off, name, value } of shown) {
      if (!off || value === '') continue;
      const settings = readSettings({ DISCORD_TOKEN: TOKEN, [name]: value });
      const usual = defaults[name as keyof typeof defaults];
      const plain = ['string', 'number', 'boolean'].includes(typeof usual);
      if (plain) expect(settings[name as keyof typeof settings], name).toEqual(usual);
    }
  });

  it('is where the README points', () => {
    expect(readFileSync('README.md', 'utf8')).toContain('[.env.example](.env.example)');
  });
});
