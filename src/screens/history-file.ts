import { describeContract } from '../domain/occ.js';
import { orderOfKey } from '../domain/position-key.js';
import type { AccountHistory, HistoryEntry } from '../services/history/history.js';
import { daysHeld, howText, nameOf } from './history.js';

/** Above the file. */
export const FILE_INTRODUCED = 'The same as a table, a row per position:';

const COLUMNS = [
  ...['closed_at', 'opened_at', 'account', 'underlying', 'position', 'strategy', 'contracts'],
  ...['net', 'opened_for', 'fees', 'days_held', 'how', 'still_open', 'opening_order', 'closing_orders'],
];

/**
 * The same as a table, a row per position, the latest first: for a spreadsheet. Dollars after fees with at most four places,
 * instants in UTC.
 */
export function historyFile(histories: readonly AccountHistory[]): string {
  const rows = histories.flatMap(({ name, entries }) =>
    entries.map((entry) => rowOf(entry, `…${name.digits}`)),
  );
  return [COLUMNS, ...rows].map((row) => `${row.map(cell).join(',')}\r\n`).join('');
}

function rowOf(entry: HistoryEntry, account: string): string[] {
  const { opening, positionId, underlying, legs, net, opened, fees, whole, closedBy } = entry;
  return [
    entry.closedAt.toISOString(),
    entry.openedAt.toISOString(),
    account,
    underlying,
    positionId === null ? '' : `#${positionId}`,
    nameOf(entry),
    legs
      .map(({ side, opened: count, instrument }) => `${side} ${count} ${describeContract(instrument)}`)
      .join('; '),
    ...[net, opened, fees].map((amount) => amount.toDecimalPlaces(4).toFixed()),
    String(daysHeld(entry)),
    howText(entry),
    whole ? 'no' : 'yes',
    orderOfKey(opening) ?? '',
    [...closedBy].join(' '),
  ];
}

/** RFC 4180; a spreadsheet takes what begins like a formula for one, unless it is a number. */
function cell(text: string): string {
  const safe = /^[=+@]|^-(?!\d)/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
