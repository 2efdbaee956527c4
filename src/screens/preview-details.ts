import type { Decimal } from '../domain/money.js';
import { sum } from '../domain/money.js';
import type { Quotes } from '../domain/profit.js';
import { listText, priceText } from '../domain/text.js';
import type { PreviewedPosition, PreviewedTarget } from '../services/previews/pricing.js';
import { usd } from './format.js';
import { entryText, namesAmong, profitText } from './position.js';

/** What one looks up about a position's targets; what is all as expected is one line. */

/** Stands before the orders': what it was opened for, and how it stands. */
export function standingDetails({ view }: PreviewedPosition, quotes: Quotes): string[] {
  return [`Opened for a ${entryText(view.position)} · ${profitText(view, quotes)}`];
}

/** Stands behind the orders': ticks and coverage, and what the broker’s trial run came to. */
export function factDetails(position: PreviewedPosition): string[] {
  const { targets } = position;
  const covers = coverageLines(position);
  const facts = [
    ticksText(targets),
    covers.length === 0 && targets.length > 0 ? 'nothing else working' : '',
  ].filter(Boolean);
  return [
    ...(facts.length > 0 ? [facts.join(' · ')] : []),
    ...(covers.length > 0 ? ['Coverage before this:', ...covers] : []),
    ...costsLine(targets.filter(({ blocked }) => blocked === null)),
  ];
}

/** `Fees $7.53 · frees $1,500.00 of buying power`, for all of them; without orders nothing. */
export function costsLine(offered: readonly PreviewedTarget[]): string[] {
  if (offered.length === 0) return [];
  const fees = known(offered.map(({ dryRun }) => dryRun?.fees ?? null));
  const power = known(offered.map(({ dryRun }) => dryRun?.buyingPowerChange ?? null));
  return [[fees ? `Fees ${usd(fees)}` : 'Fees not told', ...(power ? [buyingPower(power)] : [])].join(' · ')];
}

function buyingPower(change: Decimal): string {
  return `${change.gte(0) ? 'frees' : 'uses'} ${usd(change.abs())} of buying power`;
}

/** Null unless every one is known. */
function known(values: readonly (Decimal | null)[]): Decimal | null {
  const told = values.filter((value) => value !== null);
  return told.length === values.length ? sum(told) : null;
}

function ticksText(targets: readonly PreviewedTarget[]): string {
  const ticks = [...new Set(targets.map(({ plan }) => priceText(plan.pricing.tick)))];
  if (ticks.length === 0) return '';
  return `All on tick ${listText(ticks)}`;
}

/** Only where something else works, is restricted, or is held by other positions too. */
function coverageLines({ coverage, view, targets }: PreviewedPosition): string[] {
  const own = new Map(view.position.legs.map(({ instrument, held }) => [instrument.symbol, held]));
  const expected = coverage.every(
    ({ instrument, held, restricted, working }) =>
      working === 0 && restricted === 0 && held === own.get(instrument.symbol),
  );
  if (expected && targets.length > 0) return [];
  const name = namesAmong(coverage.map(({ instrument }) => instrument));
  return coverage.map(({ instrument, held, restricted, working }) => {
    const locked = restricted > 0 ? ` · ${restricted} restricted` : '';
    return `${name(instrument)}: ${held} held · ${working} working to close${locked}`;
  });
}
