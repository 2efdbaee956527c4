import { expect, it } from 'vitest';
import { checkBroker } from '../../src/doctor/broker.js';
import { Checklist } from '../../src/doctor/checklist.js';
import type { OddRow } from '../../src/domain/types.js';
import type { StreamListener } from '../../src/ports/broker.js';
import { Secrets } from '../../src/ports/secrets.js';
import type { Settings } from '../../src/settings/schema.js';
import { holding } from '../domain/build.js';
import { brokerWith, echo, intent } from '../services/support/builders.js';

const QQQ480 = 'QQQ   261218P00480000';
const row = (what: 'holding' | 'order', name: string, why: string): OddRow => ({
  what,
  name,
  why,
  doubts: 'coverage',
  concern: { symbols: [QQQ480], kin: null },
});

it('goes on past rows that can’t be read, and names each', async () => {
  const lines: string[] = [];
  const list = new Checklist((line) => lines.push(line), new Secrets());
  const unread = row('order', '4123', 'its status reads “Foo”, which I don’t know');
  const broker = brokerWith({
    accounts: async () => [{ number: '5WT00001', nickname: null, type: null }],
    holdings: async () => ({
      held: [holding('1 QQQ 2026-12-18 475 P @ 2')],
      odd: [row('holding', QQQ480, 'its quantity is missing')],
    }),
    openOrders: async () => [{ ...echo(intent()), legs: [], odd: unread }],
    marketSession: async () => ({ open: true, opensAt: null, closesAt: null }),
    quotes: async () => new Map(),
    watch: (_account: string, listener: StreamListener) => {
      queueMicrotask(() => listener.onLive());
      return { close: async () => {} };
    },
  });
  await checkBroker(list, broker, { TASTYTRADE_ACCOUNT: [] as string[] } as Settings);
  expect(list.failed).toBe(0);
  expect(lines).toContain(
    '  ok    positions: 1 holding read; can’t be read: the holding QQQ 18 Dec 26 480 P (its quantity is missing)',
  );
  expect(lines).toContain(
    '  ok    orders: 1 open; can’t be read: order 4123 on QQQ 18 Dec 26 480 P (its status reads “Foo”, which I don’t know)',
  );
});
