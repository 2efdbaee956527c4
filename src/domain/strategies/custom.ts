import { simple } from './strategy.js';

/** Whatever no other strategy recognises: listed whole, and a target needs a percentage or a price. */
export const custom = simple({
  id: 'custom',
  name: 'Custom',
  defaultPercents: [],
  percentOf: 'credit',
  recognise: () => true,
});
