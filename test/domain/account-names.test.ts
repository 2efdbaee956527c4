import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { accountNames } from '../../src/domain/account-names.js';

function named(...numbers: string[]) {
  return numbers.map((number) => ({ number, nickname: null, type: null }));
}

const digits = (...numbers: string[]) =>
  [...accountNames(named(...numbers)).values()].map((name) => name.digits);

describe('how accounts are called', () => {
  it('the last four digits, and more only where two share them', () => {
    expect(digits('5WX00001')).toEqual(['0001']);
    expect(digits('5WZ11111', '5WZ22222')).toEqual(['1111', '2222']);
    expect(digits('5WX01111', '5WX21111', '5WX02222')).toEqual(['01111', '21111', '2222']);
    expect(digits('5WX11111', '6WX11111')).toEqual(['1111-1', '1111-2']);
  });

  it('all differ, however alike the numbers are, and no name is the whole number', () => {
    const number = fc.stringMatching(/^[5-6][WX]{0,2}[01]{4,5}$/);
    fc.assert(
      fc.property(fc.uniqueArray(number, { minLength: 1, maxLength: 8 }), (numbers) => {
        const all = digits(...numbers);
        expect(new Set(all).size).toBe(numbers.length);
        for (const each of numbers) expect(all).not.toContain(each);
      }),
    );
  });

  it('a nickname, else the kind of account; nothing that a chat would take for its own', () => {
    const name = (nickname: string | null, type: string | null) =>
      accountNames([{ number: '5WX00001', nickname, type }]).get('5WX00001');
    expect(name('Roth IRA', 'Cash')?.nickname).toBe('Roth IRA');
    expect(name(' ', 'Cash')?.nickname).toBe('Cash');
    expect(name(null, null)?.nickname).toBeNull();
    expect(name('**@everyone** <@1> `x`\n# big', null)?.nickname).toBe('everyone 1 x big');
    expect(name('x'.repeat(99), null)?.nickname).toHaveLength(24);
  });

  it('one of several, also where the others are not to be had', () => {
    const [only] = named('5WX00001');
    const several = (more: boolean) => accountNames(only ? [only] : [], more).get('5WX00001')?.oneOfSeveral;
    expect(several(false)).toBe(false);
    expect(several(true)).toBe(true);
    expect(accountNames(named('5WX00001', '5WX00002')).get('5WX00002')?.oneOfSeveral).toBe(true);
  });
});
