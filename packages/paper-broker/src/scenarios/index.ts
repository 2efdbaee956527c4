import { agedScenario } from './aged.js';
import { demo } from './demo.js';
import { empty } from './empty.js';
import type { Scenario } from './scenario.js';
import { standard } from './standard.js';
import { twenty } from './twenty.js';
import { wellFunded } from './well-funded.js';

/** The accounts one can start with. A new one is a file beside these and a name in this list. */
const SCENARIOS: readonly Scenario[] = [standard, demo, twenty, empty, wellFunded];

/** @throws Error naming the known scenarios */
export function findScenario(name: string): Scenario {
  const found = SCENARIOS.find((each) => each.name === name) ?? agedScenario(name);
  if (found) return found;
  const known = [...SCENARIOS.map((each) => each.name), 'aged-<orders>-<legs>'];
  throw new Error(`Unknown scenario "${name}"; known: ${known.join(', ')}`);
}
