import pino from 'pino';
import { expect, it } from 'vitest';
import type { ToldOddPosition } from '../../../src/ports/positions.js';
import { PositionLives } from '../../../src/services/accounts/position-lives.js';

const at = (second: number) => new Date(Date.UTC(2026, 10, 23, 15, 0, second));

it('keeps where each position is, and writes down what can’t be', () => {
  const odd: [ToldOddPosition, Date][] = [];
  const store = { oddPositionStep: async (...told: [ToldOddPosition, Date]) => void odd.push(told) };
  const sut = new PositionLives({ store, log: pino({ level: 'silent' }) });
  expect(sut.tell(37, { step: 'open', at: at(1) })).toBe('open');
  expect(sut.tell(38, { step: 'closing', at: at(1) })).toBe('closing');
  expect(sut.tell(37, { step: 'assigned', at: at(2) })).toBe('assigned');
  expect(odd).toEqual([]);
  expect(sut.tell(37, { step: 'open', at: at(3) })).toBe('assigned');
  expect(odd).toEqual([[{ positionId: 37, from: 'assigned', to: 'open' }, at(3)]]);
  expect(sut.tell(38, { step: 'open', at: at(3) })).toBe('open');
  expect(odd).toHaveLength(1);
});

it('tells all the same where the database can’t take it', () => {
  const store = { oddPositionStep: () => Promise.reject(new Error('away')) };
  const sut = new PositionLives({ store, log: pino({ level: 'silent' }) });
  sut.tell(37, { step: 'partly-closed', at: at(1) });
  expect(sut.tell(37, { step: 'open', at: at(2) })).toBe('open');
});
