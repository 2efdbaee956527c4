import { UserError } from '../errors.js';

const HINT = 'Write it like “weekdays 9:00”, “market open +15m” or “2026-12-18 10:00”.';
const SHOWN = 60;

/**
 * @param part what could not be read, as written; empty if something is missing
 * @param why a half sentence such as `a time such as 9:00 is missing`
 */
export function unreadable(part: string, why?: string): UserError {
  const subject = part === '' ? 'I can’t read when' : `I can’t read “${shortened(part)}”`;
  return new UserError('WHEN_UNREADABLE', `${subject}${why === undefined ? '' : `: ${why}`}.`, HINT);
}

function shortened(part: string): string {
  return part.length > SHOWN ? `${part.slice(0, SHOWN)}…` : part;
}
