import { type Decimal, sum } from '../domain/money.js';
import { heldCredit, type Quotes } from '../domain/profit.js';
import { listText, priceText } from '../domain/text.js';
import type { PreviewedPosition, PreviewedTarget } from '../services/previews/pricing.js';
import { roughPercent, signedUsd, usd } from './format.js';
import { entryText, namesAmong, profitText } from './position.js';
import { costNow, rungText } from './preview-orders.js';

/**
 * What one looks up about a position's targets, as a small table: a row for each fact, with one value per order in
 * their order above. What is all as expected is one line.
 */

/** Orders side by side, so that a row stays a line on a phone. */
const ABREAST = 4;

/** Stands before the orders': how it stands now; what it was opened for where that isn't what one remembers. */
export function standingDetails({ view, targets }: PreviewedPosition, quotes: Quotes): string[] {
  const { perUnit, changed } = heldCredit(view.position);
  const short = targets.length > 0;
  const entry = short && perUnit && !changed ? [] : [entryText(view.position)];
  return [[...entry, profitText(view, quotes, short)].join(' · ')];
}

/** The orders' rows, behind the last of so many as stand side by side; by the index of that order. */
export function orderRows(position: PreviewedPosition, quotes: Quotes): Map<number, string[]> {
  const { targets } = position;
  const rows = new Map<number, string[]>();
  for (let at = 0; at < targets.length; at += ABREAST) {
    const some = targets.slice(at, at + ABREAST);
    const names =
      targets.length > ABREAST
        ? [
            listed(
              '',
              some.map((each) => `**${rungText(each, position)}**`),
            ),
          ]
        : [];
    rows.set(at + some.length - 1, [...names, ...rowsOf(some, position, quotes)]);
  }
  return rows;
}

function rowsOf(targets: readonly PreviewedTarget[], position: PreviewedPosition, quotes: Quotes): string[] {
  const pricings = targets.map(({ plan }) => plan.pricing);
  const percents = pricings.map(({ effectivePercent }) => effectivePercent && roughPercent(effectivePercent));
  return [
    ...(targets.some(isRounded)
      ? [
          listed(
            'Raw',
            pricings.map(({ raw }) => raw && priceText(raw)),
          ),
          listed('Effective', percents),
          // What rounding costs is less profit, what it gains more.
          listed(
            'Rounding',
            pricings.map(({ raw, roundingCost }) => raw && signedUsd(roundingCost.negated())),
          ),
        ]
      : []),
    listed(
      'To mark',
      targets.map((target) => toMark(target, position, quotes)),
    ),
  ].filter(Boolean);
}

/** Its limit isn’t what was computed: rounded to a tick, or chosen by the trader. */
function isRounded({ plan: { pricing } }: PreviewedTarget): boolean {
  return !pricing.raw?.eq(pricing.limit);
}

/** `Raw 1.212 · 0.808 · —`; nothing where none is known. */
function listed(name: string, values: readonly (string | null)[]): string {
  if (values.every((value) => value === null)) return '';
  return `${name} ${values.map((value) => value ?? '—').join(' · ')}`.trim();
}

/** How far the mark has to go to the limit; negative once it is there. */
function toMark(target: PreviewedTarget, position: PreviewedPosition, quotes: Quotes): string | null {
  const { limit, effect } = target.plan.pricing;
  const cost = costNow(target, position, quotes, 'mark');
  if (!cost) return null;
  const away = effect === 'debit' ? cost.minus(limit) : limit.plus(cost);
  return `${away.lt(0) ? '−' : ''}${priceText(away.abs())}`;
}

/**
 * Stands behind the orders': ticks and coverage, and what the broker’s trial run came to.
 * @param instead the order that these are in place of; null for none
 */
export function factDetails(position: PreviewedPosition, instead: string | null): string[] {
  const { targets } = position;
  const covers = coverageLines(position);
  const facts = [
    ticksText(targets),
    targets.length > 0 && !targets.some(isRounded) ? 'no rounding' : '',
    covers.length === 0 && targets.length > 0 ? 'nothing else working' : '',
  ];
  return [
    facts.filter(Boolean).join(' · '),
    ...(covers.length > 0
      ? [instead ? `Coverage without ${instead}:` : 'Coverage before this:', ...covers]
      : []),
    ...costsLine(
      targets.filter(({ blocked }) => blocked === null),
      instead,
    ),
  ].filter(Boolean);
}

/** `Fees $7.53 · buying power +$1,500.00`, for all of them; without orders nothing. */
export function costsLine(offered: readonly PreviewedTarget[], instead: string | null): string[] {
  if (offered.length === 0) return [];
  const fees = known(offered.map(({ dryRun }) => dryRun?.fees ?? null));
  const power = known(offered.map(({ dryRun }) => dryRun?.buyingPowerChange ?? null));
  const told = [
    fees ? `Fees ${usd(fees)}` : instead ? 'Fees known once it is sent' : 'Fees not told',
    ...(power ? [`buying power ${signedUsd(power)}`] : []),
  ];
  return [told.join(' · ')];
}

/** Null unless every one is known. */
function known(values: readonly (Decimal | null)[]): Decimal | null {
  const told = values.filter((value) => value !== null);
  return told.length === values.length ? sum(told) : null;
}

function ticksText(targets: readonly PreviewedTarget[]): string {
  const ticks = [...new Set(targets.map(({ plan }) => priceText(plan.pricing.tick)))];
  return ticks.length > 0 ? `On tick ${listText(ticks)}` : '';
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
