import { expect, it } from 'vitest';
import { ENVIRONMENTS } from '../../src/domain/environment.js';

it('no two brokers share a word: a database of one is never taken for the other’s', () => {
  const words = Object.values(ENVIRONMENTS).map((each) => [...new Set(Object.values(each))]);
  expect(new Set(words.flat()).size).toBe(words.flat().length);
});
