import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { BrokerError, BrokerLoginError, BrokerUnreachable } from '../../src/domain/errors.js';
import type { Broker, DryRun } from '../../src/ports/broker.js';
import { NO_DEADLINE } from './support/clocks.js';
import { ACCOUNT, brokerOn } from './support/fake-api.js';
import { mutated } from './support/mutations.js';
import { closing, LONG_PUT, placedAnswer, SHORT_PUT, wireOrder, wirePosition } from './support/wire.js';

/** Odd answers through login, statuses and pages: all of the adapter but the sockets. */

const RUNS = Number(process.env.FUZZ_RUNS ?? 200);
const timeout = 20_000 + RUNS * 100;
const SEARCH = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-11-23T15:00:00Z') };

interface Told {
  status?: number;
  body: unknown;
}

let answers: (path: string) => Told;
let token: Told;
let asked: string[];

/** Trials go past fetch. */
vi.mock('undici', () => ({
  request: async (url: string, init: { headers: Record<string, string> }) => {
    const { status, body } = await fetch(url, { headers: init.headers });
    return { statusCode: status, body };
  },
}));

beforeEach(() => {
  asked = [];
  token = { body: { access_token: 'a-token', token_type: 'Bearer', expires_in: 900 } };
  vi.stubGlobal('fetch', async (url: string, init: RequestInit) => {
    // Refuses what is no header, as fetch does.
    new Headers(init.headers);
    const path = decodeURIComponent(url.slice('http://127.0.0.1:1'.length));
    asked.push(path);
    const { status = 200, body } = path === '/oauth/token' ? token : answers(path);
    return new Response(JSON.stringify(body ?? null), { status });
  });
});
afterEach(() => vi.unstubAllGlobals());

const broker = (): Broker => brokerOn({ url: 'http://127.0.0.1:1' });
const list = (items: unknown[], pagination?: object) => ({
  data: { items },
  ...(pagination && { pagination }),
});

