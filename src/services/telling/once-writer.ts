import type { Logger } from 'pino';
import type { Reason } from '../../domain/reasons.js';
import { type Channel, ChannelRefused, ChannelUnavailable } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Note, NoteChange } from '../../ports/outbox.js';
import { putPages } from './pages.js';
import { pauseBefore } from './pauses.js';
import { NotYet } from './projector.js';
import type { Saying } from './saying.js';

/** Clocks of this machine and Discord may differ by this much. */
const CLOCK_SKEW_MS = 60_000;

export interface OnceWriterDeps<Page extends object> {
  channel: Channel<Page>;
  clock: Clock;
  log: Logger;
  /** In [0, 1). */
  random(): number;
}

/** Brings one message out, once: looked for where it may have left before, put together, posted, written down. */
export class OnceWriter<Page extends object> {
  /** Places that took nothing, until when: what comes behind in them waits as well. */
  readonly #shut = new Map<string, { since: Date; until: Date; reason: Reason }>();

  constructor(private readonly deps: OnceWriterDeps<Page>) {}

  /**
   * @param isOurs asked just before it leaves: another process may have the topic by now
   * @returns what became of it, with a time if it is to be tried again
   * @throws what the books throw: then nothing is known to be over
   */
  async write(note: Note, saying: Saying<Page>, isOurs: () => Promise<boolean>): Promise<NoteChange> {
    const aTry = { note, saying, isOurs, doubt: true };
    const place = placeOf(aTry);
    try {
      this.#assertOpen(place);
      const change = await this.#write(aTry);
      this.#shut.delete(place);
      return change;
    } catch (error) {
      if (error instanceof NotYet) return { ...asBefore(note), nextAt: error.until };
      return this.#setBack(aTry, error);
    }
  }

  async #write(aTry: Try<Page>): Promise<NoteChange> {
    const { channel } = this.deps;
    const { note, saying, isOurs } = aTry;
    let channelId = saying.place === 'channel' ? note.channelId : null;
    const since = await saying.leftSince(note);
    let begun: string[] = [];
    if (since) {
      channelId ??= await this.#outside(() => channel.directWith(note.userId));
      const found = await this.#foundIn(channelId, since, aTry);
      if (found.whole) return this.#over(aTry, found.refs);
      begun = found.refs;
    }
    aTry.doubt = since !== null && (begun.length > 0 || !(await saying.notThere(note, since)));
    const said = await saying.compose(note, begun);
    if (!said) return { ...asBefore(note), ended: true };
    channelId ??= await this.#outside(() => channel.directWith(note.userId));
    const message = {
      channelId,
      pages: said.pages,
      mentions: [note.userId],
      nonce: saying.nonce(note.topic),
    };
    // Somebody else's by now: whatever is given back here, the outbox doesn't take it.
    if (!(await isOurs())) return asBefore(note);
    const refs = await this.#outside(() => putPages(channel, message, begun));
    const change = await this.#over(aTry, refs);
    said.onOut?.(refs);
    return change;
  }

  async #over({ note, saying }: Try<Page>, refs: readonly string[]): Promise<NoteChange> {
    await saying.said(note, refs);
    const [pages, directPages] = saying.place === 'channel' ? [[...refs], []] : [[], [...refs]];
    return { ...asBefore(note), news: 'said', pages, directPages };
  }

  async #foundIn(channelId: string, since: Date, { note: { topic }, saying }: Try<Page>) {
    const { channel } = this.deps;
    const isLast = (page: Page) => saying.mark(page, topic) === 'last';
    const seen = await this.#outside(() =>
      channel.find(
        channelId,
        new Date(since.getTime() - CLOCK_SKEW_MS),
        (page) => saying.mark(page, topic) !== null,
        (some) => some.some(({ page }) => isLast(page)),
      ),
    );
    return { refs: seen.map(({ ref }) => ref), whole: seen.some(({ page }) => isLast(page)) };
  }

  async #setBack(aTry: Try<Page>, error: unknown): Promise<NoteChange> {
    const { log, clock, random } = this.deps;
    const { note, saying, doubt } = aTry;
    const { kind, topic } = note;
    const place = placeOf(aTry);
    if (error instanceof ChannelRefused) {
      log.warn({ err: error, kind, topic, place }, 'a message was refused');
      await saying.refused(note, error.reason);
      return { ...asBefore(note), ended: true };
    }
    if (!(error instanceof ChannelUnavailable)) throw error;
    log.warn({ err: error, kind, topic, place }, 'a message did not get through');
    const pause = Math.max(error.retryAfterMs ?? 0, pauseBefore(note.attempts, random()));
    const since = clock.now();
    const until = this.#shut.get(place)?.until ?? new Date(since.getTime() + pause);
    const { reason } = error;
    if (!this.#shut.has(place)) this.#shut.set(place, { since, until, reason });
    const wanted = await saying.putOff(note, { until, reason, unsent: !error.maybeSent && !doubt });
    return wanted ? { ...asBefore(note), nextAt: until } : { ...asBefore(note), ended: true };
  }

  /** A place that can't be written to now gets nothing else before what it is owed. */
  #assertOpen(place: string): void {
    const shut = this.#shut.get(place);
    if (!shut) return;
    const now = this.deps.clock.now();
    // A clock that went back says nothing of how long it is.
    if (shut.since <= now && now < shut.until)
      throw new ChannelUnavailable(shut.reason, { maybeSent: false });
    this.#shut.delete(place);
  }

  /** A channel that fails in a way of its own may have posted: only looking tells. */
  async #outside<T>(call: () => Promise<T>): Promise<T> {
    try {
      return await call();
    } catch (error) {
      if (error instanceof ChannelRefused || error instanceof ChannelUnavailable) throw error;
      const said = error instanceof Error ? error.message : String(error);
      throw new ChannelUnavailable(said, { maybeSent: true, cause: error });
    }
  }
}

interface Try<Page> {
  note: Note;
  saying: Saying<Page>;
  isOurs: () => Promise<boolean>;
  /** Something may be out by an earlier try; true as long as nobody has looked. */
  doubt: boolean;
}

function placeOf({ note, saying }: Pick<Try<unknown>, 'note' | 'saying'>): string {
  return saying.place === 'channel' ? note.channelId : `@${note.userId}`;
}

/** Nothing has changed, and nothing is due. */
function asBefore({ id, news, pages, directPages, told }: Note): NoteChange {
  return { id, news, pages, directPages, told, nextAt: null };
}
