import { expect } from 'vitest';
import { Exact } from '../../src/domain/exact.js';

/** Two fractions are equal by their value: neither needs to be written in its shortest terms. */
expect.addEqualityTesters([
  (a: unknown, b: unknown) => (a instanceof Exact && b instanceof Exact ? a.eq(b) : undefined),
]);
