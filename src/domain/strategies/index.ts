export { parseProfitTargets } from './profit-targets.js';
export {
  componentsOf,
  isRest,
  type ProfitTargets,
  recognise,
  STRATEGIES,
  strategyOf,
  titleOf,
} from './registry.js';
export { entryOf } from './shape.js';
export type { Strategy } from './strategy.js';
