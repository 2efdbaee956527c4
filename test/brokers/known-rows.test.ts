import { expect, it } from 'vitest';
import { KnownRows } from '../../src/brokers/tastytrade/known-rows.js';

interface Made {
  text: string;
}

const made = (text: string) => (): Made => ({ text });

it('gives what a row came to again, for as long as it says the same', () => {
  const sut = new KnownRows<Made>(() => true);
  const first = sut.of('A', { symbol: 'QQQ', quantity: '1' }, made('one'));
  expect(sut.of('A', { symbol: 'QQQ', quantity: '1' }, made('again'))).toBe(first);
  expect(sut.of('A', { symbol: 'QQQ', quantity: '2' }, made('two'))).toEqual({ text: 'two' });
  expect(sut.of('B', { symbol: 'QQQ', quantity: '1' }, made('another account’s'))).toEqual({
    text: 'another account’s',
  });
});

it('reads anew what stands no more, and remembers nothing that doesn’t', () => {
  let untrue = 'none';
  const sut = new KnownRows<Made>(({ text }) => text !== untrue);
  sut.of('A', 'row', made('one'));
  untrue = 'one';
  expect(sut.of('A', 'row', made('two'))).toEqual({ text: 'two' });
  untrue = 'three';
  sut.of('A', 'other', made('three'));
  untrue = 'none';
  expect(sut.of('A', 'other', made('four'))).toEqual({ text: 'four' });
});

it('forgets what isn’t brought any more, and never what every read brings', () => {
  const sut = new KnownRows<Made>(() => true, 3);
  const kept = sut.of('A', 'always', made('kept'));
  sut.of('A', 'once', made('once'));
  for (let other = 0; other < 20; other += 1) {
    sut.of('A', other, made('other'));
    expect(sut.of('A', 'always', made('anew'))).toBe(kept);
  }
  expect(sut.of('A', 'once', made('anew'))).toEqual({ text: 'anew' });
});
