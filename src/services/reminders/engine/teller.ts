import type { Logger } from 'pino';
import { ChannelRefused, ChannelUnavailable } from '../../../ports/channel.js';
import type { Clock } from '../../../ports/clock.js';
import type { Messenger } from '../../../ports/messenger.js';
import type { Notice, ReminderStore } from '../../../ports/reminder-store.js';
import { type EngineRules, pauseBefore } from './rules.js';

const PER_ROUND = 50;

export interface TellerDeps {
  store: ReminderStore;
  messenger: Pick<Messenger<object>, 'directMessage'>;
  clock: Clock;
  log: Logger;
  rules: EngineRules;
  /** In [0, 1). */
  random(): number;
}

/**
 * Tells owners by direct message what became of their reminders: all of one round in one message, and never twice.
 * Where it can't be known whether a message got there and Discord's nonce no longer tells, it is not repeated; the
 * list of reminders shows the reason anyway.
 */
export class Teller {
  /** Epoch milliseconds; without a reason, notices are looked for only now and then. */
  #lookAt = 0;

  constructor(private readonly deps: TellerDeps) {}

  /** There is something to tell. */
  wake(): void {
    this.#lookAt = 0;
  }

  async tell(): Promise<void> {
    const { store, clock, rules } = this.deps;
    const { leaseMs, nonceMs } = rules;
    const now = clock.now();
    const wait = this.#lookAt - now.getTime();
    // A longer wait than was ever set means that the clock went back.
    if (wait > 0 && wait <= leaseMs) return;
    const notices = await store.takeNotices({ now, limit: PER_ROUND, leaseMs: leaseMs / 2, nonceMs });
    this.#lookAt = notices.length > 0 ? 0 : now.getTime() + leaseMs;
    for (const some of byBatch(notices)) await this.#tell(some);
  }

  async #tell(notices: [Notice, ...Notice[]]): Promise<void> {
    const { store, messenger, clock, log } = this.deps;
    const [{ batch, reminder }] = notices;
    const ids = notices.map(({ id }) => id);
    try {
      await messenger.directMessage(reminder.userId, notices, `notice-${batch}`);
      await store.endNotices(ids, clock.now(), null);
    } catch (error) {
      log.warn(
        { err: error, user: reminder.userId, notices: ids },
        'could not tell a user of their reminders',
      );
      if (error instanceof ChannelRefused) await store.endNotices(ids, clock.now(), error.reason);
      else if (error instanceof ChannelUnavailable && !error.maybeSent) await this.#later(notices, error);
      // Anything else may have got there: taken up again shortly, while the nonce still holds.
    }
  }

  async #later(notices: [Notice, ...Notice[]], error: ChannelUnavailable): Promise<void> {
    const { store, clock, random, rules } = this.deps;
    const pause = Math.max(error.retryAfterMs ?? 0, pauseBefore(notices[0].attempts, random(), rules));
    const until = new Date(clock.now().getTime() + pause);
    await store.postponeNotices(
      notices.map(({ id }) => id),
      until,
    );
  }
}

function byBatch(notices: readonly Notice[]): [Notice, ...Notice[]][] {
  const batches = new Map<number, [Notice, ...Notice[]]>();
  for (const notice of notices) {
    const batch = batches.get(notice.batch);
    if (batch) batch.push(notice);
    else batches.set(notice.batch, [notice]);
  }
  return [...batches.values()];
}