describe('a login’s answer', { timeout }, () => {
  const account = list([{ account: { 'account-number': ACCOUNT } }]);

  it('gives a token that can be sent, or a typed error', async () => {
    answers = () => ({ body: account });
    await fc.assert(
      fc.asyncProperty(mutated(token.body), async (odd) => {
        asked = [];
        token = { body: odd.answer };
        const read = await broker()
          .accounts()
          .catch((error: unknown) => error);
        if (Array.isArray(read)) return;
        expect(read).toBeInstanceOf(BrokerLoginError);
        expect(asked).toEqual(['/oauth/token']);
      }),
      { numRuns: RUNS },
    );
  });

  it('that refuses is told as a refusal or as no answer, by its status', async () => {
    const refusal = { error: 'invalid_grant', error_description: 'Grant revoked' };
    const statuses = fc.constantFrom(400, 401, 403, 408, 429, 500, 503);
    await fc.assert(
      fc.asyncProperty(mutated(refusal), statuses, async (odd, status) => {
        token = { status, body: odd.answer };
        const error = await broker()
          .accounts()
          .catch((thrown: unknown) => thrown);
        const passing = status === 408 || status === 429 || status >= 500;
        expect(error).toBeInstanceOf(passing ? BrokerUnreachable : BrokerLoginError);
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a list of several pages', { timeout }, () => {
  /** Its number of rows is told twice, so that a page that says it is the last can be found out. */
  const paged = (rows: unknown[], odd: { page: number; answer: unknown } | null) => {
    const pages = rows.length;
    return (path: string): Told => {
      const page = Number(/page-offset=(\d+)/.exec(path)?.[1] ?? 0);
      if (odd?.page === page) return { body: odd.answer };
      return {
        body: list(rows.slice(page, page + 1), {
          'total-pages': pages,
          'total-items': pages,
          'page-offset': page,
        }),
      };
    };
  };
  const SYMBOLS = [SHORT_PUT, LONG_PUT, 'SPXW  261218P05780000'];
  const LISTS: [string, unknown[], (of: Broker) => Promise<number>][] = [
    [
      'what is held',
      SYMBOLS.map((symbol) => wirePosition({ symbol })),
      async (of) => {
        const { held, odd } = await of.holdings(ACCOUNT);
        return new Set([...held.map(({ instrument }) => instrument.symbol), ...odd.map(({ name }) => name)])
          .size;
      },
    ],
    [
      'working orders',
      [1, 2, 3].map((id) => wireOrder({ id })),
      async (of) => (await of.openOrders(ACCOUNT)).length,
    ],
    [
      'the history',
      [1, 2, 3].map((id) => wireOrder({ id })),
      async (of) => (await of.searchOrders(ACCOUNT, SEARCH)).length,
    ],
    [
      'accounts',
      ['A', 'B', 'C'].map((number) => ({ account: { 'account-number': number } })),
      async (of) => (await of.accounts()).length,
    ],
  ];

  it.each(LISTS)('is read to its end, or not at all: %s', async (_what, rows, count) => {
    answers = paged(rows, null);
    expect(await count(broker())).toBe(3);
    const page = fc.constantFrom(0, 1, 2);
    await fc.assert(
      fc.asyncProperty(
        page.chain((at) =>
          mutated(paged(rows, null)(`?page-offset=${at}`).body).map((odd) => ({ ...odd, page: at })),
        ),
        async (odd) => {
          answers = paged(rows, odd);
          const found = await count(broker()).catch((error: unknown) => {
            expect(error).toBeInstanceOf(BrokerError);
            return null;
          });
          if (found === null) return;
          // What the rows and the count beside them both deny can't be known; nor what a row itself says.
          const inRow = odd.at.some(({ path }) => path.length > 2 && path[0] === 'data');
          const unsaid = odd.at.some(
            ({ path }) => ['pagination', undefined].includes(path[0] as string) && path.length < 2,
          );
          const totals = odd.at.filter(({ path }) => String(path[1]).startsWith('total-'));
          if (!inRow && !unsaid && totals.length < 2 && !totals.some(({ path }) => path[1] === 'total-items'))
            expect(found).toBeGreaterThanOrEqual(3);
        },
      ),
      { numRuns: RUNS },
    );
  });
});

describe('the list of underlyings', { timeout }, () => {
  const item = (symbol: string, index: boolean) => ({
    symbol,
    'is-index': index,
    'option-tick-sizes': [{ value: '0.05', threshold: '3.0' }, { value: '0.1' }],
  });

  it('tells of each what it says, on possible ticks, or that it can’t be read', async () => {
    const sound = list([item('SPX', true), item('QQQ', false)]);
    await fc.assert(
      fc.asyncProperty(mutated(sound), async (odd) => {
        answers = () => ({ body: odd.answer });
        const of = broker();
        const told = await Promise.allSettled(['SPX', 'QQQ'].map((symbol) => of.underlying(symbol)));
        for (const [index, each] of told.entries()) {
          if (each.status === 'rejected') {
            expect(each.reason).toBeInstanceOf(BrokerError);
            continue;
          }
          const { symbol, isIndex, optionTicks } = each.value;
          expect(symbol).toBe(['SPX', 'QQQ'][index]);
          for (const { increment } of optionTicks) {
            expect(increment.times(100).isInteger() && increment.gte('0.01') && increment.lte(1)).toBe(true);
          }
          const flag = odd.at.find(({ path }) => path.at(-1) === 'is-index');
          if (symbol === 'SPX' && !flag && odd.at.length === 1) expect(isIndex).toBe(true);
          // Neither yes nor no must not put an index on the finer grid.
          if (
            flag &&
            flag.path[2] === index &&
            !['false', 'null', 'undefined', ''].includes(String(flag.value))
          )
            expect(isIndex).toBe(true);
        }
      }),
      { numRuns: RUNS },
    );
  });
});

describe('a verdict with errors', { timeout }, () => {
  const reason = { code: 'margin_check_failed', message: 'Too little buying power' };
  const envelope = {
    error: { code: 'preflight_check_failure', message: 'One or more checks failed', errors: [reason] },
  };
  const statuses = fc.constantFrom(400, 403, 422, 429, 500);

  it('of a dry run never looks clean', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(envelope), statuses, async (odd, status) => {
        answers = () => ({ status, body: odd.answer });
        const told = await broker()
          .dryRun(ACCOUNT, closing(), 'trader')
          .catch((error: unknown) => error);
        if (told instanceof BrokerError) return;
        expect((told as DryRun).errors.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('of a dry run that says success never looks clean either', async () => {
    const answer = { data: placedAnswer(wireOrder(), { errors: [reason] }) };
    await fc.assert(
      fc.asyncProperty(mutated(answer), async (odd) => {
        answers = () => ({ body: odd.answer });
        const told = await broker()
          .dryRun(ACCOUNT, closing(), 'trader')
          .catch((error: unknown) => error);
        if (told instanceof BrokerError) return;
        const gone = odd.at.some(
          ({ path }) =>
            ['data', undefined].includes(path[0] as string) &&
            (path.length < 2 || (path[1] === 'errors' && path.length === 2)),
        );
        if (!gone) expect((told as DryRun).errors.length).toBeGreaterThan(0);
      }),
      { numRuns: RUNS },
    );
  });

  it('of an order is a refusal or of unknown fate, never an order placed, and it is sent once', async () => {
    await fc.assert(
      fc.asyncProperty(mutated(envelope), statuses, async (odd, status) => {
        asked = [];
        answers = () => ({ status, body: odd.answer });
        const name = await broker()
          .submit(ACCOUNT, closing(), 'ptb-1', NO_DEADLINE)
          .then(
            () => 'placed',
            (error: Error) => error.name,
          );
        expect(['BrokerRefusal', 'OutcomeUnknown']).toContain(name);
        if (status >= 500) expect(name).toBe('OutcomeUnknown');
        expect(asked.filter((path) => path.endsWith('/orders'))).toHaveLength(1);
      }),
      { numRuns: RUNS },
    );
  });
});
