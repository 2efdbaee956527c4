import type { Scenario } from './scenario.js';

/** Cash for hundreds of positions, and nothing else. */
export const wellFunded: Scenario = { name: 'well-funded', cash: '5000000', trades: [] };
