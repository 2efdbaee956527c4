import { format, inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { Secret } from '../../src/settings/secret.js';

describe('Secret', () => {
  it('comes out through reveal() alone', () => {
    fc.assert(
      fc.property(fc.string({ minLength: 3, unit: fc.constantFrom(...'xyzXYZ0123456789') }), (value) => {
        const secret = new Secret(value);
        expect(secret.reveal()).toBe(value);
        const shown = [
          String(secret),
          `${secret}`,
          JSON.stringify({ secret }),
          inspect({ secret }, { showHidden: true, depth: 9 }),
          format('%s %j %o %O', secret, secret, secret, secret),
          new Error(`refused: ${secret}`).message,
          Object.entries(secret).join(),
        ];
        for (const each of shown) expect(each).not.toContain(value);
      }),
    );
  });

  it('masked shows two characters at each end of a long secret and nothing of a short one', () => {
    expect(new Secret('abcdefghijkl').masked()).toBe('ab…kl (12 characters)');
    expect(new Secret('abcdefghijk').masked()).toBe('…');
    expect(new Secret('').masked()).toBe('…');
  });
});
