import type { Logger } from 'pino';
import { type Channel, ChannelRefused, ChannelUnavailable, type Posting } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Note, NoteChange, Outbox, Topic } from '../../ports/outbox.js';
import { type Found, messagesAmong, ownAmong } from './found-messages.js';
import { putPages } from './pages.js';
import { digestOf, isOutdated, type Projector, type Screen, type Surface, shortHash } from './projector.js';
import { within } from './within.js';

/** Whoever doesn't see it within this time is told directly meanwhile. */
const CHANNEL_PATIENCE_MS = 4_000;
const DIRECT_PATIENCE_MS = 8_000;
/** Clocks of this machine and Discord may differ by this much. */
const CLOCK_SKEW_MS = 60_000;
const DAY_MS = 86_400_000;
const LONGEST_PAUSE_MS = 600_000;
/** An answer waits so long for the message that it answers, from when that was first owed. */
const ANSWERED_WITHIN_MS = 30_000;
const ANSWERED_PAUSE_MS = 1_000;

export interface NoteWriterDeps<Page extends object> {
  channel: Channel<Page>;
  surface: Surface<Page>;
  /** Where what a message answers stands is found there. */
  outbox: Pick<Outbox, 'notes'>;
  clock: Clock;
  log: Logger;
}

/** One place in which a message stands or is to stand. */
interface Place<Page> {
  channelId: string;
  pages: string[];
  /** The screen as it reads there. */
  wanted: readonly Page[];
  patienceMs: number;
  news: string;
  silent: boolean;
  alone: boolean;
  repliesTo: Topic | undefined;
}

/** Brings one message to say what it is to say: found again, edited, continued, or posted. Never throws. */
export class NoteWriter<Page extends object> {
  constructor(private readonly deps: NoteWriterDeps<Page>) {}

  /**
   * @param others the topic's other messages
   * @returns what became of it, with a time if it is to be tried again
   */
  async write(
    note: Note,
    others: readonly Note[],
    screen: Screen<Page>,
    projector: Projector<Page>,
  ): Promise<NoteChange> {
    const { surface, log } = this.deps;
    if (surface.place(note.channelId) === 'log') {
      log.info(
        { kind: note.kind, topic: note.topic, pages: screen.pages },
        'told where nobody reads: logged',
      );
      return changed(note, { news: note.news || screen.news, told: digestOf(screen) });
    }
    try {
      const known = await this.#foundAgain(note, others, screen, projector);
      if (!isOut(known) && screen.level === 'off') return unwanted(known);
      const waits = isOut(known) ? null : await this.#comesFirst(known, screen);
      if (waits) return waits;
      const change = await (isOut(known)
        ? this.#rewritten(known, others, screen)
        : this.#posted(known, others, screen));
      if (change.told !== note.told && !change.ended)
        screen.onOut?.([...change.directPages, ...change.pages]);
      return change;
    } catch (error) {
      return this.#later(note, error);
    }
  }

  /** Takes a message away in which another stands by now. Never throws. */
  async remove(note: Note): Promise<NoteChange> {
    try {
      for (const ref of [...note.pages, ...note.directPages]) {
        await this.deps.channel.remove(ref).catch((error: unknown) => {
          if (!isForGood(error)) throw error;
        });
      }
      return { ...changed(note, {}), ended: true };
    } catch (error) {
      return this.#later(note, error);
    }
  }

  /** An earlier try may have got out more than was written down. */
  async #foundAgain(
    note: Note,
    others: readonly Note[],
    screen: Screen<Page>,
    projector: Projector<Page>,
  ): Promise<Note> {
    if (note.attempts <= 1 || (isOut(note) && note.pages.length >= screen.pages.length)) return note;
    const inChannel = await this.#look(note, async () => note.channelId, projector);
    const directly =
      note.directPages.length > 0 || note.userId === ''
        ? []
        : await this.#look(note, () => this.deps.channel.directWith(note.userId), projector);
    const taken = new Set(others.flatMap(({ pages, directPages }) => [...pages, ...directPages]));
    const here = ownAmong(inChannel, note.pages, taken);
    const there = ownAmong(directly, note.directPages, taken);
    if (!here && !there) return note;
    const seen = here ?? there;
    return {
      ...note,
      pages: here?.refs ?? note.pages,
      directPages: there?.refs ?? note.directPages,
      news: note.news || freeNews(seen?.news ?? screen.news, others),
      told: '',
    };
  }

