import type { MarketCalendar } from '../../domain/calendar/calendar.js';
import { UserError } from '../../domain/errors.js';
import type { Reason } from '../../domain/reasons.js';
import type { Clock } from '../../ports/clock.js';
import type { Reminder, ReminderStore } from '../../ports/reminder-store.js';
import { type AccessRules, type Actor, assertChannel, assertMay } from '../access/access.js';
import { checkedOptions } from './checked-options.js';
import type { ReminderContent } from './content.js';
import { KINDS, kindNamed } from './kinds/registry.js';
import { decodeOptions, encodeOptions, type OptionName, type ReminderOptions } from './options.js';
import { runsOf, type Schedule, scheduled } from './schedule.js';
import type { UserZones } from './user-zones.js';

/** So many a server may have: a slip in a script must not fill the database. */
const MOST = 500;
const RUNS_SHOWN = 3;

export interface ReminderDeps {
  store: ReminderStore;
  clock: Clock;
  access: AccessRules;
  zones: UserZones;
  calendar(): MarketCalendar;
  builder: { rehearse(reminder: Reminder): Promise<ReminderContent> };
}

export interface NewSchedule {
  kind: string;
  when: string;
  channelId: string;
  /** The channel that a thread belongs to. */
  parentId?: string | null;
  options: ReminderOptions;
  /** Null leaves it to the kind. */
  marketDaysOnly: boolean | null;
}

/** What an edit changes; absent stays as it is. */
export interface ReminderEdit {
  when?: string;
  channelId?: string;
  options?: ReminderOptions;
  /** A filter to take off. */
  clear?: OptionName;
  marketDaysOnly?: boolean;
}

export type UnreadPart = 'options' | 'next-run';

/** A reminder with what is shown about when it runs. */
export interface ShownReminder {
  reminder: Reminder;
  options: ReminderOptions;
  /** The next three, or fewer; none while it is paused. */
  runs: Date[];
  /** The reader's own zone. */
  readerZone: string;
  /** What of it can't be read, by another version or newer zone data say; empty for all but such. */
  unread: readonly UnreadPart[];
  /** Its latest run, where that was missed or failed; only known in a list. */
  untold?: { dueAt: Date; note: Reason | null } | null;
}

/** What people do with reminders; running them is the engine's business. */
export class ReminderService {
  constructor(private readonly deps: ReminderDeps) {}

  /** @throws UserError for no right, nonsense, or too many */
  async add(actor: Actor, wanted: NewSchedule): Promise<ShownReminder> {
    const { store, clock, access, zones, calendar } = this.deps;
    assertMay(access, actor, 'schedule');
    assertChannel(access, { channelId: wanted.channelId, parentId: wanted.parentId ?? null });
    const kind = kindNamed(wanted.kind);
    const options = checkedOptions(kind, wanted.options);
    const zone = await zones.of(actor.userId);
    const marketDaysOnly = wanted.marketDaysOnly ?? KINDS[kind].trading;
    const now = clock.now();
    const { when, nextRunAt } = scheduled({ when: wanted.when, zone, marketDaysOnly }, now, calendar());
    const alive = (await store.list(whose(actor))).filter(({ state }) => state !== 'ended');
    if (alive.length >= MOST) throw new UserError('TOO_MANY_REMINDERS', { most: MOST });
    const reminder = await store.add({
      guildId: actor.guildId,
      channelId: wanted.channelId,
      userId: actor.userId,
      kind,
      when,
      zone,
      marketDaysOnly,
      nextRunAt,
      options: encodeOptions(options),
      createdAt: now,
    });
    return this.#shown(reminder, actor);
  }

  /**
   * What a text means as a time, without keeping anything.
   * @throws UserError `WHEN_UNREADABLE`, `WHEN_PAST`, `WHEN_NEVER`
   */
  async understood(userId: string, text: string): Promise<{ when: string; nextRunAt: Date; zone: string }> {
    const { zones, clock, calendar } = this.deps;
    const zone = await zones.of(userId);
    return { ...scheduled({ when: text, zone, marketDaysOnly: false }, clock.now(), calendar()), zone };
  }

  /** All of this server, by id. */
  async list(actor: Actor): Promise<ShownReminder[]> {
    const readerZone = await this.deps.zones.of(actor.userId);
    const reminders = await this.deps.store.list(whose(actor));
    const untold = await this.deps.store.untold(reminders.map(({ id }) => id));
    return reminders.map((reminder) => ({
      ...this.#view(reminder, readerZone),
      untold: untold.get(reminder.id) ?? null,
    }));
  }

