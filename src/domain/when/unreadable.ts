import { UserError } from '../errors.js';
import type { WhenFault } from '../failures.js';

/**
 * @param part what could not be read, as written; empty if something is missing
 * @param why null where nothing more can be said
 */
export function unreadable(part: string, why: WhenFault | null = null): UserError {
  return new UserError('WHEN_UNREADABLE', { part, why });
}