  /** @throws ChannelUnavailable: what can't be known now is looked for later, lest it be told twice */
  async #look(note: Note, place: () => Promise<string>, projector: Projector<Page>): Promise<Found[]> {
    const since = new Date(note.createdAt.getTime() - CLOCK_SKEW_MS);
    const belongs = (page: Page) => projector.newsOn(page, note.topic) !== null;
    try {
      return messagesAmong(
        await this.deps.channel.find(await place(), since, belongs),
        note.topic,
        projector,
      );
    } catch (error) {
      this.deps.log.warn({ err: error, topic: note.topic }, 'could not look for messages of a former run');
      if (isForGood(error)) return [];
      throw error;
    }
  }

  async #rewritten(note: Note, others: readonly Note[], screen: Screen<Page>): Promise<NoteChange> {
    if (!isOutdated(note.told, screen)) return this.#inChannelToo(note, others, screen);
    const directPages = await this.#edited(note, {
      ...this.#directly(note, screen),
      pages: note.directPages,
    });
    const pages = await this.#edited(note, { ...this.#inChannel(note, screen), pages: note.pages });
    // Whoever takes a topic's one message away wants to see no more of it.
    if (note.pages.length > 0 && pages.length === 0) return { ...changed(note, {}), ended: true };
    // Of a message from before such rows were kept nobody knows with which news it was posted.
    const news = note.news || freeNews(screen.news, others);
    return this.#inChannelToo({ ...note, news, pages, directPages, told: digestOf(screen) }, others, screen);
  }

  /** What was told directly is owed to its channel for a day, as long as it is news. */
  async #inChannelToo(note: Note, others: readonly Note[], screen: Screen<Page>): Promise<NoteChange> {
    const { clock } = this.deps;
    const owed = note.pages.length === 0 && note.news === screen.news;
    if (!owed || clock.now().getTime() - note.createdAt.getTime() > DAY_MS) return changed(note, {});
    return this.#posted(note, others, screen);
  }

  /** Where what it answers is about to come, it comes after that. */
  async #comesFirst(note: Note, { repliesTo }: Screen<Page>): Promise<NoteChange | null> {
    const now = this.deps.clock.now().getTime();
    const answered = repliesTo ? await this.deps.outbox.notes(repliesTo) : [];
    const owed = answered.some(
      (each) => each.told === '' && !isOut(each) && now - each.createdAt.getTime() < ANSWERED_WITHIN_MS,
    );
    return owed ? { ...changed(note, {}), nextAt: new Date(now + ANSWERED_PAUSE_MS) } : null;
  }

  /** Into its channel; where that doesn't work, directly, unless that was done. */
  async #posted(note: Note, others: readonly Note[], screen: Screen<Page>): Promise<NoteChange> {
    const unsaid = !isOut(note);
    if (unsaid && others.some(({ news }) => news === screen.news)) return overtaken(note, others, screen);
    const told = { news: unsaid ? screen.news : note.news, told: digestOf(screen) };
    try {
      return changed(note, { ...told, pages: await this.#put(note, this.#inChannel(note, screen)) });
    } catch (error) {
      const { log } = this.deps;
      log.warn({ err: error, topic: note.topic, channel: note.channelId }, 'channel took no message');
      if (note.directPages.length > 0) return this.#later(note, error);
      const directPages = await this.#postedDirectly(note, screen);
      if (directPages.length === 0) return this.#later(note, error);
      return { ...changed(note, { ...told, directPages }), nextAt: this.#nextTry(note, error) };
    }
  }

  async #postedDirectly(note: Note, screen: Screen<Page>): Promise<string[]> {
    if (note.userId === '') return [];
    try {
      const channelId = await within(DIRECT_PATIENCE_MS, this.deps.channel.directWith(note.userId));
      return await this.#put(note, { ...this.#directly(note, screen), channelId });
    } catch (error) {
      this.deps.log.error({ err: error, topic: note.topic }, 'could not tell somebody directly');
      return [];
    }
  }

  #inChannel({ channelId }: Note, screen: Screen<Page>): Place<Page> {
    const { pages: wanted, news, level, alone, repliesTo } = screen;
    const silent = level === 'silent';
    return {
      channelId,
      pages: [],
      wanted,
      patienceMs: CHANNEL_PATIENCE_MS,
      news,
      silent,
      alone: alone === true,
      repliesTo,
    };
  }

  #directly({ channelId, directPages }: Note, screen: Screen<Page>): Place<Page> {
    const { pages, news, level, repliesTo } = screen;
    return {
      channelId: directPages[0]?.split('/')[0] ?? '',
      pages: [],
      wanted: pages.map((page) => this.deps.surface.elsewhere(page, channelId)),
      patienceMs: DIRECT_PATIENCE_MS,
      news,
      silent: level === 'silent',
      alone: false,
      repliesTo,
    };
  }

  /**
   * @returns none where somebody removed what stands alone
   * @throws ChannelUnavailable, ChannelRefused for what makes no sense; both are tried again
   */
  async #edited(note: Note, place: Place<Page>): Promise<string[]> {
    const { pages, wanted } = place;
    let all = true;
    for (const [index, ref] of pages.slice(0, wanted.length).entries()) {
      try {
        await this.deps.channel.edit(ref, wanted[index] as Page);
      } catch (error) {
        // Somebody removed it, or closed the place: nobody is misled by it any more.
        if (!isForGood(error)) throw error;
        if (place.alone && (error as ChannelRefused).gone) return [];
        all = false;
      }
    }
    return !all || pages.length === 0 || pages.length === wanted.length ? pages : this.#put(note, place);
  }

  /** All pages in one place, or none that counts. Late, they come all the same; their nonces keep them from doubling. */
  async #put(note: Note, place: Place<Page>): Promise<string[]> {
    const { channelId, pages, wanted, patienceMs, news, silent } = place;
    const { channel } = this.deps;
    const repliesTo = pages.length === 0 ? await this.#answered(place) : undefined;
    const patient = {
      post: (page: Posting<Page>) => within(patienceMs, channel.post(page)),
      edit: (ref: string, page: Partial<Page>) => within(patienceMs, channel.edit(ref, page)),
      remove: (ref: string) => within(patienceMs, channel.remove(ref)),
    };
    // The same for every try of this news: within minutes Discord answers a repeated one with the earlier message.
    const nonce = shortHash([note.kind, note.topic, note.news || news, ...pages.slice(0, 1)]);
    const mentions = silent || note.userId === '' ? [] : [note.userId];
    const paged = { channelId, pages: wanted, mentions, silent, nonce, ...(repliesTo && { repliesTo }) };
    return putPages(patient, paged, pages);
  }

  /** The latest message of what it answers, in the same place. */
  async #answered({ channelId, repliesTo }: Place<Page>): Promise<string | undefined> {
    const notes = repliesTo ? await this.deps.outbox.notes(repliesTo) : [];
    return notes
      .flatMap(({ pages, directPages }) => [...pages.slice(0, 1), ...directPages.slice(0, 1)])
      .findLast((ref) => ref.startsWith(`${channelId}/`));
  }

  #later(note: Note, error: unknown): NoteChange {
    this.deps.log.warn({ err: error, kind: note.kind, topic: note.topic }, 'a message is tried again later');
    return { ...changed(note, {}), nextAt: this.#nextTry(note, error) };
  }

  #nextTry({ attempts }: Note, error: unknown): Date {
    const asked = error instanceof ChannelUnavailable ? (error.retryAfterMs ?? 0) : 0;
    const pause = Math.min(1_000 * 2 ** Math.min(attempts - 1, 20), LONGEST_PAUSE_MS);
    return new Date(this.deps.clock.now().getTime() + Math.max(asked, pause));
  }
}

/** As wanted, unless said otherwise. */
function changed(note: Note, change: Partial<Note>): NoteChange {
  const { id, news, pages, directPages, told } = { ...note, ...change };
  return { id, news, pages, directPages, told, nextAt: null };
}

/** Whom it is for doesn't want it. */
function unwanted(note: Note): NoteChange {
  return { ...changed(note, {}), ended: true };
}

/** Another message tells by now what this one was to tell. */
function overtaken(note: Note, others: readonly Note[], { news }: Screen<unknown>): NoteChange {
  return { ...changed(note, { news: freeNews(news, others) }), ended: true };
}

function isOut({ pages, directPages }: Note): boolean {
  return pages.length + directPages.length > 0;
}

/** Two messages with the same news, because a former process posted one and couldn't write that down. */
function freeNews(news: string, others: readonly Note[]): string {
  let free = news;
  for (let copy = 2; others.some((each) => each.news === free); copy += 1) free = `${news}~${copy}`;
  return free;
}

/** Discord's no that stays: the message or the channel is gone, or may not be touched any more. */
function isForGood(error: unknown): boolean {
  return error instanceof ChannelRefused && error.fate !== 'odd';
}
