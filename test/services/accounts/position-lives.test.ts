import pino from 'pino';
import { expect, it } from 'vitest';
import type { PositionStep } from '../../../src/domain/position-life.js';
import type { PositionTold } from '../../../src/ports/positions.js';
import { PositionLives } from '../../../src/services/accounts/position-lives.js';
import { VirtualClock } from '../../brokers/support/clocks.js';

const log = pino({ level: 'silent' });
const told = (positionId: number, step: PositionStep, second: number): PositionTold => ({
  positionId,
  step,
  at: new Date(Date.UTC(2026, 10, 23, 15, 0, second)),
});

it('asks the database of what has moved alone, and believes it', async () => {
  const asked: number[][] = [];
  const store = {
    advancePositions: async (moved: readonly PositionTold[]) => {
      asked.push(moved.map(({ positionId }) => positionId));
      // 38 is over by all that is known.
      return new Map(
        moved.map(({ positionId, step }) => [positionId, positionId === 38 ? 'closed' : step] as const),
      );
    },
  };
  const sut = new PositionLives({ store, clock: new VirtualClock(), log });
  const first = await sut.tell([told(37, 'open', 1), told(38, 'open', 1)]);
  expect([first(37), first(38), first(39)]).toEqual(['open', 'closed', null]);
  await sut.tell([told(37, 'open', 2), told(38, 'open', 2)]);
  const second = await sut.tell([told(37, 'closing', 3), told(38, 'open', 3)]);
  expect([second(37), second(38)]).toEqual(['closing', 'closed']);
  expect(asked).toEqual([[37, 38], [37]]);
});

it('goes by what is told where the database can’t say, and asks again a minute later', async () => {
  let away = true;
  let asked = 0;
  const store = {
    advancePositions: async (moved: readonly PositionTold[]) => {
      asked += 1;
      if (away) throw new Error('away');
      return new Map(moved.map(({ positionId }) => [positionId, 'closed'] as const));
    },
  };
  const clock = new VirtualClock();
  const sut = new PositionLives({ store, clock, log });
  const step = async () => (await sut.tell([told(37, 'partly-closed', 1)]))(37);
  expect([await step(), await step(), asked]).toEqual(['partly-closed', 'partly-closed', 1]);
  away = false;
  clock.advance(60_000);
  expect([await step(), await step(), asked]).toEqual(['closed', 'closed', 2]);
});
