import { dte } from '../domain/dates.js';
import type { IsoDate, Position } from '../domain/types.js';
import type { Book, PositionView } from '../positions.js';
import type { Market } from './market.js';
import { type MarkedLeg, markedShorts } from './risk.js';

/** A position with what expires of it first, and what is risky about its short legs. */
export interface ExpiringPosition {
  view: PositionView;
  expiration: IsoDate;
  /** Whole calendar days at the exchange: 0 on the day itself, negative while the broker still shows it after. */
  dte: number;
  /** Short legs with something to say, also those that outlive the first expiration. */
  shorts: MarkedLeg[];
}

/** These positions by first expiration, the nearest first; those without options held are left out. */
export function expiring(
  views: readonly PositionView[],
  { quotes }: Pick<Book, 'quotes'>,
  market: Market,
  now: Date,
): ExpiringPosition[] {
  return views
    .flatMap((view) => {
      const expiration = firstExpiration(view.position);
      if (expiration === null) return [];
      const { legs } = view.position;
      const shorts = markedShorts(legs, market, quotes, now).filter(({ marks }) => marks.length > 0);
      return [{ view, expiration, dte: dte(now, expiration), shorts }];
    })
    .sort((a, b) => a.dte - b.dte || a.view.id - b.view.id);
}

function firstExpiration({ legs }: Position): IsoDate | null {
  const days = legs.flatMap(({ held, instrument }) => (held > 0 && instrument.option?.expiration) || []);
  return days.sort()[0] ?? null;
}
