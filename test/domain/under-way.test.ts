import { expect, it } from 'vitest';
import { UnderWay } from '../../src/domain/under-way.js';

it('counts what has begun and is not over, by key', () => {
  const underWay = new UnderWay();
  const [first, second, other] = [underWay.begin('a'), underWay.begin('a'), underWay.begin('b')];
  expect([underWay.count('a'), underWay.count('b'), underWay.count('c')]).toEqual([2, 1, 0]);
  first();
  expect(underWay.keys()).toEqual(['a', 'b']);
  second();
  other();
  expect(underWay.keys()).toEqual([]);
  expect(underWay.count('a')).toBe(0);
});
