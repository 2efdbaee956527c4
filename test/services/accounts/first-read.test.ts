import { beforeEach, expect, it } from 'vitest';
import { BrokerUnreachable } from '../../../src/domain/errors.js';
import type { Clock } from '../../../src/ports/clock.js';
import { type Rememberers, recalled } from '../../../src/services/accounts/first-read.js';
import type { OpenPosition } from '../../../src/services/accounts/positions.js';
import { bookOf, TRIDENT } from '../support/scene.js';

const { positions: POSITIONS } = bookOf(TRIDENT.held, [TRIDENT.opening]);

/** Who waits, and for how long; nobody's time is up unless the test says so. */
let waits: { ms: number; over: () => void }[];
let given: (AbortSignal | undefined)[];
const clock = {
  sleep: (ms: number, signal?: AbortSignal) =>
    new Promise<void>((resolve, reject) => {
      waits.push({ ms, over: resolve });
      given.push(signal);
      signal?.addEventListener('abort', () => reject(signal.reason));
    }),
} as Clock;

beforeEach(() => {
  waits = [];
  given = [];
});

/** An account that was read already, or is by `read`. */
function desk(read: () => Promise<readonly OpenPosition[]>, before: readonly OpenPosition[] | null = null) {
  let known = before;
  return {
    positions: {
      remembered: () => known ?? [],
      get isRead() {
        return known !== null;
      },
      readOnce: async () => {
        known ??= await read();
      },
    },
  };
}

type FakeDesk = ReturnType<typeof desk>;

/** Which accounts there are is known from the start, or by asking. */
const desksOf = (all: FakeDesk[], known = all): Rememberers => ({ known, all: async () => all });
const never = () => new Promise<never>(() => {});
const failing = () => Promise.reject(new BrokerUnreachable('no route'));

it('what is remembered is there at once, though another account isn’t read yet', async () => {
  expect(await recalled(desksOf([desk(never, POSITIONS), desk(never)]), clock)).toEqual(POSITIONS);
  expect(await recalled(desksOf([desk(never, [])]), clock)).toEqual([]);
  expect(waits).toEqual([]);
});

it('the first read is waited for, also where it isn’t known yet which accounts there are', async () => {
  expect(await recalled(desksOf([desk(async () => POSITIONS)], []), clock)).toEqual(POSITIONS);
  expect(await recalled(desksOf([desk(failing), desk(async () => POSITIONS)]), clock)).toEqual(POSITIONS);
  for (const signal of given) expect(signal?.aborted).toBe(true);
});

it('for so long as Discord waits: after that it is said that the account is still being read', async () => {
  const asked = recalled(desksOf([desk(never)]), clock);
  expect(waits.map(({ ms }) => ms)).toEqual([2_500]);
  waits[0]?.over();
  await expect(asked).rejects.toMatchObject({ code: 'STILL_READING' });
});

it('an account that can’t be read says why', async () => {
  await expect(recalled(desksOf([desk(failing)]), clock)).rejects.toThrow('no route');
  const unasked = { known: [], all: failing };
  await expect(recalled(unasked, clock)).rejects.toThrow('no route');
});
