import { parseWhen } from '../../domain/when/parse.js';
import { isOneTime } from '../../domain/when/when.js';
import type { Actor } from '../access/access.js';
import type { KindName } from './kinds/registry.js';
import type { ReminderService, ShownReminder } from './reminder-service.js';

/** What suits most people who sell premium. */
const DEFAULTS: readonly { kind: KindName; when: string }[] = [
  { kind: 'missing-targets', when: 'market open +15m' },
  { kind: 'expiry', when: 'market open +30m' },
  { kind: 'daily-summary', when: 'market close +15m' },
];

/** A default and the reminder that does its work in this channel already; null if none does. */
export interface SetupLine {
  kind: KindName;
  when: string;
  existing: ShownReminder | null;
  /** Made just now. */
  made: boolean;
}

/** The sensible defaults, each once per channel. */
export class SetupService {
  #queue: Promise<unknown> = Promise.resolve();

  constructor(private readonly reminders: Pick<ReminderService, 'list' | 'add'>) {}

  async look(actor: Actor): Promise<SetupLine[]> {
    const all = await this.reminders.list(actor);
    return DEFAULTS.map((each) => ({ ...each, existing: doing(all, each.kind, actor), made: false }));
  }

  /** Makes what is missing. One press after the other, so that two at once don't make it twice. */
  make(actor: Actor): Promise<SetupLine[]> {
    const made = this.#queue.then(() => this.#make(actor));
    this.#queue = made.catch(() => {});
    return made;
  }

  async #make(actor: Actor): Promise<SetupLine[]> {
    const lines: SetupLine[] = [];
    for (const line of await this.look(actor)) {
      if (line.existing) lines.push(line);
      else lines.push({ ...line, existing: await this.#add(actor, line), made: true });
    }
    return lines;
  }

  #add(actor: Actor, { kind, when }: SetupLine): Promise<ShownReminder> {
    return this.reminders.add(actor, {
      kind,
      when,
      channelId: actor.channelId,
      options: {},
      marketDaysOnly: null,
    });
  }
}

/** One that is narrowed down, or for one time, doesn't do the whole work. */
function doing(all: readonly ShownReminder[], kind: KindName, { channelId }: Actor): ShownReminder | null {
  const found = all.find(
    ({ reminder, options, unread }) =>
      reminder.kind === kind &&
      reminder.channelId === channelId &&
      reminder.state !== 'ended' &&
      unread.length === 0 &&
      !isOneTime(parseWhen(reminder.when)) &&
      options.underlying === undefined &&
      options.position === undefined,
  );
  return found ?? null;
}
