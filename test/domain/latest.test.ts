import { describe, expect, it } from 'vitest';
import { Latest } from '../../src/domain/latest.js';

/** Of two at most. */
function keeping(...keys: string[]): Latest<string, string> {
  const sut = new Latest<string, string>(2);
  for (const key of keys) sut.keep(key, `what ${key} is`);
  return sut;
}

function those(sut: Latest<string, string>): string[] {
  return ['a', 'b', 'c'].filter((key) => sut.get(key) === `what ${key} is`);
}

describe('the latest', () => {
  it('are all kept while there is room', () => {
    expect(those(keeping('a', 'b'))).toEqual(['a', 'b']);
    expect(keeping('a').get('b')).toBeUndefined();
  });

  it('take the place of what was kept longest ago', () => {
    expect(those(keeping('a', 'b', 'c'))).toEqual(['b', 'c']);
  });

  it('are those that were kept anew too, as they are then', () => {
    const sut = keeping('a', 'b');
    sut.keep('a', 'another');
    sut.keep('c', 'what c is');
    expect(those(sut)).toEqual(['c']);
    expect(sut.get('a')).toBe('another');
  });
});
