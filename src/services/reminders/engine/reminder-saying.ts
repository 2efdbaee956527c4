import { becauseOf, type Reason } from '../../../domain/reasons.js';
import type { Clock } from '../../../ports/clock.js';
import type { Note } from '../../../ports/outbox.js';
import type { Owed, ReminderStore } from '../../../ports/reminder-store.js';
import { pauseBefore } from '../../telling/pauses.js';
import { NotYet } from '../../telling/projector.js';
import type { Said, Saying, Setback } from '../../telling/saying.js';
import { DEFAULT_RULES, type TellingRules } from './rules.js';

/** Says what reminders have to say, read fresh from the broker. */
export interface ContentBuilder<Content extends object> {
  /**
   * One message for these runs, all of one channel; several are of one owner and late. Null if there is nothing to say
   * for any of them.
   *
   * Throws where it can't tell now, the broker being away, say; then it is asked again later.
   */
  build(owed: Owed[], telling: { late: boolean; now: Date }): Promise<Content | null>;
}

/** How a reminder's message reads on a surface, and how its pages are known again. */
export interface ReminderWords<Page, Content> extends Pick<Saying<Page>, 'mark'> {
  pages(content: Content, now: Date): Page[];
  /** What is added once it is out; nobody waits for it. */
  onOut?(content: Content, refs: readonly string[]): void;
}

export interface ReminderSayingDeps<Page, Content extends object> {
  store: ReminderStore;
  builder: ContentBuilder<Content>;
  words: ReminderWords<Page, Content>;
  clock: Clock;
  rules?: Partial<TellingRules>;
  /** In [0, 1). */
  random?(): number;
}

/**
 * A reminder's message: one run, or what came late for one owner in one channel, said as things stand when it leaves.
 * Its topic is the occurrence that leads it, by whose number its pages are known again.
 */
export class ReminderSaying<Page, Content extends object> implements Saying<Page> {
  readonly place = 'channel';
  readonly #rules: TellingRules;

  constructor(private readonly deps: ReminderSayingDeps<Page, Content>) {
    this.#rules = { ...DEFAULT_RULES, ...deps.rules };
  }

  nonce(topic: string): string {
    return `remind-${topic}`;
  }

  mark(page: Page, topic: string): 'part' | 'last' | null {
    return this.deps.words.mark(page, topic);
  }

  async leftSince({ topic }: Note): Promise<Date | null> {
    const [lead] = await this.deps.store.owed(Number(topic));
    return lead?.occurrence.dispatchedAt ?? null;
  }

  /** A message that just left may not be seen yet: then only the same nonce keeps it from being posted twice. */
  async notThere({ topic }: Note, since: Date): Promise<boolean> {
    const { store, clock } = this.deps;
    if (clock.now().getTime() - since.getTime() < this.#rules.settledMs) return false;
    await store.putOff(Number(topic), { unsent: true });
    return true;
  }

  async compose(note: Note, begun: readonly string[]): Promise<Said<Page> | null> {
    const { store, clock, words } = this.deps;
    const leadId = Number(note.topic);
    const owed = await this.#owed(leadId);
    if (owed.length === 0) return null;
    const content = await this.#content(note, owed);
    if (content === null) {
      const messageRef = begun.at(-1) ?? null;
      const state = messageRef === null ? 'empty' : 'sent';
      await store.finish(leadId, { state, messageRef, at: clock.now() });
      return null;
    }
    // Its first page is looked for from here on, should this try fail as well.
    const since = (begun.length > 0 && owed[0]?.occurrence.dispatchedAt) || clock.now();
    const leaves = await store.dispatch(leadId, idsOf(owed), since);
    // Removed or paused meanwhile: the message would say too much.
    if (!leaves) return this.compose(note, begun);
    const pages = words.pages(content, clock.now());
    return { pages, onOut: (refs) => words.onOut?.(content, refs) };
  }

  async said({ topic }: Note, refs: readonly string[]): Promise<void> {
    const { store, clock } = this.deps;
    await store.finish(Number(topic), { state: 'sent', messageRef: refs.at(-1) ?? null, at: clock.now() });
  }

  async refused({ topic }: Note, reason: Reason): Promise<void> {
    const { store, clock } = this.deps;
    const owed = await store.owed(Number(topic));
    await store.fail(idsOf(owed), { reason, at: clock.now(), pause: true });
  }

  putOff({ topic }: Note, { until, reason, unsent }: Setback): Promise<boolean> {
    return this.#putOff(Number(topic), until, { code: 'NOT_TAKEN', because: reason }, unsent);
  }

  /** What the message tells: with whatever else comes late by now, and without what comes too late. */
  async #owed(leadId: number): Promise<Owed[]> {
    const { store, clock } = this.deps;
    const now = clock.now();
    const owed = await this.#withinGrace(leadId, now);
    const [lead] = owed;
    if (!lead || lead.occurrence.dispatchedAt || !this.#isLate(lead, now)) return owed;
    await store.gather(leadId, { before: new Date(now.getTime() - this.#rules.lateMs), now });
    return this.#withinGrace(leadId, now);
  }

  async #withinGrace(leadId: number, now: Date): Promise<Owed[]> {
    const { store } = this.deps;
    const before = new Date(now.getTime() - this.#rules.graceMs);
    const owed = await store.owed(leadId);
    if (owed.every(({ occurrence }) => occurrence.dueAt >= before)) return owed;
    await store.expire(leadId, { before, at: now });
    return store.owed(leadId);
  }

  #isLate({ occurrence }: Owed, now: Date): boolean {
    return now.getTime() - occurrence.dueAt.getTime() > this.#rules.lateMs;
  }

  /** @throws NotYet */
  async #content(note: Note, owed: Owed[]): Promise<Content | null> {
    const { builder, clock, random = Math.random } = this.deps;
    const [lead] = owed;
    try {
      const now = clock.now();
      return await builder.build(owed, { late: lead !== undefined && this.#isLate(lead, now), now });
    } catch (error) {
      const until = new Date(clock.now().getTime() + pauseBefore(note.attempts, random()));
      const reason = { code: 'NOT_PUT_TOGETHER', because: becauseOf(error) } as const;
      await this.#putOff(Number(note.topic), until, reason, false);
      throw new NotYet(until, { cause: error });
    }
  }

  /** Those whose grace is over by then are ended, and their owners told. */
  async #putOff(leadId: number, until: Date, note: Reason, unsent: boolean): Promise<boolean> {
    const { store, clock } = this.deps;
    await store.putOff(leadId, { note, unsent });
    const owed = await store.owed(leadId);
    const hopeless = owed.filter(
      ({ occurrence }) => occurrence.dueAt.getTime() + this.#rules.graceMs < until.getTime(),
    );
    if (hopeless.length > 0) {
      const perhaps = hopeless.some(({ occurrence }) => occurrence.dispatchedAt !== null);
      const reason: Reason = perhaps ? { code: 'PERHAPS_POSTED', after: note } : note;
      await store.fail(idsOf(hopeless), { reason, at: clock.now(), pause: false });
    }
    return owed.length > hopeless.length;
  }
}

function idsOf(owed: readonly Owed[]): number[] {
  return owed.map(({ occurrence }) => occurrence.id);
}