  async pause(actor: Actor, id: number): Promise<ShownReminder> {
    const reminder = await this.#own(actor, id);
    if (reminder.state === 'ended') throw new UserError('REMINDER_ENDED', { id });
    await this.deps.store.pause(id, this.deps.clock.now());
    return this.#again(actor, id);
  }

  async resume(actor: Actor, id: number): Promise<ShownReminder> {
    const { store, clock, calendar } = this.deps;
    const reminder = await this.#own(actor, id);
    if (reminder.state === 'ended') throw new UserError('REMINDER_ENDED', { id });
    if (reminder.state === 'paused') {
      const { nextRunAt } = scheduled(reminder, clock.now(), calendar());
      await store.change(id, { state: 'active', nextRunAt });
    }
    return this.#again(actor, id);
  }

  /** A new `when` is read in the editor's zone, and wakes what had ended. @throws UserError */
  async edit(actor: Actor, id: number, edit: ReminderEdit): Promise<ShownReminder> {
    const { store, access } = this.deps;
    const reminder = await this.#own(actor, id);
    if (edit.channelId !== undefined) assertChannel(access, { channelId: edit.channelId, parentId: null });
    const merged = { ...decodeOptions(reminder.options), ...edit.options };
    if (edit.clear) delete merged[edit.clear];
    const options = checkedOptions(kindNamed(reminder.kind), merged);
    await store.change(id, {
      ...(edit.channelId === undefined ? {} : { channelId: edit.channelId }),
      options: encodeOptions(options),
      ...(await this.#rescheduled(actor, reminder, edit)),
    });
    return this.#again(actor, id);
  }

  async remove(actor: Actor, id: number): Promise<Reminder> {
    const reminder = await this.#own(actor, id);
    if (!(await this.deps.store.remove(id))) throw new UserError('REMINDER_NOT_HERE', { id });
    return reminder;
  }

  /** What it would say now. @throws BrokerError if the account can't be read */
  async rehearse(actor: Actor, id: number): Promise<ReminderContent> {
    return this.deps.builder.rehearse(await this.#own(actor, id));
  }

  async #rescheduled(
    actor: Actor,
    { when, zone, marketDaysOnly, state }: Reminder,
    edit: ReminderEdit,
  ): Promise<Partial<Reminder>> {
    if (edit.when === undefined && edit.marketDaysOnly === undefined) return {};
    const { clock, zones, calendar } = this.deps;
    const wanted: Schedule = {
      when: edit.when ?? when,
      zone: edit.when === undefined ? zone : await zones.of(actor.userId),
      marketDaysOnly: edit.marketDaysOnly ?? marketDaysOnly,
    };
    const next = scheduled(wanted, clock.now(), calendar());
    const paused = state === 'paused';
    return { ...wanted, when: next.when, ...(paused ? {} : { state: 'active', nextRunAt: next.nextRunAt }) };
  }

  /** A reminder of this server. @throws UserError `REMINDER_NOT_HERE`, and those of `assertMay` */
  async #own(actor: Actor, id: number): Promise<Reminder> {
    assertMay(this.deps.access, actor, 'schedule');
    const reminder = await this.deps.store.reminder(id);
    const here = reminder && reminder.guildId === actor.guildId;
    if (!here || (actor.guildId === null && reminder.userId !== actor.userId))
      throw new UserError('REMINDER_NOT_HERE', { id });
    return reminder;
  }

  async #again(actor: Actor, id: number): Promise<ShownReminder> {
    const reminder = await this.deps.store.reminder(id);
    if (!reminder) throw new UserError('REMINDER_NOT_HERE', { id });
    return this.#shown(reminder, actor);
  }

  async #shown(reminder: Reminder, actor: Actor): Promise<ShownReminder> {
    return this.#view(reminder, await this.deps.zones.of(actor.userId));
  }

  /** One that can't be read must not hide the others. */
  #view(reminder: Reminder, readerZone: string): ShownReminder {
    const { clock, calendar } = this.deps;
    const unread: UnreadPart[] = [];
    const tried = <T>(read: () => T, otherwise: T, part: UnreadPart): T => {
      try {
        return read();
      } catch {
        unread.push(part);
        return otherwise;
      }
    };
    const options = tried(() => decodeOptions(reminder.options), {}, 'options');
    const next = () => runsOf(reminder, clock.now(), calendar(), RUNS_SHOWN);
    const runs = reminder.state === 'active' ? tried(next, [], 'next-run') : [];
    return { reminder, options, runs, readerZone, unread };
  }
}

/** In direct messages everybody has their own. */
function whose({ guildId, userId }: Actor): { guildId: string | null; userId?: string } {
  return guildId === null ? { guildId, userId } : { guildId };
}
