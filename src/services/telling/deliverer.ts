import { setImmediate as breathe } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Channel } from '../../ports/channel.js';
import type { Clock } from '../../ports/clock.js';
import type { Hold, Holding, Note, NoteChange, Outbox, Topic } from '../../ports/outbox.js';
import type { Ticker } from '../../ports/ticker.js';
import { FairQueue } from './fair-queue.js';
import { NoteWriter } from './note-writer.js';
import { OnceWriter } from './once-writer.js';
import { NotYet, type Projectors, type Screen, type Surface } from './projector.js';
import type { Saying, Sayings } from './saying.js';
import { within } from './within.js';

/** Longer than any one call to the channel takes, and renewed meanwhile; whoever died holds others up for so long. */
const LEASE_MS = 20_000;
const CONCURRENCY = 8;
/** Only who sees all of it can be fair to every channel. */
const MOST_AT_ONCE = 2_000;
/** Where what is to be said can't be known now, such as with a broker that is away. */
const UNKNOWN_PAUSE_MS = 30_000;
/** A database that answers no sooner doesn't hold up what somebody waits for. */
const HOLD_PATIENCE_MS = 1_000;

export interface DelivererDeps<Page extends object> {
  outbox: Outbox;
  /** What is kept true. */
  projectors: Projectors<Page>;
  /** What is said once. */
  sayings?: Sayings<Page>;
  channel: Channel<Page>;
  surface: Surface<Page>;
  clock: Clock;
  log: Logger;
  /** This process; a restart has another. */
  owner: string;
  /** In [0, 1). */
  random?(): number;
  /** Topics told at once. */
  concurrency?: number;
}

/** What is to be said now, and to whom it is said if that is news. */
export interface Telling<Page> {
  screen: Screen<Page>;
  channelId: string;
  userId: string;
  /** Messages that are out are brought up to date; none is posted, whatever the news. */
  quiet?: boolean;
}

/**
 * - `told`: every message on the topic is as wanted
 * - `owed`: written down, and tried again until it is
 * - `elsewhere`: another process has the topic, and will look again
 */
export type Told = 'told' | 'owed' | 'elsewhere';

/**
 * Brings what the bot says of its own accord to its channels, once, and keeps it true: what is due, channels in turn, each
 * in order; and at once what somebody has just found out. One process at a time has a topic.
 */
export class Deliverer<Page extends object> {
  readonly #writer: NoteWriter<Page>;
  readonly #once: OnceWriter<Page>;
  readonly #queue = new FairQueue<Topic>();
  /** Topics waiting in the queue or under way from it. */
  readonly #queued = new Set<string>();
  /** The last of those who work on a topic in this process. */
  readonly #turns = new Map<string, Promise<unknown>>();
  readonly #held = new Map<string, Topic>();
  readonly #running = new Set<Promise<void>>();
  #stopping = false;
  #ticker: Ticker | null = null;
  #beating: Promise<void> | null = null;

  constructor(private readonly deps: DelivererDeps<Page>) {
    this.#writer = new NoteWriter(deps);
    this.#once = new OnceWriter({ ...deps, random: deps.random ?? Math.random });
  }

  /** From here on what is due is told. */
  start(ticker: Ticker): void {
    this.#ticker = ticker;
    ticker.start(() => void this.beat());
  }

  /** Finishes what is being told; the rest stays due. */
  async stop(): Promise<void> {
    this.#stopping = true;
    this.#ticker?.stop();
    this.#queue.drain();
    await this.#beating;
    await this.idle();
    await Promise.allSettled(this.#turns.values());
  }

  /** Something has become due: it is told now, by a process that tells what is due at all. */
  wake(): void {
    if (this.#ticker) void this.beat();
  }

  /** Renews what is held and takes up what is due. Resolves when that is begun; never throws. */
  beat(): Promise<void> {
    this.#beating ??= this.#beat().finally(() => {
      this.#beating = null;
    });
    return this.#beating;
  }

