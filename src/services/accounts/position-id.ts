import { UserError } from '../../domain/errors.js';

/**
 * The id in `37` or `#37 QQQ …`.
 * @throws UserError `POSITION_UNKNOWN`
 */
export function readPositionId(text: string): number {
  const match = /^#?(\d{1,9})\b/.exec(text.trim());
  if (match) return Number(match[1]);
  throw new UserError(
    'POSITION_UNKNOWN',
    `"${text.slice(0, 60)}" is not a position I know.`,
    'Pick one from the list that opens while you type, such as #37; for targets also `all`.',
  );
}
