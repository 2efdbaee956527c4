import fc from 'fast-check';
import { BrokerRefusal } from '../../../src/domain/errors.js';
import type { BrokerOrder, Holding, Quote } from '../../../src/domain/types.js';
import type { DryRun } from '../../../src/ports/broker.js';
import type { Report, ReportLine } from '../../../src/ports/report.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import type { Overrides } from '../../../src/services/previews/overrides.js';
import type { Preview } from '../../../src/services/previews/preview.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { d, filledOrder, holding, workingOrder, x } from '../../domain/build.js';
import { ACCOUNT, brokerWith, line, NAME, report, T0, TRADER } from '../../services/support/builders.js';
import { bookOf, CLEAN } from '../../services/support/scene.js';

/** Legs by strategy for a base strike and a number of units; short legs bring more than long ones cost. */
const SHAPES: Record<string, (k: number, n: number) => string[]> = {
  trident: (k, n) => [
    `-${2 * n} @ 2026-12-18 ${k} P @ 4.00`,
    `${2 * n} @ 2026-12-18 ${k - 5} P @ 2.35`,
    `-${n} @ 2026-12-18 ${k + 40} C @ 3.00`,
    `${n} @ 2026-12-18 ${k + 45} C @ 1.85`,
  ],
  vertical: (k, n) => [`-${n} @ 2026-12-18 ${k} P @ 3.10`, `${n} @ 2026-12-18 ${k - 5} P @ 2.02`],
  condor: (k, n) => [
    `-${n} @ 2026-12-18 ${k} P @ 3.10`,
    `${n} @ 2026-12-18 ${k - 10} P @ 2.02`,
    `-${n} @ 2026-12-18 ${k + 50} C @ 2.80`,
    `${n} @ 2026-12-18 ${k + 60} C @ 1.90`,
  ],
  calendar: (k, n) => [`-${n} @ 2026-12-18 ${k} P @ 3.10`, `${n} @ 2027-01-15 ${k} P @ 5.02`],
  longCall: (k, n) => [`${n} @ 2026-12-18 ${k} C @ 7.25`],
  strangle: (k, n) => [`-${n} @ 2026-12-18 ${k} P @ 3.10`, `-${n} @ 2026-12-18 ${k + 60} C @ 2.75`],
};

/** Texts as the outside world may send them: long, with markup, line breaks and mentions. */
export const outside = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.constantFrom('**bold** `code` <@123> @everyone', 'a\nb\n\nc', '🔴'.repeat(50), ''),
  fc.integer({ min: 100, max: 3000 }).map((length) => 'x y '.repeat(Math.ceil(length / 4)).slice(0, length)),
);

const notice = fc.record({ code: outside, message: outside });
const trial: fc.Arbitrary<DryRun | BrokerRefusal> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(CLEAN) },
  {
    weight: 3,
    arbitrary: fc.record({
      fees: fc.option(fc.constantFrom(d('2.51'), d('1234.5'))),
      buyingPowerChange: fc.option(fc.constantFrom(d('-100000'), d('0.01'))),
      warnings: fc.array(notice, { maxLength: 4 }),
      errors: fc.array(notice, { maxLength: 2 }),
    }),
  },
  {
    weight: 1,
    arbitrary: fc
      .array(notice, { maxLength: 3 })
      .map((details) => new BrokerRefusal(422, 'x', 'Checks failed', details)),
  },
);

const part = fc.record({
  shape: fc.constantFrom(...Object.keys(SHAPES)),
  units: fc.constantFrom(1, 2, 7, 1000),
  known: fc.boolean(),
  covered: fc.boolean(),
});

const tick = fc.constantFrom(d('0.01'), d('0.05'));
const mark = fc.integer({ min: 0, max: 900 }).map((cents) => d(cents).div(100));

/** A book of up to `most` positions, each on an underlying of its own; some covered, some inferred, some without marks. */
export function book(most: number): fc.Arbitrary<Book> {
  return fc
    .tuple(fc.array(part, { minLength: 1, maxLength: most }), fc.option(mark))
    .map(([parts, price]) => {
      const holdings: Holding[] = [];
      const orders: BrokerOrder[] = [];
      const open: BrokerOrder[] = [];
      parts.forEach(({ shape, units, known, covered }, index) => {
        const root = `U${String.fromCharCode(65 + (index % 26))}${index}`;
        const legs = (SHAPES[shape]?.(400 + 5 * index, units) ?? []).map((text) => text.replace('@', root));
        holdings.push(...legs.map((text) => holding(text)));
        if (known)
          orders.push(
            filledOrder(
              String(1000 + index),
              legs.map((text) => ordered(text, 'open')),
            ),
          );
        if (covered) {
          open.push(
            workingOrder(
              String(417_000_000 + index),
              legs.slice(0, 4).map((text) => ordered(text, 'close')),
              {
                price: d('0.85'),
                effect: 'debit',
              },
            ),
          );
        }
      });
      return bookOf(holdings, orders, open, price ? quotesOf(holdings, price) : new Map());
    });
}

