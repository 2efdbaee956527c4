import { positionsSteps } from '../../../src/screens/positions.js';
import type { View } from '../../../src/screens/view.js';
import { hurried } from '../../../src/services/accounts/unhurried.js';

/** All pages of the list at once. */
export function positionsViews(...given: Parameters<typeof positionsSteps>): View[] {
  return hurried(positionsSteps(...given));
}
