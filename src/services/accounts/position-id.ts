import { UserError } from '../../domain/errors.js';

/**
 * The id in `37` or `#37 QQQ …`.
 * @throws UserError `POSITION_UNKNOWN`
 */
export function readPositionId(text: string): number {
  const match = /^#?(\d{1,9})\b/.exec(text.trim());
  if (match) return Number(match[1]);
  throw new UserError('POSITION_UNKNOWN', { typed: text });
}
