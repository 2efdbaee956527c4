import type { Failures } from '../../domain/failures.js';
import { changeText } from '../account-changes.js';
import { databaseTroubleText } from '../database-trouble.js';
import { clip } from '../format.js';
import { saidText } from './broker.js';
import type { Words, WordsOf } from './words.js';

/** A press on a preview, or on what asks about its orders. */
export const PRESS_WORDS: WordsOf<
  | 'NOT_YOUR_PREVIEW'
  | 'PLAN_MISSING'
  | 'ALREADY_SUBMITTED'
  | 'PLAN_SUPERSEDED'
  | 'PLAN_CANCELLED'
  | 'PLAN_EXPIRED'
  | 'PLAN_STALE'
  | 'LOOKALIKE_SETTLED'
  | 'LOOKALIKE_CHANGED'
  | 'LOOKALIKE_TAKEN'
  | 'ORDERS_UNDER_WAY'
  | 'DRY_RUN'
  | 'NOT_ACKNOWLEDGED'
  | 'OUTDATED'
  | 'PLAN_OUTDATED'
  | 'PLAN_OFF_TICK'
  | 'NOTHING_TO_SEND'
  | 'STOPPING'
  | 'POSITION_CHANGED'
  | 'NOT_SENT'
> = {
  NOT_YOUR_PREVIEW: ({ ownerId }) => ({
    title: 'Not your preview',
    what: `This preview belongs to <@${ownerId}>; only they can use its buttons. This press sent nothing.`,
    hint: 'Use `/targets` to make one of your own.',
    saysSent: true,
  }),
  PLAN_MISSING: () => gone('I no longer know this preview'),
  ALREADY_SUBMITTED: () => ({
    title: 'Already submitted',
    what: 'This preview was already submitted. This press sent nothing more.',
    hint: 'Its result comes as a message in the channel; `/orders` shows what works.',
    saysSent: true,
  }),
  PLAN_SUPERSEDED: () => gone('This preview was replaced by a newer one', 'Preview replaced'),
  PLAN_CANCELLED: () => gone('This preview was cancelled', 'Preview cancelled'),
  PLAN_EXPIRED: () => gone('This preview has expired', 'Preview expired'),
  PLAN_STALE: () =>
    gone('An earlier press on this preview was given up before anything left', 'Given up already'),
  LOOKALIKE_SETTLED: () => ({
    title: 'Settled already',
    what: 'That order’s fate is settled already. This press sent nothing and changed nothing.',
    hint: 'Its message says how; `/orders` shows what works.',
    saysSent: true,
  }),
  LOOKALIKE_CHANGED: () => ({
    title: 'Answer the newest message',
    what: 'What I found at the broker has changed since this message. This press sent nothing and changed nothing.',
    hint: 'Answer on the newest message about it.',
    saysSent: true,
  }),
  LOOKALIKE_TAKEN: ({ orderId }) => ({
    title: 'Another of my orders',
    what: `Order ${orderId} belongs to another of my orders already. This press sent nothing and changed nothing.`,
    saysSent: true,
  }),
  ORDERS_UNDER_WAY: () => ({
    title: 'Orders under way',
    what: 'Another order for one of these contracts is still being placed or looked for, so this press sent nothing.',
    hint: 'Wait for its result in the channel, then make a fresh preview.',
    saysSent: true,
  }),
  NOT_ACKNOWLEDGED: ({ asked }) => ({
    title: asked === 'press' ? 'Your press did nothing' : 'Your command did nothing',
    what: `Discord took no answer to it from me in time, so I didn’t begin: this ${asked} sent nothing.`,
    hint: asked === 'press' ? 'Press again.' : 'Type it again.',
    saysSent: true,
  }),
  DRY_RUN: () => ({
    what: 'This is a dry run, and a dry run never sends anything.',
    hint: 'Run `/targets` without `dry_run`.',
    saysSent: true,
  }),
  OUTDATED: () => ({
    what: 'This belongs to an older version of me. Nothing was sent.',
    hint: 'Use the command again.',
    saysSent: true,
  }),
  PLAN_OUTDATED: () => gone('This preview was made by another version of me'),
  PLAN_OFF_TICK: ({ label }) => gone(`${label} is not on its price grid`),
  NOTHING_TO_SEND: () => gone('This preview offers no order to send'),
  STOPPING: () => gone('I am being restarted', 'Restarting'),
  POSITION_CHANGED: (facts) => {
    const title = 'The position changed';
    if ('orderIds' in facts) {
      const orders = facts.orderIds.length > 0 ? ` (${facts.orderIds.join(', ')})` : '';
      return gone(`Other closing orders${orders} were placed on these contracts since this preview`, title);
    }
    const { what, ...rest } = gone('The position changed since this preview', title);
    return { ...rest, what: [what, ...facts.changes.map((change) => `• ${changeText(change)}`)].join('\n') };
  },
  NOT_SENT: ({ because }) => gone(notSentText(because), 'Nothing was sent'),
};

/** What the broker or the network says has no promised length, and that nothing was sent stands behind it. */
const MOST_SAID = 300;

function notSentText(because: Failures['NOT_SENT']['because']): string {
  if (because === 'unexpected') return 'Something went wrong before the first order left';
  if ('database' in because) return databaseTroubleText(because.database);
  if (because.unread === 'accounts') return 'The broker couldn’t be asked which accounts there are';
  const { said } = because.unread;
  return `The broker couldn’t be asked whether the position is still as shown${said === null ? '' : ` (${clip(saidText(said), MOST_SAID)})`}`;
}

function gone(what: string, title?: string): Words {
  const words: Words = {
    what: `${what}, so nothing was sent.`,
    hint: 'Make a fresh preview.',
    saysSent: true,
  };
  return title ? { ...words, title } : words;
}
