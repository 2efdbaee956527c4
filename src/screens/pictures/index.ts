import type { Book, OpenPosition } from '../../services/accounts/positions.js';
import type { UnderlyingPrices } from '../../services/accounts/underlying-prices.js';
import { listed, unhurried } from '../../services/accounts/unhurried.js';
import type { Preview } from '../../services/previews/preview.js';
import type { ReminderContent } from '../../services/reminders/content.js';
import { dayPicture, dayRow } from './day-bars.js';
import { payoffPicture } from './payoff.js';
import { payoffFacts } from './payoff-facts.js';
import { stripPicture } from './strip.js';
import { stripRow } from './strip-facts.js';
import type { Picture } from './svg.js';
import { plannedMarks, type TargetMark, workingMarks } from './target-marks.js';

export type { Picture } from './svg.js';

/** Where what an underlying costs is read, once it is clear that a picture needs it. */
type PriceSource = Pick<UnderlyingPrices, 'of'>;

/** What stands beside a preview; null where there is nothing to draw. */
export async function previewPicture(
  { positions, quotes }: Preview,
  prices: PriceSource,
): Promise<Picture | null> {
  const [only, ...others] = positions;
  if (!only) return null;
  if (others.length > 0) return strip(positions.map(({ view, targets }) => [view, plannedMarks(targets)]));
  const targets = [...plannedMarks(only.targets), ...workingMarks(only.view)];
  return payoff(only.view, { quotes, targets }, prices);
}

/** What stands beside a list of positions, likewise. */
export async function positionsPicture(
  { quotes }: Pick<Book, 'quotes'>,
  shown: readonly OpenPosition[],
  prices: PriceSource,
): Promise<Picture | null> {
  const [only, ...others] = shown;
  if (!only) return null;
  if (others.length > 0) return strip(shown.map((view) => [view, null]));
  return payoff(only, { quotes, targets: workingMarks(only) }, prices);
}

/** What stands beside what a reminder tells: after the close, each position's day. */
export function reminderPicture({ parts }: ReminderContent): Picture | null {
  const summaries = parts.flatMap(({ reminder, found }) => {
    if (!found || 'unreadable' in found || found.kind !== 'daily-summary') return [];
    return found.findings.part === 'after' ? [{ id: reminder.id, ...found.findings }] : [];
  });
  const [first] = summaries;
  if (!first) return null;
  // Of several accounts all are in one picture.
  const same = summaries.filter(({ id, day }) => id === first.id && day === first.day);
  return dayPicture(
    same.flatMap(({ held, book, day }) => held.flatMap((view) => dayRow(view, book.quotes, day) ?? [])),
    first.day,
  );
}

async function strip(
  positions: readonly (readonly [OpenPosition, readonly TargetMark[] | null])[],
): Promise<Picture | null> {
  const rows = function* () {
    for (const [view, planned] of positions) yield stripRow(view, planned);
  };
  return stripPicture(await unhurried(listed(rows())));
}

async function payoff(
  view: OpenPosition,
  more: Pick<Parameters<typeof payoffFacts>[1], 'quotes' | 'targets'>,
  prices: PriceSource,
): Promise<Picture | null> {
  const { underlying } = view.position;
  const price = (await prices.of([underlying])).get(underlying) ?? null;
  const facts = payoffFacts(view, { ...more, price });
  return facts && payoffPicture(facts);
}