  /** Resolves when nothing taken up waits or is under way. */
  async idle(): Promise<void> {
    while (this.#running.size > 0) await Promise.allSettled(this.#running);
  }

  /** Takes a topic before there is anything to say; null if another process has it, or the database is in trouble. */
  async expect(topic: Topic): Promise<Hold | null> {
    try {
      return await this.#hold(topic);
    } catch (error) {
      this.deps.log.warn({ err: error, ...topic }, 'could not take what is to be told');
      return null;
    }
  }

  /**
   * The first word on a topic, at once, whatever the database does meanwhile.
   * @param expected as `expect` gives it; whoever can't be sure within a second posts all the same
   * @returns whether somebody was told, and whether what became of it is written down
   */
  first(
    topic: Topic,
    telling: Telling<Page>,
    expected: Promise<Hold | null>,
  ): Promise<{ told: boolean; recorded: boolean }> {
    return this.#inTurn(topic, async () => {
      const hold = await this.#still(topic, expected);
      if (hold === 'elsewhere') return { told: false, recorded: false };
      const changes = await this.#firstWords(topic, telling, hold?.notes ?? []);
      const told = changes.some(({ nextAt, directPages }) => nextAt === null || directPages.length > 0);
      return { told, recorded: await this.#recorded(topic, changes, hold) };
    });
  }

