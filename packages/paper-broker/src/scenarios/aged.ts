import type { Scenario, SeedTrade } from './scenario.js';
import { ironCondor } from './shapes.js';

const NAME = /^aged-(\d{1,5})-(\d{1,4})$/;
const CONDORS_A_DAY = 3;
const CONDOR_LEGS = 4;
/** Opened within the last two weeks, on expirations a week apart. */
const EXPIRATIONS = [24, 31, 38, 45, 52] as const;
/** Strikes in tens and wings of five: no condor's long strike is another's short one. */
const GRID = 10;
const WIDTH = 5;

/**
 * An account with years behind it: `aged-6000-100` has 6,000 orders of index condors opened and closed again, three a
 * day, a hundred option legs held now, and a few shares from before all of them.
 * @returns undefined for any other name
 */
export function agedScenario(name: string): Scenario | undefined {
  const [, orders, legs] = (NAME.exec(name) ?? []).map(Number);
  if (orders === undefined || legs === undefined) return undefined;
  const history = Array.from({ length: Math.ceil(orders / 2) }, (_, index) => past(index));
  const held = Array.from({ length: Math.ceil(legs / CONDOR_LEGS) }, (_, index) => open(index));
  const oldest = Math.max(...history.map(({ openedDaysAgo }) => openedDaysAgo), 730);
  const shares = { underlying: 'AAPL', shares: 12, options: [], dte: 31, openedDaysAgo: oldest };
  return { name, cash: '9000000', trades: [...history, ...held, shares] };
}

function past(index: number): SeedTrade {
  const closedDaysAgo = 15 + Math.floor((index / CONDORS_A_DAY) * (7 / 5));
  return {
    ...condor(0.02 + 0.01 * (index % CONDORS_A_DAY)),
    dte: 7,
    openedDaysAgo: closedDaysAgo + 2,
    closedDaysAgo,
  };
}

function open(index: number): SeedTrade {
  const round = Math.floor(index / EXPIRATIONS.length);
  const dte = EXPIRATIONS[index % EXPIRATIONS.length] ?? EXPIRATIONS[0];
  return { ...condor(0.03 + 0.002 * round), dte, openedDaysAgo: 1 };
}

function condor(away: number): Pick<SeedTrade, 'underlying' | 'options'> {
  const options = ironCondor(away, WIDTH).map((option) =>
    'away' in option.strike ? { ...option, strike: { ...option.strike, multipleOf: GRID } } : option,
  );
  return { underlying: 'SPX', options };
}
