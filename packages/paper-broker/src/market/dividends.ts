import { addDays, daysBetween, isTradingDay } from '../calendar.js';
import type { Underlying } from './catalog.js';

/** Companies announce a dividend about this long before the shares trade without it. */
const ANNOUNCED_DAYS = 30;
const MONTHS = ['03', '06', '09', '12'];

/**
 * The latest announced dividend on a New York day, as the broker tells it: the coming one once it is announced, else
 * the last one. Everybody here goes ex on the first trading day from the 10th of March, June, September and December.
 */
export function latestDividend(
  { dividend }: Pick<Underlying, 'dividend'>,
  today: string,
): { exDate: string; perShare: string } | undefined {
  if (dividend === null) return undefined;
  const year = Number(today.slice(0, 4));
  const exDate = [year - 1, year, year + 1]
    .flatMap((each) => MONTHS.map((month) => tradingDayFrom(`${each}-${month}-10`)))
    .findLast((date) => daysBetween(today, date) <= ANNOUNCED_DAYS);
  return exDate === undefined ? undefined : { exDate, perShare: dividend };
}

function tradingDayFrom(date: string): string {
  let day = date;
  while (!isTradingDay(day)) day = addDays(day, 1);
  return day;
}
