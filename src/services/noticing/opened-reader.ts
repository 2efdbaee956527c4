import type { AccountName } from '../../domain/account-names.js';
import { filledLeg } from '../../domain/order-fills.js';
import { orderOfKey } from '../../domain/position-key.js';
import type { Clock } from '../../ports/clock.js';
import type { Halt } from '../../ports/halts.js';
import type { Notices } from '../../ports/notices.js';
import type { PositionStore } from '../../ports/positions.js';
import type { AccessRules } from '../access/access.js';
import type { Halting } from '../access/halting.js';
import { type Chains, withChain } from '../accounts/chains.js';
import type { Desks } from '../accounts/desks.js';
import type { Book, OpenPosition } from '../accounts/positions.js';
import type { PreviewedPosition, PreviewPricer } from '../previews/pricing.js';
import { NotYet } from '../telling/projector.js';
import { markOfOrders } from './shown-orders.js';

/** A position that was opened, as its card tells of it. */
export interface OpenedCard {
  id: number;
  name: AccountName;
  /** Who is mentioned. */
  userId: string;
  /** Null once nothing of it is held. */
  held: HeldCard | null;
}

export interface HeldCard {
  view: OpenPosition;
  quotes: Book['quotes'];
  readAt: Date;
  /** Positions on the very same contracts, opened before. */
  moreOf: readonly number[];
  /** Its usual targets; null where they are working. */
  priced: PreviewedPosition | null;
  /** What a press confirms; see `markOfOrders`. */
  mark: string;
  /** Nothing may be sent, by settings. */
  readOnly: boolean;
  halt: Halt | null;
}

/** A card, and whether anybody needs to hear of it: of what is covered or gone nobody does. */
export interface OpenedNews {
  card: OpenedCard;
  wanted: boolean;
}

export interface OpenedReaderDeps {
  desks: Pick<Desks, 'find'>;
  store: Pick<PositionStore, 'positionAccounts'>;
  notices: Pick<Notices, 'channelOf'>;
  pricer: Pick<PreviewPricer, 'price'>;
  chains: Pick<Chains, 'of'>;
  halting: Pick<Halting, 'current'>;
  access: AccessRules;
  clock: Pick<Clock, 'now'>;
}

/** Fills are listed a moment after their order says that it is filled. */
const LAG_MS = 3_000;

/** Reads a position that was opened, and previews its usual targets without any plan: a press makes one of its own. */
export class OpenedReader {
  constructor(private readonly deps: OpenedReaderDeps) {}

  /**
   * @returns null where it belongs to no account that is served
   * @throws NotYet while some of its fills are missing, or an order of ours on it has no known fate; BrokerError
   */
  async read(id: number): Promise<OpenedNews | null> {
    const { desks, store, notices, clock } = this.deps;
    const account = (await store.positionAccounts([id])).get(id);
    const desk = account === undefined ? null : await desks.find(account);
    if (!desk) return null;
    const channel = await notices.channelOf(desk.number);
    const book = await desk.positions.read();
    const view = book.positions.find((each) => each.id === id);
    if (view && (view.underWay || isFilling(view, book)))
      throw new NotYet(new Date(clock.now().getTime() + LAG_MS));
    const held = view ? await this.#held(view, book) : null;
    const card = { id, name: desk.name, userId: channel?.userId ?? '', held };
    return { card, wanted: channel !== null && held !== null && held.priced !== null };
  }

  async #held(view: OpenPosition, book: Book): Promise<HeldCard> {
    const { pricer, chains, halting, access } = this.deps;
    const covered = view.cover.state === 'full';
    const [priced = null] = covered ? [] : await pricer.price(book, [view], {}, true, 'viewer');
    return {
      view: withChain(view, await chains.of(book, [view])),
      quotes: book.quotes,
      readAt: book.readAt,
      moreOf: book.positions.filter((other) => isMoreOf(view, other)).map(({ id }) => id),
      priced,
      mark: markOfOrders(book.account, priced?.targets ?? []),
      readOnly: access.readOnly,
      halt: await halting.current(),
    };
  }
}

/** Its opening order works still, or says that more has filled than its fills tell. */
function isFilling({ position }: OpenPosition, { history }: Book): boolean {
  const opening = history.find(({ id }) => id === orderOfKey(position.key));
  return position.opening || (opening?.legs.some((leg) => filledLeg(opening, leg).lagging) ?? false);
}

/** Another position on the very same contracts, known before. */
function isMoreOf(view: OpenPosition, other: OpenPosition): boolean {
  return other.id < view.id && contractsOf(other) === contractsOf(view);
}

function contractsOf({ position }: OpenPosition): string {
  return position.legs
    .filter(({ held }) => held > 0)
    .map(({ instrument, side }) => `${side} ${instrument.symbol}`)
    .sort()
    .join();
}