  async #firstWords(
    topic: Topic,
    telling: Telling<Page>,
    notes: readonly Note[],
  ): Promise<readonly NoteChange[]> {
    // Somebody was faster with less: that isn't to go on saying it.
    if (notes.some(isOut)) return this.#written(topic, notes, telling);
    const [first, ...others] = notes;
    const note = { ...(first ?? firstNote(topic, telling, this.deps.clock.now())), attempts: 1 };
    return [await this.#writer.write(note, others, telling.screen, this.#projector(topic))];
  }

  /**
   * Brings every message on a topic up to date, and tells its news if that is none of theirs.
   * @param make what is to be said, asked once the topic is held, so that the last to ask knows best; null ends them all
   * @throws what the outbox or `make` throws
   */
  tell(topic: Topic, make: () => Promise<Telling<Page> | null>): Promise<Told> {
    return this.#inTurn(topic, () => this.#tell(topic, make, false));
  }

  async #beat(): Promise<void> {
    const { outbox, clock, log } = this.deps;
    try {
      for (const topic of [...this.#held.values()]) await outbox.renew(this.#holding(topic));
      if (this.#stopping) return;
      for (const { kind, topic, channelId } of await outbox.due(clock.now(), MOST_AT_ONCE)) {
        const known = keyOf({ kind, topic });
        if (this.#queued.has(known) || !this.#tells(kind, channelId)) continue;
        this.#queued.add(known);
        this.#queue.push(channelId, { kind, topic });
      }
      this.#pump();
    } catch (error) {
      log.warn({ err: error }, 'could not look for what is to be told');
    }
  }

  #pump(): void {
    const { concurrency = CONCURRENCY } = this.deps;
    while (this.#running.size < concurrency && !this.#stopping) {
      const next = this.#queue.take();
      if (!next) return;
      const run = this.#takeUp(next.item).finally(() => {
        this.#queue.done(next.lane);
        this.#queued.delete(keyOf(next.item));
        this.#running.delete(run);
        this.#pump();
      });
      this.#running.add(run);
    }
  }

  async #takeUp(topic: Topic): Promise<void> {
    try {
      // Interactions come first: between two messages the event loop gets its turn.
      await breathe();
      const saying = this.deps.sayings?.[topic.kind];
      await this.#inTurn<unknown>(topic, () =>
        saying ? this.#say(topic, saying) : this.#tell(topic, () => this.#projected(topic), true),
      );
    } catch (error) {
      this.deps.log.warn({ err: error, ...topic }, 'what is owed could not be told; trying again');
    }
  }

  async #say(topic: Topic, saying: Saying<Page>): Promise<void> {
    const { outbox } = this.deps;
    const hold = await this.#hold(topic);
    if (!hold) return;
    let changes = this.#putOff(hold);
    try {
      const isOurs = () => outbox.renew(this.#holding(topic));
      const done: NoteChange[] = [];
      // Another process may have said it meanwhile.
      for (const note of hold.due ? hold.notes : []) done.push(await this.#once.write(note, saying, isOurs));
      changes = done;
    } finally {
      this.#held.delete(keyOf(topic));
      await outbox.release(this.#holding(topic), changes, hold.asked);
    }
  }

  async #projected(topic: Topic): Promise<Telling<Page> | null> {
    const screen = await this.#projector(topic).project(topic.topic);
    const [note] = await this.deps.outbox.notes(topic);
    return screen && note ? { screen, channelId: note.channelId, userId: note.userId } : null;
  }

  /** @param ifDue as taken up from what was seen due: another process may have told it meanwhile */
  async #tell(topic: Topic, make: () => Promise<Telling<Page> | null>, ifDue: boolean): Promise<Told> {
    const { outbox } = this.deps;
    const hold = await this.#hold(topic);
    if (!hold) return 'elsewhere';
    let changes = this.#putOff(hold);
    try {
      if (ifDue && !hold.due) {
        changes = [];
        return 'told';
      }
      const telling = await make();
      changes = telling ? await this.#written(topic, hold.notes, telling) : hold.notes.map(over);
      const told = changes.every(({ nextAt }) => nextAt === null) ? 'told' : 'owed';
      const again = telling?.screen.again;
      if (again) changes = changes.map((change) => lookedAgain(change, again));
      return told;
    } catch (error) {
      if (!(error instanceof NotYet)) throw error;
      changes = this.#putOff(hold, error.until);
      return 'owed';
    } finally {
      this.#held.delete(keyOf(topic));
      await outbox.release(this.#holding(topic), changes, hold.asked);
    }
  }

  async #written(topic: Topic, notes: readonly Note[], telling: Telling<Page>): Promise<NoteChange[]> {
    const projector = this.#projector(topic);
    const { screen, channelId, userId, quiet = false } = telling;
    const now = [...notes];
    const former = screen.alone ? notes.filter((note) => !tells(note, screen)) : [];
    const changes: NoteChange[] = [];
    for (const note of notes.filter((each) => !former.includes(each))) {
      const others = now.filter(({ id }) => id !== note.id);
      const change = await this.#writer.write(note, others, screen, projector);
      changes.push(change);
      now[notes.indexOf(note)] = { ...note, ...change };
    }
    const standing = changes.some((change) => !change.ended && tells(change, screen));
    if (!quiet && !standing && screen.level !== 'off') {
      const holding = this.#holding(topic);
      const added = await this.deps.outbox.add({ ...topic, news: screen.news, channelId, userId }, holding);
      if (added) changes.push(await this.#writer.write(added, now, screen, projector));
    }
    return screen.alone ? this.#standingAlone(former, now, changes, screen) : changes;
  }

  /** What another message takes the place of goes once that one is out, and not before. */
  async #standingAlone(
    former: readonly Note[],
    written: readonly Note[],
    changes: readonly NoteChange[],
    screen: Screen<Page>,
  ): Promise<NoteChange[]> {
    const there = changes.find((change) => change.news === screen.news && change.pages.length > 0);
    if (!there) {
      const nextAt = changes.find((change) => change.nextAt)?.nextAt ?? null;
      return [...changes, ...former.map((note) => ({ ...changeless(note), nextAt }))];
    }
    // Among those written may be one found again of which nobody knew that it was out.
    const others = written.filter((note) => note.id !== there.id && isOut(note));
    const gone = await Promise.all(others.map((note) => this.#writer.remove(note)));
    return [...changes.filter(({ id }) => !gone.some((change) => change.id === id)), ...gone];
  }

  /** What is to be said can't be known: what is out, or due, is looked at again. */
  #putOff({ notes, due }: Hold, until?: Date): NoteChange[] {
    const nextAt = until ?? new Date(this.deps.clock.now().getTime() + UNKNOWN_PAUSE_MS);
    return notes.filter(({ news }) => due || news !== '').map((note) => ({ ...changeless(note), nextAt }));
  }

  async #hold(topic: Topic): Promise<Hold | null> {
    const hold = await this.deps.outbox.hold(this.#holding(topic));
    if (hold) this.#held.set(keyOf(topic), topic);
    return hold;
  }

  /** The hold that was expected, if it came in time; taken again should it be over by now. */
  async #still(topic: Topic, expected: Promise<Hold | null>): Promise<Hold | null | 'elsewhere'> {
    const { clock } = this.deps;
    try {
      const hold = await within(HOLD_PATIENCE_MS, expected);
      // Somebody of this process who told of it since then has let go of it, and it has other messages now.
      if (!hold || (hold.until > clock.now() && this.#held.has(keyOf(topic)))) return hold;
      return (await within(HOLD_PATIENCE_MS, this.#hold(topic))) ?? 'elsewhere';
    } catch {
      return null;
    }
  }

  async #recorded(topic: Topic, changes: readonly NoteChange[], hold: Hold | null): Promise<boolean> {
    this.#held.delete(keyOf(topic));
    if (!hold) return false;
    try {
      await this.deps.outbox.release(this.#holding(topic), changes, hold.asked);
      return true;
    } catch (error) {
      this.deps.log.error({ err: error, ...topic }, 'could not write down what was told');
      return false;
    }
  }

  /** Kinds that this process has no words for are another's to tell. */
  #tells(kind: string, channelId: string): boolean {
    const { projectors, sayings = {}, surface } = this.deps;
    return (kind in projectors || kind in sayings) && surface.place(channelId) !== 'elsewhere';
  }

  #projector({ kind }: Topic) {
    const projector = this.deps.projectors[kind];
    if (!projector) throw new Error(`nobody knows how to tell ${kind}`);
    return projector;
  }

  #holding(topic: Topic): Holding {
    const now = this.deps.clock.now();
    return { ...topic, owner: this.deps.owner, now, until: new Date(now.getTime() + LEASE_MS) };
  }

  /** One after another: whoever comes later knows more. */
  async #inTurn<T>(topic: Topic, work: () => Promise<T>): Promise<T> {
    const key = keyOf(topic);
    const turn = (this.#turns.get(key) ?? Promise.resolve()).then(work);
    const settled = turn.catch(() => {});
    this.#turns.set(key, settled);
    try {
      return await turn;
    } finally {
      if (this.#turns.get(key) === settled) this.#turns.delete(key);
    }
  }
}

function keyOf({ kind, topic }: Topic): string {
  return `${kind} ${topic}`;
}

/** Its own news, or, still unsaid, whatever is news when it gets out. */
function tells(
  { news, pages, directPages }: Pick<Note, 'news' | 'pages' | 'directPages'>,
  screen: Screen<unknown>,
): boolean {
  return news === screen.news || !isOut({ pages, directPages });
}

function isOut({ pages, directPages }: Pick<Note, 'pages' | 'directPages'>): boolean {
  return pages.length + directPages.length > 0;
}

function over(note: Note): NoteChange {
  return { ...changeless(note), ended: true };
}

/** What has ended is looked at no more. */
function lookedAgain(change: NoteChange, again: Date): NoteChange {
  return change.ended ? change : { ...change, nextAt: change.nextAt ?? again };
}

function changeless({ id, news, pages, directPages, told }: Note): NoteChange {
  return { id, news, pages, directPages, told, nextAt: null };
}

/** As the claim wrote it; the database can't be asked now. */
function firstNote<Page>(topic: Topic, { channelId, userId }: Telling<Page>, createdAt: Date): Note {
  return {
    ...topic,
    id: 0,
    news: '',
    channelId,
    userId,
    pages: [],
    directPages: [],
    told: '',
    attempts: 1,
    createdAt,
  };
}
