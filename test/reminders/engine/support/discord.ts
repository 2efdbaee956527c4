import { ChannelUnavailable } from '../../../../src/ports/channel.js';
import type { Address, Messenger, Sent } from '../../../../src/ports/messenger.js';
import type { Claim, Notice } from '../../../../src/ports/reminder-store.js';
import { noticeText } from '../../../../src/screens/reminders/notices.js';
import type { ContentBuilder } from '../../../../src/services/reminders/engine/index.js';
import { MINUTE } from './reminders.js';

/** What a test's reminder says: the runs it tells of, and the button by which it is found again. */
export interface Words {
  text: string;
  late: boolean;
  occurrences: number[];
  button: string;
}

export interface Posted extends Address, Words {
  at: Date;
  ref: string;
}

type Call = 'send' | 'find' | 'direct';

/** Discord as far as reminders see it: channels that keep their messages, and nonces for some minutes. */
export class FakeDiscord implements Messenger<Words> {
  readonly posted: Posted[] = [];
  readonly direct: { userId: string; text: string; nonce: string; at: Date }[] = [];
  readonly calls: Call[] = [];
  /** Sends under way right now, and the most there ever were. */
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

  async send(message: Address & Words): Promise<{ ref: string }> {
    return this.#do('send', message.channelId, () => {
      const at = this.clock.now();
      const known = this.posted.find(
        ({ channelId, nonce, at: then }) =>
          channelId === message.channelId && nonce === message.nonce && +at - +then < this.nonceMs,
      );
      if (known) return { ref: known.ref };
      const ref = `${message.channelId}/${this.posted.length + 1}`;
      this.posted.push({ ...message, at, ref });
      return { ref };
    });
  }

  async findSent(channelId: string, marker: string, since: Date): Promise<Sent | null> {
    return this.#do('find', channelId, () => {
      const found = this.posted.find(
        (message) =>
          message.channelId === channelId &&
          message.button === `remind:done:${marker}` &&
          message.at >= since,
      );
      return this.seesPosts && found ? { pages: [found.ref], whole: true } : null;
    });
  }

  async directMessage(userId: string, notices: readonly Notice[], nonce: string): Promise<void> {
    await this.#do('direct', userId, () => {
      const known = this.direct.some(
        (message) =>
          message.userId === userId &&
          message.nonce === nonce &&
          +this.clock.now() - +message.at < this.nonceMs,
      );
      if (!known) this.direct.push({ userId, text: noticeText(notices), nonce, at: this.clock.now() });
    });
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

  async build(claims: Claim[], { late }: { late: boolean }): Promise<Words | null> {
    this.built += 1;
    if (claims.some(({ reminder }) => reminder.kind === 'unknown')) throw new Error('the broker is away');
    const loud = claims.filter(({ reminder }) => reminder.kind !== 'quiet');
    if (loud.length === 0) return null;
    return {
      text: loud
        .map(({ reminder, occurrence }) => `${reminder.id} ${occurrence.dueAt.toISOString()}`)
        .join(', '),
      late,
      occurrences: claims.map(({ occurrence }) => occurrence.id),
      button: `remind:done:${claims[0]?.occurrence.id}`,
    };
  }
}

export const outage = (maybeSent = false) =>
  new ChannelUnavailable('the connection was refused', { maybeSent });
