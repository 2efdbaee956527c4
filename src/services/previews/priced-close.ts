import type { BrokerOrder } from '../../domain/types.js';
import type { Urgency } from '../../ports/broker.js';
import { type Chains, withChain } from '../accounts/chains.js';
import type { Book, PositionService } from '../accounts/positions.js';
import type { CloseWish } from './close-wish.js';
import { type Market, planClose } from './closing.js';
import type { Instead } from './instead.js';
import type { PreviewedPosition, PreviewPricer } from './pricing.js';

/** What closing now comes to. */
export interface ShownClose extends CloseWish {
  units: number;
  /** As many could be closed if nothing else held them. */
  held: number;
  market: Market;
}

/** A position as it would be closed now. */
export interface PricedClose {
  /** The account as it will be once what is in the way has ended. */
  book: Book;
  position: PreviewedPosition;
  /** Orders that end first, or have ended. */
  givingWay: readonly BrokerOrder[];
  close: ShownClose;
}

/**
 * What closing a position now would send, as the broker tries it.
 * @param read the account as it is
 * @throws UserError where it can't be closed so; BrokerError
 */
export async function pricedClose(
  { pricer, chains }: { pricer: Pick<PreviewPricer, 'close'>; chains: Pick<Chains, 'of'> },
  service: Pick<PositionService, 'find' | 'without'>,
  { read, id }: { read: Book; id: number },
  how: { close: CloseWish; leaveNaked: boolean; instead: Instead | null; urgency: Urgency },
): Promise<PricedClose> {
  const { close, instead } = how;
  const plan = planClose(read, service.find(read, id), close, instead);
  const givingWay = instead ? [instead.order] : plan.givingWay;
  const book = await service.without(read, new Set(givingWay.map((order) => order.id)));
  const view = service.find(book, id);
  const [{ market, ...priced }, rolled] = await Promise.all([
    pricer.close(book, view, plan, { ...how, at: close.at }),
    chains.of(book, [view]),
  ]);
  const position = { ...priced, view: withChain(priced.view, rolled) };
  const shown = { ...close, units: plan.units, held: plan.whole.units, market };
  return { book, position, givingWay, close: shown };
}
