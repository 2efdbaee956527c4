import type { Scenario, SeedOption, SeedTrade } from './scenario.js';
import { callCredit, callDebit, ironCondor, putCredit, trident } from './shapes.js';

/** Underlyings with a spread width on their strike grid. */
const WIDTHS: readonly (readonly [string, number])[] = [
  ['QQQ', 5],
  ['SPX', 25],
  ['SPY', 5],
  ['IWM', 5],
  ['AAPL', 10],
  ['MSFT', 10],
  ['NVDA', 10],
  ['AMZN', 5],
  ['META', 10],
  ['GOOGL', 5],
  ['TSLA', 10],
  ['AMD', 10],
];

const EXPIRATIONS = [31, 45] as const;

function shape(width: number, index: number): SeedOption[] {
  const shapes = [
    () => trident(width, width),
    () => putCredit(-0.04, width, 2),
    () => ironCondor(0.06, width),
    () => callCredit(0.05, width),
    () => callDebit(0, width),
  ];
  return (shapes[index % shapes.length] ?? shapes[0])?.() ?? [];
}

const trades: SeedTrade[] = WIDTHS.flatMap(([underlying, width], i) =>
  EXPIRATIONS.map((dte, j) => ({
    underlying,
    options: shape(width, i + j),
    dte,
    openedDaysAgo: 3 + ((i + j) % 9),
  })),
);

/** Two dozen positions, for load. */
export const twenty: Scenario = { name: 'twenty', cash: '400000', trades };
