import pino from 'pino';
import { expect, it } from 'vitest';
import type { BrokerOrder } from '../../../src/domain/types.js';
import { OrderIntake } from '../../../src/services/orders/order-intake.js';
import { BriskClock } from '../support/brisk-clock.js';

const order = (id: string) => ({ id }) as BrokerOrder;

it('what the database couldn’t take is offered again until it does, and nothing of it is lost', async () => {
  let failing = 3;
  const recorded: string[] = [];
  const clock = new BriskClock('2026-11-23T15:00:00Z');
  let done: () => void = () => {};
  const all = new Promise<void>((resolve) => {
    done = resolve;
  });
  const intake = new OrderIntake({
    absorb: async (orders) => {
      failing -= 1;
      if (failing >= 0) throw new Error('SQLITE_BUSY');
      recorded.push(...orders.map(({ id }) => id));
      if (recorded.length === 2) done();
    },
    clock,
    log: pino({ level: 'silent' }),
  });
  intake.take([order('1')]);
  intake.take([order('2')]);
  await all;
  expect(recorded.sort()).toEqual(['1', '2']);
});

it('offers nothing any more once it is stopped', async () => {
  let offered = 0;
  const intake = new OrderIntake({
    absorb: async () => {
      offered += 1;
      intake.stop();
      throw new Error('closed');
    },
    clock: new BriskClock('2026-11-23T15:00:00Z'),
    log: pino({ level: 'silent' }),
  });
  intake.take([order('1')]);
  await new Promise((resolve) => setTimeout(resolve, 20));
  expect(offered).toBe(1);
});
