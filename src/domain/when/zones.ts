import { IANAZone } from 'luxon';

/**
 * True for a place of the IANA time zone database (`America/New_York`, `Etc/UTC`) and for `UTC`. Abbreviations
 * such as `EST` are refused although the database lists some: they stand still where people's clocks don't.
 */
export function isIanaZone(text: string): boolean {
  return (text === 'UTC' || /^[A-Za-z_]+\//.test(text)) && IANAZone.isValidZone(text);
}
