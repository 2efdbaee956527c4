import type { Scenario } from './scenario.js';
import { standard } from './standard.js';

/**
 * The standard book, and a short put of AMZN whose usual target the default market reaches by itself within its first
 * hour: within a minute at 60×. From then on it is past it, so that its order fills whenever it is placed.
 */
export const demo: Scenario = {
  ...standard,
  name: 'demo',
  trades: [
    ...standard.trades,
    {
      underlying: 'AMZN',
      options: [{ right: 'P', side: 'short', quantity: 1, strike: { away: -0.07 } }],
      dte: 17,
      openedDaysAgo: 9,
      nearTarget: true,
    },
  ],
};
