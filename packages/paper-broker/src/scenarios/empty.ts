import type { Scenario } from './scenario.js';

/** Cash and nothing else. */
export const empty: Scenario = { name: 'empty', cash: '100000', trades: [] };
