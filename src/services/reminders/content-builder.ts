import type { Logger } from 'pino';
import type { AccountName } from '../../domain/account-names.js';
import type { MarketCalendar } from '../../domain/calendar/calendar.js';
import { BrokerError, UserError, whyOf } from '../../domain/errors.js';
import type { Clock } from '../../ports/clock.js';
import type { Owed, Reminder } from '../../ports/reminder-store.js';
import type { BookSource } from '../accounts/positions.js';
import type { ReminderContent, ReminderPart } from './content.js';
import type { ContentBuilder } from './engine/index.js';
import type { Look } from './kinds/kind.js';
import { type Found, KINDS, type KindName, kindNamed } from './kinds/registry.js';
import { decodeOptions, type ReminderOptions } from './options.js';
import { Reading, type ReadingDeps } from './reading.js';

/** Reminders due together share one look at the account for so long. */
const SHARED_MS = 10_000;

/** An account as reminders look at it. */
export interface AccountSource extends BookSource {
  /** The whole number. */
  number: string;
  name: AccountName;
}

export interface ContentDeps extends Omit<ReadingDeps, 'desks'> {
  desks: {
    /** Those that a reminder is about. @throws UserError, BrokerError where that isn't known */
    about(options: Pick<ReminderOptions, 'account' | 'position'>): Promise<readonly AccountSource[]>;
  };
  clock: Clock;
  calendar(): MarketCalendar;
  log: Logger;
}

interface Source {
  /** Null for what is about no account in particular. */
  name: AccountName | null;
  reading: Reading;
}

interface Looked {
  part: ReminderPart;
  /** Why it can't be looked at now; null if it can. */
  error: BrokerError | UserError | null;
}

/** Says what reminders have to say, from what the broker tells at that moment. */
export class ReminderContentBuilder implements ContentBuilder<ReminderContent> {
  /** By account. */
  readonly #shared = new Map<string, { reading: Reading; since: number }>();

  constructor(private readonly deps: ContentDeps) {}

  /** @throws BrokerError, UserError if nothing can be told of any of them now */
  async build(owed: Owed[], { late }: { late: boolean; now: Date }): Promise<ReminderContent | null> {
    const [lead] = owed;
    if (!lead) return null;
    const since = new Date(Math.max(...owed.map(({ occurrence }) => +occurrence.dueAt)));
    const parts: ReminderPart[] = [];
    const blind: unknown[] = [];
    for (const { reminder, occurrence, alsoMissed } of owed) {
      const looks = await this.#looks(reminder, occurrence.dueAt, since);
      const told = looks.filter(({ part }) => part.found !== null);
      parts.push(...told.map(({ part }, index) => ({ ...part, alsoMissed: index === 0 ? alsoMissed : [] })));
      const [failed] = looks.flatMap(({ error }) => error ?? []);
      // An account that can't be read is told as soon as another one could be.
      if (looks.every(({ error }) => error)) blind.push(...looks.map(() => failed));
    }
    // What can be told isn't held back by what can't; but a message of doubts alone waits for the broker.
    if (blind.length > 0 && blind.length === parts.length) throw blind[0];
    if (parts.length === 0) return null;
    return { leadId: lead.occurrence.leadId, userId: lead.reminder.userId, late, parts };
  }

  /** What a reminder would say now. @throws BrokerError, UserError */
  async rehearse(reminder: Reminder): Promise<ReminderContent> {
    const dueAt = this.deps.clock.now();
    const looks = await this.#looks(reminder, dueAt, dueAt);
    const [failed] = looks.flatMap(({ error }) => error ?? []);
    if (failed && looks.every(({ error }) => error)) throw failed;
    return { leadId: null, userId: reminder.userId, late: false, parts: looks.map(({ part }) => part) };
  }

  /** One look at each account that the reminder is about, side by side. */
  async #looks(reminder: Reminder, dueAt: Date, since: Date): Promise<Looked[]> {
    const kind = kindNamed(reminder.kind);
    const sources = await this.#sources(kind, decodeOptions(reminder.options), since);
    return Promise.all(
      sources.map(async ({ name: account, reading }) => {
        const part = { reminder, account, dueAt, alsoMissed: [] };
        try {
          return { part: { ...part, found: await this.#look(reminder, dueAt, reading) }, error: null };
        } catch (error) {
          if (!(error instanceof BrokerError || error instanceof UserError)) throw error;
          return { part: { ...part, found: { kind, unreadable: whyOf(error) } }, error };
        }
      }),
    );
  }

  /** What is told of each account, or once of all; where it isn't known which these are, nothing can be read. */
  async #sources(kind: KindName, options: ReminderOptions, since: Date): Promise<Source[]> {
    try {
      const all = await this.deps.desks.about(options);
      const each = KINDS[kind].uses.includes('account') ? all : all.slice(0, 1);
      const ofNone = !KINDS[kind].uses.includes('account') && options.position === undefined;
      return each.map((account) => ({
        name: ofNone ? null : account.name,
        reading: this.#reading(account, since),
      }));
    } catch (error) {
      if (!(error instanceof BrokerError || error instanceof UserError)) throw error;
      const unread = { read: () => Promise.reject(error) };
      return [{ name: null, reading: new Reading({ ...this.deps, desks: unread }) }];
    }
  }

  async #look(reminder: Reminder, dueAt: Date, reading: Reading): Promise<Found | null> {
    const { clock, calendar } = this.deps;
    const options = decodeOptions(reminder.options);
    const look = { options, reading, now: clock.now(), dueAt, calendar: calendar() };
    return findingsOf(kindNamed(reminder.kind), look);
  }

  /** The account changed, or may have: what was read before is not how things stand. */
  forget(): void {
    this.#shared.clear();
  }

  /** A look that began at `due` or later, and just now. */
  #reading(account: AccountSource, due: Date): Reading {
    const now = this.deps.clock.now().getTime();
    const { reading, since } = this.#shared.get(account.number) ?? { reading: null, since: 0 };
    if (reading && since >= due.getTime() && Math.abs(now - since) < SHARED_MS) return reading;
    const fresh = new Reading({ ...this.deps, desks: account });
    this.#shared.set(account.number, { reading: fresh, since: now });
    return fresh;
  }
}

async function findingsOf(kind: KindName, look: Look): Promise<Found | null> {
  const findings = await KINDS[kind].look(look);
  // Each kind's findings go with its own name: the registry's type says so, one by one.
  return findings && ({ kind, findings } as Found);
}