/** `-2 QQQ …` as the leg of the order that opened or would close it. */
function ordered(text: string, way: 'open' | 'close'): string {
  const short = text.startsWith('-');
  return `${short === (way === 'open') ? 'sell' : 'buy'}-to-${way} ${text.replace(/^-/, '')}`;
}

function quotesOf(holdings: readonly Holding[], price: ReturnType<typeof d>): Map<string, Quote> {
  return new Map(
    holdings.map(({ instrument }) => [
      instrument.symbol,
      { bid: price, ask: price.plus('0.10'), mark: price.plus('0.05') },
    ]),
  );
}

/** A preview of everything in a book, priced by the real pricer over a broker that answers anything. */
export async function previewOf(
  of: Book,
  {
    increment,
    trials,
    locked,
    halt = null,
  }: {
    increment: ReturnType<typeof d>;
    trials: (DryRun | BrokerRefusal)[];
    locked: Preview['locked'];
    halt?: Preview['halt'];
  },
  overrides: Overrides = {},
): Promise<Preview> {
  let calls = 0;
  const pricer = new PreviewPricer(
    brokerWith({
      underlying: async (symbol) => ({ symbol, isIndex: false, optionTicks: [{ below: null, increment }] }),
      dryRun: async () => {
        const answer = trials[calls++ % trials.length] ?? CLEAN;
        if (answer instanceof Error) throw answer;
        return answer;
      },
    }),
    { rounding: 'nearest', spreadTicks: new Map(), maxOrderContracts: null },
  );
  const positions = await pricer.price(of, of.positions, overrides, true);
  const orders = positions.flatMap(({ targets }) => targets.filter(({ blocked }) => blocked === null));
  return {
    planId: 'AbCdEf-_0123',
    actor: { userId: TRADER, roleIds: [], guildId: null, channelId: '1' },
    account: ACCOUNT,
    name: NAME,
    positions,
    leftOut: [],
    overrides,
    dryRun: false,
    givingWay: [],
    bared: [],
    close: null,
    expiresAt: new Date(T0.getTime() + 120_000),
    orders: orders.length,
    locked,
    halt,
    quotes: of.quotes,
    odd: [],
    marksMissing: of.quotes.size === 0 ? { why: 'not-served', contracts: 'all' } : null,
  };
}

/** Random pricing circumstances for `previewOf`. */
export const circumstances = fc.record({
  increment: tick,
  trials: fc.array(trial, { minLength: 1, maxLength: 7 }),
  locked: fc.option(fc.constant('READ_ONLY' as const)),
  halt: fc.option(fc.record({ by: fc.constant(TRADER), at: fc.constant(T0), reason: fc.option(outside) }), {
    freq: 3,
  }),
});

const reportOf = fc.record({
  kind: fc.constantFrom('place', 'change', 'close') as fc.Arbitrary<ReportLine['kind']>,
  state: fc.constantFrom('placed', 'refused', 'unknown', 'absent', 'abandoned', 'submitting') as fc.Arbitrary<
    ReportLine['state']
  >,
  status: fc.option(fc.constantFrom('Received', 'Live', 'Rejected')),
  orderState: fc.option(
    fc.constantFrom('submitted', 'working', 'filled', 'rejected', 'cancelled', 'expired', 'unrecognised'),
  ) as fc.Arbitrary<ReportLine['orderState']>,
  effect: fc.constantFrom('debit', 'credit') as fc.Arbitrary<ReportLine['effect']>,
  cents: fc.integer({ min: 1, max: 999_999 }),
  reason: fc.option(outside),
  mismatches: fc.array(
    outside.map((echoed) => ({ what: 'price' as const, planned: '0.67', echoed })),
    { maxLength: 4 },
  ),
  percent: fc.option(fc.constantFrom(x(40), x('500/13'))),
  profit: fc.option(fc.constantFrom(x('45'), x('-1234567.89'), x('400/3'))),
});

/** Reports of up to sixty orders in every state, with whatever texts the broker sends. */
export const anyReport: fc.Arbitrary<Report> = fc
  .tuple(
    fc.array(reportOf, { minLength: 1, maxLength: 60 }),
    fc.constantFrom('sent' as const, 'checked' as const),
    fc.constantFrom(null, { opensAt: null }, { opensAt: T0 }),
  )
  .map(([lines, phase, waitsForOpen]) =>
    report(
      lines.map(({ cents, ...rest }, index) =>
        line({
          ...rest,
          price: d(cents).div(100),
          orderId: rest.state === 'placed' ? String(417_000_000 + index) : null,
        }),
      ),
      { phase, waitsForOpen },
    ),
  );
