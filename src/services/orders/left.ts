import type { Logger } from 'pino';
import { BrokerError } from '../../domain/errors.js';
import { hidesHoldings } from '../../domain/odd-rows.js';
import type { Desks } from '../accounts/desks.js';
import type { OpenPosition } from '../accounts/positions.js';

/** How positions stand after orders of theirs have ended. */
export interface Left {
  /** Those that are held still. */
  positions: readonly OpenPosition[];
  readAt: Date;
}

/**
 * How covered positions are now. The broker's list may still show what has ended, or an order for them may be on its way,
 * or a row that can't be read may be what is held of one: then nobody knows yet.
 * @param ended ids of the orders that have ended
 */
export async function readLeft(
  { desks, log }: { desks: Pick<Desks, 'find'>; log: Logger },
  account: string,
  ended: readonly string[],
  positionIds: readonly number[],
): Promise<Left | null> {
  try {
    const desk = await desks.find(account);
    const book = await desk?.positions.read();
    if (!book || book.openOrders.some(({ id }) => ended.includes(id))) return null;
    const positions = book.positions.filter((view) => positionIds.includes(view.id));
    const allThere = positionIds.every((id) => positions.some((view) => view.id === id));
    if (!allThere && hidesHoldings(book.odd)) return null;
    return positions.some(({ underWay }) => underWay) ? null : { positions, readAt: book.readAt };
  } catch (error) {
    if (!(error instanceof BrokerError)) throw error;
    log.warn({ err: error }, 'could not read what orders left uncovered');
    return null;
  }
}
