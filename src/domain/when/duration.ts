/** A length of time. Days are calendar days: with daylight saving they are not always 24 hours. */
export interface Duration {
  readonly days: number;
  readonly minutes: number;
}

const PARTS =
  /^(?:(\d{1,4}) ?w(?:eeks?)?)? ?(?:(\d{1,4}) ?d(?:ays?)?)? ?(?:(\d{1,4}) ?h(?:(?:ou)?rs?)?)? ?(?:(\d{1,5}) ?m(?:in(?:ute)?s?)?)?$/;

/** `2h`, `45 min`, `1h30m`, `1 hour and 30 minutes`, `3 days`, `an hour`; null for anything else. Lower-case. */
export function parseDuration(text: string): Duration | null {
  const [whole, weeks, days, hours, minutes] =
    PARTS.exec(text.replace(/^an? /, '1 ').replaceAll(' and ', ' ')) ?? [];
  if (whole === undefined || !/\d/.test(whole)) return null;
  const count = (digits: string | undefined) => Number(digits ?? 0);
  return { days: 7 * count(weeks) + count(days), minutes: 60 * count(hours) + count(minutes) };
}

/** `1d2h30m`; `0m` for nothing. */
export function printDuration({ days, minutes }: Duration): string {
  const parts: [number, string][] = [
    [days, 'd'],
    [Math.floor(minutes / 60), 'h'],
    [minutes % 60, 'm'],
  ];
  const told = parts.filter(([count]) => count > 0).map(([count, unit]) => `${count}${unit}`);
  return told.join('') || '0m';
}
