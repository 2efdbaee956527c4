export {
  componentsOf,
  isRest,
  type ProfitTargets,
  recognise,
  STRATEGIES,
  strategyOf,
  titleOf,
} from './registry.js';
export { parseProfitTargets } from './settings.js';
export { entryOf } from './shape.js';
export type { Strategy } from './strategy.js';
