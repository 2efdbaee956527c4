import type { Logger } from 'pino';
import type { MarketCalendar } from '../../domain/calendar/calendar.js';
import { BrokerError, UserError, whyOf } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Claim, Reminder } from '../../ports/reminder-store.js';
import type { ReminderContent, ReminderPart } from './content.js';
import type { ContentBuilder } from './engine/index.js';
import type { Look } from './kinds/kind.js';
import { type Found, KINDS, type KindName, kindNamed } from './kinds/registry.js';
import { decodeOptions } from './options.js';
import { Reading, type ReadingDeps } from './reading.js';

/** Reminders due together share one look at the account for so long. */
const SHARED_MS = 10_000;

export interface ContentDeps extends ReadingDeps {
  clock: Clock;
  calendar(): MarketCalendar;
  log: Logger;
}

/** Says what reminders have to say, from what the broker tells at that moment. */
export class ReminderContentBuilder implements ContentBuilder<ReminderContent> {
  #shared: { reading: Reading; since: number } | null = null;

  constructor(private readonly deps: ContentDeps) {}

  /** @throws BrokerError, UserError if nothing can be told of any of them now */
  async build(claims: Claim[], { late }: { late: boolean; now: Date }): Promise<ReminderContent | null> {
    const [lead] = claims;
    if (!lead) return null;
    const reading = this.#reading(new Date(Math.max(...claims.map(({ occurrence }) => +occurrence.dueAt))));
    const parts: ReminderPart[] = [];
    const failures: unknown[] = [];
    for (const { reminder, occurrence, alsoMissed } of claims) {
      const { dueAt } = occurrence;
      const part = { reminder, dueAt, alsoMissed };
      try {
        const found = await this.#look(reminder, dueAt, reading);
        if (found) parts.push({ ...part, found });
      } catch (error) {
        if (!(error instanceof BrokerError || error instanceof UserError)) throw error;
        failures.push(error);
        parts.push({ ...part, found: { kind: kindNamed(reminder.kind), unreadable: whyOf(error) } });
      }
    }
    // What can be told isn't held back by what can't; but a message of doubts alone waits for the broker.
    if (failures.length > 0 && failures.length === parts.length) throw failures[0];
    if (parts.length === 0) return null;
    return { leadId: lead.occurrence.id, userId: lead.reminder.userId, late, parts };
  }

  /** What a reminder would say now. @throws BrokerError, UserError */
  async rehearse(reminder: Reminder): Promise<ReminderContent> {
    const dueAt = this.deps.clock.now();
    const found = await this.#look(reminder, dueAt, this.#reading(dueAt));
    const part = { reminder, dueAt, alsoMissed: [], found };
    return { leadId: null, userId: reminder.userId, late: false, parts: [part] };
  }

  async #look(reminder: Reminder, dueAt: Date, reading: Reading): Promise<Found | null> {
    const { clock, calendar } = this.deps;
    const options = decodeOptions(reminder.options);
    const look = { options, reading, now: clock.now(), dueAt, calendar: calendar() };
    return findingsOf(kindNamed(reminder.kind), look);
  }

  /** The account changed, or may have: what was read before is not how things stand. */
  forget(): void {
    this.#shared = null;
  }

  /** A look that began at `due` or later, and just now. */
  #reading(due: Date): Reading {
    const now = this.deps.clock.now().getTime();
    const { reading, since } = this.#shared ?? { reading: null, since: 0 };
    if (reading && since >= due.getTime() && Math.abs(now - since) < SHARED_MS) return reading;
    const fresh = new Reading(this.deps);
    this.#shared = { reading: fresh, since: now };
    return fresh;
  }
}

async function findingsOf(kind: KindName, look: Look): Promise<Found | null> {
  const findings = await KINDS[kind].look(look);
  // Each kind's findings go with its own name: the registry's type says so, one by one.
  return findings && ({ kind, findings } as Found);
}
