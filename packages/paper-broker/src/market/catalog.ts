import { OPTION_TICKS, type TickStep } from './ticks.js';

/** How often an underlying's options expire: every weekday, every Friday, or (volatility index) every Wednesday. */
type Cadence = 'daily' | 'weekly' | 'wednesday';

/** One tradable underlying of the simulated market. */
export interface Underlying {
  symbol: string;
  description: string;
  kind: 'stock' | 'etf' | 'index';
  /** Price at the market's first instant. */
  base: number;
  /** Annual volatility of the simulated path. */
  realised: number;
  /** At-the-money implied volatility. */
  implied: number;
  /** Correlation with the whole market, -1 to 1. */
  beta: number;
  strikeStep: number;
  cadence: Cadence;
  ticks: readonly TickStep[];
  /** Net price increment of an order with two or more legs. */
  multiLegTick: string;
  /** Half the bid-ask spread of options as a share of their value. */
  spread: number;
  /** OCC roots: the second, if any, is for expirations that are not the morning-settled monthly. */
  roots: readonly [string] | readonly [string, string];
  /** Exchange's own fee per contract, dollars; illustrative. */
  proprietaryFee: string;
  /** Quarterly dividend in dollars per share; null pays none. */
  dividend: string | null;
}

type Facts = Pick<Underlying, 'symbol' | 'description' | 'base' | 'implied' | 'strikeStep'> &
  Partial<Underlying>;

function stock(facts: Facts): Underlying {
  return {
    kind: 'stock',
    realised: facts.implied * 0.85,
    beta: 0.6,
    cadence: 'weekly',
    ticks: OPTION_TICKS.pennyProgramme,
    multiLegTick: '0.01',
    spread: 0.008,
    roots: [facts.symbol],
    proprietaryFee: '0',
    dividend: null,
    ...facts,
  };
}

function etf(facts: Facts): Underlying {
  return stock({
    kind: 'etf',
    beta: 0.9,
    ticks: OPTION_TICKS.penny,
    cadence: 'daily',
    spread: 0.004,
    ...facts,
  });
}

function index(facts: Facts): Underlying {
  return stock({
    kind: 'index',
    beta: 1,
    ticks: OPTION_TICKS.nickel,
    multiLegTick: '0.05',
    cadence: 'daily',
    spread: 0.005,
    ...facts,
  });
}

/** The simulated market. Adding an underlying is adding a line. */
export const CATALOG: readonly Underlying[] = [
  index({
    symbol: 'SPX',
    description: 'S & P 500 Index',
    base: 6712.4,
    implied: 0.16,
    strikeStep: 5,
    roots: ['SPX', 'SPXW'],
    proprietaryFee: '0.60',
  }),
  index({
    symbol: 'XSP',
    description: 'S & P 500 Mini Spx Options Index',
    base: 671.24,
    implied: 0.16,
    strikeStep: 1,
    ticks: OPTION_TICKS.penny,
    multiLegTick: '0.01',
    roots: ['XSP'],
  }),
  index({
    symbol: 'MRUT',
    description: 'Mini-Russell 2000 Index',
    base: 243.18,
    implied: 0.23,
    strikeStep: 1,
    beta: 0.85,
    ticks: OPTION_TICKS.penny,
    multiLegTick: '0.01',
    roots: ['MRUT'],
  }),
  index({
    symbol: 'NDX',
    description: 'Nasdaq 100 Index',
    base: 24650.5,
    implied: 0.21,
    strikeStep: 25,
    roots: ['NDX', 'NDXP'],
    proprietaryFee: '0.18',
  }),
  index({
    symbol: 'RUT',
    description: 'Russell 2000 Index',
    base: 2431.8,
    implied: 0.23,
    strikeStep: 5,
    beta: 0.85,
    roots: ['RUT', 'RUTW'],
    proprietaryFee: '0.18',
  }),
  index({
    symbol: 'VIX',
    description: 'CBOE Volatility Index',
    base: 17.85,
    implied: 0.95,
    realised: 0.7,
    strikeStep: 0.5,
    beta: -0.8,
    cadence: 'wednesday',
    ticks: OPTION_TICKS.pennyProgramme,
    multiLegTick: '0.01',
    roots: ['VIX', 'VIXW'],
    proprietaryFee: '0.25',
  }),
  etf({
    symbol: 'SPY',
    description: 'SPDR S&P 500 ETF Trust',
    base: 669.8,
    implied: 0.16,
    strikeStep: 1,
    dividend: '1.76',
    beta: 1,
  }),
  etf({
    symbol: 'QQQ',
    description: 'Invesco QQQ Trust',
    base: 601.2,
    implied: 0.21,
    strikeStep: 1,
    dividend: '0.69',
    beta: 0.95,
  }),
  etf({
    symbol: 'IWM',
    description: 'iShares Russell 2000 ETF',
    base: 242.6,
    implied: 0.23,
    strikeStep: 1,
    dividend: '0.66',
    beta: 0.85,
  }),
  etf({
    symbol: 'GLD',
    description: 'SPDR Gold Shares',
    base: 377.3,
    implied: 0.2,
    strikeStep: 1,
    beta: 0.1,
  }),
  etf({
    symbol: 'TLT',
    description: 'iShares 20+ Year Treasury ETF',
    base: 89.4,
    implied: 0.13,
    strikeStep: 0.5,
    beta: -0.2,
  }),
  stock({
    symbol: 'AAPL',
    description: 'Apple Inc.',
    base: 271.5,
    implied: 0.27,
    strikeStep: 2.5,
    dividend: '0.26',
  }),
  stock({
    symbol: 'MSFT',
    description: 'Microsoft Corporation',
    base: 478.2,
    implied: 0.25,
    strikeStep: 2.5,
    dividend: '0.91',
  }),
  stock({
    symbol: 'NVDA',
    description: 'NVIDIA Corporation',
    base: 182.6,
    implied: 0.42,
    strikeStep: 2.5,
    dividend: '0.01',
  }),
  stock({ symbol: 'AMZN', description: 'Amazon.com, Inc.', base: 226.3, implied: 0.32, strikeStep: 2.5 }),
  stock({
    symbol: 'META',
    description: 'Meta Platforms, Inc.',
    base: 612.7,
    implied: 0.34,
    strikeStep: 5,
    dividend: '0.53',
  }),
  stock({
    symbol: 'GOOGL',
    description: 'Alphabet Inc.',
    base: 298.4,
    implied: 0.3,
    strikeStep: 2.5,
    dividend: '0.21',
  }),
  stock({ symbol: 'TSLA', description: 'Tesla, Inc.', base: 404.1, implied: 0.52, strikeStep: 2.5 }),
  stock({
    symbol: 'AMD',
    description: 'Advanced Micro Devices, Inc.',
    base: 206.8,
    implied: 0.5,
    strikeStep: 2.5,
  }),
  stock({
    symbol: 'YMM',
    description: 'Full Truck Alliance Co. Ltd.',
    base: 11.2,
    implied: 0.48,
    strikeStep: 0.5,
    ticks: OPTION_TICKS.nickel,
    spread: 0.04,
  }),
];

const bySymbol = new Map(CATALOG.map((each) => [each.symbol, each]));
const byRoot = new Map(CATALOG.flatMap((each) => each.roots.map((root) => [root as string, each] as const)));

export function findUnderlying(symbol: string): Underlying | undefined {
  return bySymbol.get(symbol);
}

export function underlyingOfRoot(root: string): Underlying | undefined {
  return byRoot.get(root);
}
