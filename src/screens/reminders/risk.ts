import { shortDay } from '../../domain/dates.js';
import { describeTerse } from '../../domain/occ.js';
import { priceText } from '../../domain/text.js';
import type { ExpiringPosition } from '../../services/reminders/expiring.js';
import type { Mark, MarkedLeg } from '../../services/reminders/risk.js';

/** One line for each short leg with something to know, and one for what can't be known. */
export function riskLines({ view, shorts }: ExpiringPosition): string[] {
  const { underlying } = view.position;
  const blind = shorts.filter(({ marks }) => marks.some(({ kind }) => kind === 'price-unknown'));
  const told = shorts.filter((leg) => !blind.includes(leg));
  const lines = told.map((leg) => legLine(leg, underlying));
  if (blind.length > 0) {
    lines.push(`❔ ${underlying}’s price isn’t known, so whether short legs are in the money isn’t either`);
  }
  return lines;
}

/** The same in a few words, for summaries. */
export function riskWords({ shorts }: ExpiringPosition): string {
  const itm = shorts.flatMap(({ leg, marks }) =>
    marks.some(({ kind }) => kind === 'in-the-money') ? describeTerse(leg.instrument) : [],
  );
  const unknown = shorts.some(({ marks }) =>
    marks.some(({ kind }) => kind === 'price-unknown' || kind === 'adjusted'),
  );
  return [
    itm.length > 0 ? ` · ⚠️ short ${itm.join(', ')} in the money` : '',
    unknown ? ' · ❔ in the money not known' : '',
  ].join('');
}

function legLine({ leg, marks }: MarkedLeg, underlying: string): string {
  const sign = marks.some(({ kind }) => kind === 'in-the-money') ? '⚠️' : '❔';
  return `${sign} short ${describeTerse(leg.instrument)}: ${marks.map((mark) => words(mark, underlying)).join(' · ')}`;
}

function words(mark: Mark, underlying: string): string {
  switch (mark.kind) {
    case 'in-the-money':
      return `**in the money by ${priceText(mark.by)}** (${underlying} at ${priceText(mark.price)})`;
    case 'assigned-at-expiration':
      return mark.cash ? 'settles in cash at expiration if it stays there' : 'assigned if it stays there';
    case 'early-assignment':
      return `**early assignment likely**: only ${priceText(mark.extrinsic)} of time value left`;
    case 'ex-dividend':
      return dividendWords(mark);
    case 'ex-dividend-unknown':
      return 'ex-dividend dates aren’t known';
    case 'extrinsic-unknown':
      return 'time value isn’t known, so neither is the risk of early assignment';
    case 'price-unknown':
      return `${underlying}’s price isn’t known`;
    case 'adjusted':
      return 'an adjusted contract, so whether it is in the money isn’t known';
  }
}

function dividendWords({ date, amount, likely }: Extract<Mark, { kind: 'ex-dividend' }>): string {
  const what = `ex-dividend ${shortDay(date)}${amount ? ` (${priceText(amount)} a share)` : ''}`;
  if (likely === null) return `${what}: early assignment possible`;
  return likely
    ? `**${what}: early assignment likely the day before**`
    : `${what}: less than the time value left`;
}
