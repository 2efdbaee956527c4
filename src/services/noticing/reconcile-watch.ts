import type { Logger } from 'pino';
import type { MarketCalendar } from '../../domain/calendar/calendar.js';
import { lastClose } from '../../domain/calendar/exchange.js';
import type { Clock } from '../../ports/clock.js';
import type { Notices } from '../../ports/notices.js';
import type { Outbox } from '../../ports/outbox.js';
import type { AccountDesk } from '../accounts/account-desk.js';
import { type Finding, findingKey, type ReconcileService } from '../orders/reconcile.js';
import { shortHash } from '../telling/projector.js';
import type { ToldFindings } from './told-findings.js';

/** What the messages are kept under. */
export const RECONCILED = 'reconcile';
/** What a crash left is looked for first. */
const AFTER_START_MS = 10_000;
/** What ends with the session has ended at the broker by then. */
const AFTER_CLOSE_MS = 15 * 60_000;
const EVERY_MS = 60_000;
/** What is on its way for less time is no finding yet. */
const ON_ITS_WAY_MS = 2 * 60_000;

export interface ReconcileWatchDeps {
  reconciling: Pick<ReconcileService, 'of'>;
  notices: Pick<Notices, 'channelOf'>;
  told: ToldFindings;
  outbox: Pick<Outbox, 'begin'>;
  calendar(): MarketCalendar;
  clock: Clock;
  log: Logger;
  /** Something is due to be told. */
  wake(): void;
}

/**
 * Compares journal and broker at start and after each close, and owes one message about what is new and wrong, where the
 * account has a channel for it. What was told isn't told again before it has changed.
 */
export class ReconcileWatch {
  /** When each account was last compared. */
  readonly #looked = new Map<string, Date>();
  readonly #stop = new AbortController();

  constructor(private readonly deps: ReconcileWatchDeps) {}

  /** @param desks those that are known by now, asked each time */
  start(desks: () => readonly AccountDesk[]): void {
    void this.#nowAndThen(desks).catch(() => {});
  }

  stop(): void {
    this.#stop.abort();
  }

  /** Compares the accounts that are due. Never throws: what can't be read now is due still. */
  async beat(desks: readonly Pick<AccountDesk, 'number' | 'positions'>[]): Promise<void> {
    for (const desk of desks.filter(({ number }) => this.#isDue(number))) {
      const at = this.deps.clock.now();
      try {
        await this.#look(desk);
        this.#looked.set(desk.number, at);
      } catch (error) {
        this.deps.log.warn({ err: error }, 'could not compare the journal with the broker');
      }
    }
  }

  /** Ends with the signal's reason. */
  async #nowAndThen(desks: () => readonly AccountDesk[]): Promise<never> {
    const { clock } = this.deps;
    await clock.sleep(AFTER_START_MS, this.#stop.signal);
    for (;;) {
      await this.beat(desks());
      await clock.sleep(EVERY_MS, this.#stop.signal);
    }
  }

  #isDue(account: string): boolean {
    const looked = this.#looked.get(account);
    if (!looked) return true;
    const before = new Date(this.deps.clock.now().getTime() - AFTER_CLOSE_MS);
    const close = lastClose(this.deps.calendar(), before);
    return close !== null && looked.getTime() < close.getTime() + AFTER_CLOSE_MS;
  }

  async #look({ number, positions }: Pick<AccountDesk, 'number' | 'positions'>): Promise<void> {
    const { reconciling, notices, told, outbox, clock, wake } = this.deps;
    const channel = await notices.channelOf(number);
    if (!channel) return;
    const { findings } = await reconciling.of(await positions.read());
    const keys = new Set(findings.filter((each) => this.#isFinding(each)).map(findingKey));
    const former = await told.told(number);
    const fresh = [...keys].filter((key) => !former.keys.has(key)).sort();
    if (fresh.length > 0) {
      const now = clock.now();
      // The same for a crash, and for another process that finds the same.
      const topic = shortHash([number, former.turn, fresh]);
      await told.begin(topic, { account: number, keys: new Set(fresh) });
      const { channelId, userId } = channel;
      await outbox.begin([{ kind: RECONCILED, topic, channelId, userId }], now);
      wake();
    }
    if (fresh.length > 0 || keys.size < former.keys.size) await told.keep(number, keys);
  }

  #isFinding(finding: Finding): boolean {
    if (finding.kind !== 'unsettled') return true;
    return this.deps.clock.now().getTime() - finding.intent.createdAt.getTime() > ON_ITS_WAY_MS;
  }
}
