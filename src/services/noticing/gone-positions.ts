import { DAY_MS } from '../../domain/dates.js';
import { hidesHoldings } from '../../domain/odd-rows.js';
import { type AuditTrail, EVERY_ORDER } from '../../ports/audit.js';
import type { BotState } from '../../ports/bot-state.js';
import type { Clock } from '../../ports/clock.js';
import type { Closings } from '../../ports/closings.js';
import type { Notices } from '../../ports/notices.js';
import type { Book } from '../accounts/positions.js';
import type { BookLooker } from './book-watch.js';

/** What is gone for longer when a bot comes back is no news any more. */
const NEWS_MS = 30 * DAY_MS;
/** That a position is held is written down once an hour. */
const SEEN_MS = 60 * 60_000;

export interface GonePositionsDeps {
  notices: Pick<Notices, 'channelOf'>;
  store: Pick<AuditTrail, 'trail'> & Closings;
  state: BotState;
  clock: Pick<Clock, 'now'>;
  /** Something is due to be told. */
  wake(): void;
  /** Has an account read soon, if that is wanted. */
  readAgain(account: string): void;
}

/** What the last look at an account showed. */
interface Looked {
  readAt: Date;
  held: ReadonlySet<number>;
  /** Held by the look before and not by this one: gone if the next one says so too. */
  missing: ReadonlySet<number>;
  /** An order of ours works on something of it. */
  ours: boolean;
}

/**
 * Owes the card of each position that was held and is gone by two looks in a row, by whatever way, also while nobody
 * looked. How it ended is the ledger's to say, to whoever tells it.
 */
export class GonePositions implements BookLooker {
  readonly #accounts = new Map<string, Looked>();
  #since: Date | null = null;

  constructor(private readonly deps: GonePositionsDeps) {}

  async wants(account: string): Promise<boolean> {
    const looked = this.#accounts.get(account);
    if (looked?.ours || looked?.missing.size) return true;
    return (await this.deps.notices.channelOf(account)) !== null;
  }

  async look({ account, positions, odd, readAt }: Book): Promise<void> {
    const looked = this.#accounts.get(account);
    // Of two reads that overlapped the older may come later; what can't be read may be held still.
    if ((looked && readAt < looked.readAt) || hidesHoldings(odd)) return;
    const held = new Set(positions.map(({ id }) => id));
    const former = looked?.held ?? (await this.#heldBefore(account, readAt));
    // The broker may once list too little.
    const gone = [...(looked?.missing ?? [])].filter((id) => !held.has(id));
    if (gone.length > 0) await this.#owe(account, gone);
    const missing = new Set([...former].filter((id) => !held.has(id)));
    const ours = positions.some(({ working }) => working.some(({ linked }) => linked));
    this.#accounts.set(account, { readAt, held, missing, ours });
    if (missing.size > 0) this.deps.readAgain(account);
  }

  /** By what former processes wrote down; what was gone before any of them looked for that is no news. */
  async #heldBefore(account: string, readAt: Date): Promise<ReadonlySet<number>> {
    const since = await this.#lookedSince(readAt);
    const recent = readAt.getTime() - NEWS_MS;
    return new Set(
      await this.deps.store.unended(account, new Date(Math.max(since.getTime() - SEEN_MS, recent))),
    );
  }

  async #lookedSince(readAt: Date): Promise<Date> {
    if (this.#since) return this.#since;
    const { state } = this.deps;
    const kept = await state.recall('closings');
    if (kept === null) await state.remember('closings', readAt.toISOString());
    this.#since = kept === null ? readAt : new Date(kept);
    return this.#since;
  }

  /** Where its last order that traded, or else its last, was pressed; without any, where what is new in the account is told, if anywhere. */
  async #owe(account: string, gone: readonly number[]): Promise<void> {
    const { notices, store, clock, wake } = this.deps;
    const channel = await notices.channelOf(account);
    const notes = await Promise.all(
      gone.map(async (id) => {
        const trail = await store.trail(account, id, EVERY_ORDER);
        const last = trail.find(({ fills }) => fills.length > 0) ?? trail[0];
        const place = last?.plan ?? channel;
        return place ? [{ topic: String(id), channelId: place.channelId, userId: place.userId }] : [];
      }),
    );
    if (notes.flat().length === 0) return;
    await store.oweClosings(notes.flat(), clock.now());
    wake();
  }
}
