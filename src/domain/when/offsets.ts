import { IANAZone } from 'luxon';

const MINUTE_MS = 60_000;
/** Short enough that no zone changes its clock twice within it. */
const SPAN_MS = 4 * 24 * 60 * MINUTE_MS;

/** A stretch of time with at most one change of the clock. */
interface Span {
  readonly before: number;
  readonly after: number;
  /** Epoch milliseconds of the change; infinite if there is none. */
  readonly changesAt: number;
}

/**
 * What luxon said about each zone and span. Asking it (that is, Intl) for every single instant costs too much for
 * 100,000 schedules. Kept in memory alone: new zone data comes with a start.
 */
const known = new Map<string, Map<number, Span>>();

/**
 * How far a zone's clock is ahead of UTC at an instant.
 *
 * @param instant epoch milliseconds
 * @returns milliseconds
 * @throws RangeError if there is no such zone or no such instant
 */
export function offsetMs(instant: number, zone: string): number {
  const spans = known.get(zone) ?? new Map<number, Span>();
  const index = Math.floor(instant / SPAN_MS);
  let span = spans.get(index);
  if (span === undefined) {
    span = read(index * SPAN_MS, zone);
    spans.set(index, span);
    known.set(zone, spans);
  }
  return instant < span.changesAt ? span.before : span.after;
}

/** The first whole minute in (`low`, `high`] for which `holds`, which must stay true once it is. */
export function firstMinute(low: number, high: number, holds: (instant: number) => boolean): number {
  let no = low;
  let yes = high;
  while (yes - no > MINUTE_MS) {
    const middle = no + Math.floor((yes - no) / 2 / MINUTE_MS) * MINUTE_MS;
    if (holds(middle)) yes = middle;
    else no = middle;
  }
  return yes;
}

function read(start: number, name: string): Span {
  const zone = IANAZone.create(name);
  if (!zone.isValid) throw new RangeError(`not a time zone: ${name}`);
  if (Number.isNaN(start)) throw new RangeError('not an instant');
  const at = (instant: number) => zone.offset(instant) * MINUTE_MS;
  const end = start + SPAN_MS;
  const [before, after] = [at(start), at(end)];
  const changesAt = before === after ? Infinity : firstMinute(start, end, (each) => at(each) !== before);
  return { before, after, changesAt };
}
