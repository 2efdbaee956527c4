import type { Scenario } from './scenario.js';
import { callDebit, ironCondor, putCredit, strangle, trident } from './shapes.js';

/** A retail account with one of everything, as somebody who sells premium would have it. */
export const standard: Scenario = {
  name: 'standard',
  cash: '150000',
  trades: [
    { underlying: 'QQQ', options: trident(5, 2), dte: 38, openedDaysAgo: 7 },
    { underlying: 'SPX', options: trident(25, 10), dte: 45, openedDaysAgo: 5 },
    { underlying: 'SPX', options: putCredit(-0.035, 50), dte: 31, openedDaysAgo: 12 },
    { underlying: 'QQQ', options: callDebit(0, 10, 2), dte: 31, openedDaysAgo: 4 },
    { underlying: 'IWM', options: ironCondor(0.05, 5, 2), dte: 38, openedDaysAgo: 6 },
    { underlying: 'SPY', options: strangle(0.05), dte: 38, openedDaysAgo: 8 },
    {
      underlying: 'NVDA',
      options: [{ right: 'C', side: 'long', quantity: 2, strike: { away: 0.03 } }],
      dte: 45,
      openedDaysAgo: 3,
    },
    {
      underlying: 'AAPL',
      shares: 100,
      options: [{ right: 'C', side: 'short', quantity: 1, strike: { away: 0.04 } }],
      dte: 5,
      openedDaysAgo: 10,
    },
    { underlying: 'TSLA', options: putCredit(-0.1, 10), dte: 38, openedDaysAgo: 20, history: 'unknown' },
    { underlying: 'MSFT', options: putCredit(-0.05, 10, 2), dte: 24, openedDaysAgo: 18, pastTarget: true },
    {
      underlying: 'GOOGL',
      options: putCredit(-0.05, 5, 2),
      dte: 38,
      openedDaysAgo: 5,
      closing: { units: 1, share: 0.1 },
    },
    { underlying: 'AMZN', options: putCredit(-0.04, 5, 3), dte: 38, openedDaysAgo: 0, history: 'partly' },
  ],
};
