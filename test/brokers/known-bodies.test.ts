import { expect, it } from 'vitest';
import { KnownBodies } from '../../src/brokers/tastytrade/known-bodies.js';

it('gives the very same for the same text, and reads every other', () => {
  const sut = new KnownBodies();
  const first = sut.of('{"data":{"items":[{"price":1.10}]}}');
  expect(first).toEqual({ data: { items: [{ price: '1.10' }] } });
  expect(sut.of('{"data":{"items":[{"price":1.10}]}}')).toBe(first);
  expect(sut.of('{"data":{"items":[{"price":1.11}]}}')).toEqual({ data: { items: [{ price: '1.11' }] } });
});

it('knows null from nothing, and takes no page for an answer', () => {
  const sut = new KnownBodies();
  for (const _ of [1, 2]) {
    expect(sut.of('null')).toBeNull();
    expect(sut.of('<html>')).toBeUndefined();
    expect(sut.of('')).toBeUndefined();
  }
});

it('keeps no more than so many characters, the latest asked for', () => {
  const sut = new KnownBodies(30);
  const [kept, other, third] = ['["kept 567890"]', '["other 67890"]', '["third 67890"]'];
  const first = sut.of(kept);
  const second = sut.of(other);
  expect(sut.of(kept)).toBe(first);
  // The one not asked for makes room.
  sut.of(third);
  expect(sut.of(kept)).toBe(first);
  expect(sut.of(other)).not.toBe(second);
  const long = `["${'x'.repeat(40)}"]`;
  expect(sut.of(long)).not.toBe(sut.of(long));
});
