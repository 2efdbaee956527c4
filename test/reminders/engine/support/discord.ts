import {
  type Channel,
  ChannelRefused,
  ChannelUnavailable,
  type Posting,
  type Seen,
} from '../../../../src/ports/channel.js';
import type { Owed } from '../../../../src/ports/reminder-store.js';
import { setbackText } from '../../../../src/screens/reminders/setbacks.js';
import type {
  ContentBuilder,
  ReminderWords,
  SetbackWords,
} from '../../../../src/services/reminders/engine/index.js';
import { MINUTE } from './reminders.js';

/** What a test's message says: the runs it tells of, and the button by which it is found again. */
export interface Words {
  text: string;
  late: boolean;
  occurrences: number[];
  button: string;
}

export interface Posted extends Words {
  channelId: string;
  nonce: string;
  at: Date;
  ref: string;
}

type Call = 'send' | 'find' | 'edit' | 'direct' | 'find-direct';

const DIRECT = 'direct ';

/** Discord as far as reminders see it: channels that keep their messages, and nonces for some minutes. */
export class FakeDiscord implements Channel<Words> {
  readonly messages: Posted[] = [];
  readonly calls: Call[] = [];
  /** Messages being posted right now, and the most there ever were. */
  underWay = 0;
  most = 0;
  /** How long a nonce is known; 0 is Discord at its worst. */
  nonceMs = 5 * MINUTE;
  /** Thrown instead of doing anything. */
  before: (call: Call, where: string) => Error | null = () => null;
  /** What comes between the deed and its answer: an error is an answer that got lost. */
  after: (call: Call, where: string) => Promise<void> = async () => {};
  /** False while Discord's reads lag behind its writes. */
  seesPosts = true;

  constructor(private readonly clock: { now(): Date }) {}

  /** In channels. */
  get posted(): Posted[] {
    return this.messages.filter(({ channelId }) => !channelId.startsWith(DIRECT));
  }

  /** To people. */
  get direct(): (Posted & { userId: string })[] {
    return this.messages
      .filter(({ channelId }) => channelId.startsWith(DIRECT))
      .map((message) => ({ ...message, userId: message.channelId.slice(DIRECT.length) }));
  }

  async post({ channelId, page, nonce }: Posting<Words>): ReturnType<Channel<Words>['post']> {
    const call = channelId.startsWith(DIRECT) ? 'direct' : 'send';
    return this.#do(call, channelId, () => {
      const at = this.clock.now();
      const known = this.messages.find(
        (message) =>
          message.channelId === channelId && message.nonce === nonce && +at - +message.at < this.nonceMs,
      );
      if (known) return { ref: known.ref, isEarlier: false };
      const ref = `${channelId}/${this.messages.length + 1}`;
      this.messages.push({ ...page, channelId, nonce, at, ref });
      return { ref, isEarlier: false };
    });
  }

  async edit(ref: string, page: Partial<Words>): Promise<void> {
    await this.#do('edit', ref.split('/')[0] ?? '', () => Object.assign(this.#at(ref), page));
  }

  async remove(ref: string): Promise<void> {
    this.messages.splice(this.messages.indexOf(this.#at(ref)), 1);
  }

  async look(ref: string): Promise<Seen<Words>> {
    return { ref, page: this.#at(ref) };
  }

  async find(channelId: string, since: Date, belongs: (page: Words) => boolean): Promise<Seen<Words>[]> {
    const call = channelId.startsWith(DIRECT) ? 'find-direct' : 'find';
    return this.#do(call, channelId, () =>
      this.messages
        .filter((message) => this.seesPosts && message.channelId === channelId && message.at >= since)
        .filter(belongs)
        .map((message) => ({ ref: message.ref, page: message })),
    );
  }

  async directWith(userId: string): Promise<string> {
    return DIRECT + userId;
  }

  #at(ref: string): Posted {
    const found = this.messages.find((message) => message.ref === ref);
    if (!found) throw new ChannelRefused({ code: 'DISCORD_SAYS', said: 'Unknown Message' }, 10_008, 'gone');
    return found;
  }

  async #do<T>(call: Call, where: string, deed: () => T): Promise<T> {
    this.calls.push(call);
    const refusal = this.before(call, where);
    if (refusal) throw refusal;
    this.underWay += 1;
    this.most = Math.max(this.most, this.underWay);
    try {
      const done = deed();
      await this.after(call, where);
      return done;
    } finally {
      this.underWay -= 1;
    }
  }
}

/** Says which runs it tells of; has nothing to say for the kind `quiet` and can't tell for `unknown`. */
export class TestBuilder implements ContentBuilder<Words> {
  built = 0;

  async build(owed: Owed[], { late }: { late: boolean }): Promise<Words | null> {
    this.built += 1;
    if (owed.some(({ reminder }) => reminder.kind === 'unknown')) throw new Error('the broker is away');
    const loud = owed.filter(({ reminder }) => reminder.kind !== 'quiet');
    if (loud.length === 0) return null;
    return {
      text: loud
        .map(({ reminder, occurrence }) => `${reminder.id} ${occurrence.dueAt.toISOString()}`)
        .join(', '),
      late,
      occurrences: owed.map(({ occurrence }) => occurrence.id),
      button: `remind:done:${owed[0]?.occurrence.leadId}`,
    };
  }
}

export const testWords: ReminderWords<Words, Words> = {
  pages: (content) => [content],
  mark: ({ button }, leadId) => (button === `remind:done:${leadId}` ? 'last' : null),
};

export const testSetbacks: SetbackWords<Words> = {
  page: (setbacks, batch) => ({
    text: setbackText(setbacks),
    late: false,
    occurrences: [],
    button: `notice ${batch}`,
  }),
  isSetback: ({ button }, batch) => button === `notice ${batch}`,
};

export const outage = (maybeSent = false) =>
  new ChannelUnavailable('the connection was refused', { maybeSent });
