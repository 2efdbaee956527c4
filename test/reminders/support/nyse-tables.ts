/**
 * As published, not computed: "NYSE Group Announces … Holiday and Early Closings Calendar" of 2021-12-27,
 * 2024-11-08 and 2025-12-23, and the closing of 2025-01-09. 2029 and 2030 are not published yet and were
 * reckoned by hand.
 */
export const CLOSED: Readonly<Record<number, readonly string[]>> = {
  2024: ['01-01', '01-15', '02-19', '03-29', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
  2025: ['01-01', '01-09', '01-20', '02-17', '04-18', '05-26', '06-19', '07-04', '09-01', '11-27', '12-25'],
  2026: ['01-01', '01-19', '02-16', '04-03', '05-25', '06-19', '07-03', '09-07', '11-26', '12-25'],
  2027: ['01-01', '01-18', '02-15', '03-26', '05-31', '06-18', '07-05', '09-06', '11-25', '12-24'],
  2028: ['01-17', '02-21', '04-14', '05-29', '06-19', '07-04', '09-04', '11-23', '12-25'],
  2029: ['01-01', '01-15', '02-19', '03-30', '05-28', '06-19', '07-04', '09-03', '11-22', '12-25'],
  2030: ['01-01', '01-21', '02-18', '04-19', '05-27', '06-19', '07-04', '09-02', '11-28', '12-25'],
};

/** Days that close at 13:00 Eastern. */
export const EARLY: Readonly<Record<number, readonly string[]>> = {
  2024: ['07-03', '11-29', '12-24'],
  2025: ['07-03', '11-28', '12-24'],
  2026: ['11-27', '12-24'],
  2027: ['11-26'],
  2028: ['07-03', '11-24'],
  2029: ['07-03', '11-23', '12-24'],
  2030: ['07-03', '11-29', '12-24'],
};

export const YEARS = Object.keys(CLOSED).map(Number);

const closed = new Set(YEARS.flatMap((year) => (CLOSED[year] ?? []).map((day) => `${year}-${day}`)));
const early = new Set(YEARS.flatMap((year) => (EARLY[year] ?? []).map((day) => `${year}-${day}`)));

/** `16:00` or `13:00`; null on a day without a session. For 2024 to 2030. */
export function closingTime(date: string): string | null {
  const weekday = new Date(`${date}T12:00:00Z`).getUTCDay();
  if (weekday === 0 || weekday === 6 || closed.has(date)) return null;
  return early.has(date) ? '13:00' : '16:00';
}
