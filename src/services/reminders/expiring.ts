import { dte } from '../../domain/dates.js';
import { firstEnd, isOver } from '../../domain/expiration.js';
import type { IsoDate } from '../../domain/types.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { Market } from './market.js';
import { type MarkedLeg, markedShorts } from './risk.js';

/** A position with what expires of it first, and what is risky about its short legs. */
export interface ExpiringPosition {
  view: OpenPosition;
  expiration: IsoDate;
  /** The day it trades last: for what settles in the morning the one before its expiration. */
  lastDay: IsoDate;
  /** It settles on the morning after `lastDay`. */
  morning: boolean;
  /** Whole calendar days at the exchange to `lastDay`: 0 on the day itself, negative while not settled after it. */
  dte: number;
  /** It has traded last; until it is settled the broker still shows it. */
  over: boolean;
  /** Short legs with something to say, also those that outlive the first expiration. */
  shorts: MarkedLeg[];
}

/** These positions by their first last trade, the nearest first; those without options held are left out. */
export function expiring(
  views: readonly OpenPosition[],
  { quotes }: Pick<Book, 'quotes'>,
  market: Market,
  now: Date,
): ExpiringPosition[] {
  return views
    .flatMap((view) => {
      const end = firstEnd(view.position, view.ends);
      if (end === null) return [];
      const { legs } = view.position;
      const shorts = markedShorts(legs, market, quotes, now).filter(({ marks }) => marks.length > 0);
      const { expiration, day: lastDay, morning } = end;
      return [{ view, expiration, lastDay, morning, dte: dte(now, lastDay), over: isOver(end, now), shorts }];
    })
    .sort((a, b) => a.dte - b.dte || a.view.id - b.view.id);
}
