import type { Failures, Unadoptable } from '../../domain/failures.js';
import { listText } from '../../domain/text.js';
import type { Words, WordsOf } from './words.js';

/** Orders that are to be cancelled, or a press on the question about that. */
export const CANCEL_WORDS: WordsOf<
  | 'NOTHING_TO_CANCEL'
  | 'ADOPT_IMPOSSIBLE'
  | 'FORGET_IMPOSSIBLE'
  | 'CANCEL_NOT_YOURS'
  | 'CANCEL_MISSING'
  | 'CANCEL_CONFIRMED'
  | 'CANCEL_WITHDRAWN'
  | 'CANCEL_EXPIRED'
  | 'CANCEL_OVER'
  | 'CANCEL_UNDER_WAY'
  | 'CHANGE_IMPOSSIBLE'
  | 'CHANGE_STOPPED'
> = {
  NOTHING_TO_CANCEL: ({ positionId, order }) => ({
    title: 'Nothing to cancel',
    what: nothingText(positionId, order),
    hint: '`/orders` shows what works.',
  }),
  ADOPT_IMPOSSIBLE: ({ orderId, why }) => ({
    title: 'Not adopted',
    what: `Order ${orderId} ${UNADOPTABLE[why]}.`,
    hint: '`/reconcile` looks again.',
  }),
  FORGET_IMPOSSIBLE: ({ orderId }) => ({
    title: 'Not forgotten',
    what:
      orderId === null
        ? 'I know no such order.'
        : `Order ${orderId} has ended, the broker knows it, or it is none of mine.`,
    hint: '`/reconcile` looks again.',
  }),
  CANCEL_NOT_YOURS: ({ ownerId }) => ({
    title: 'Not your question',
    what: `<@${ownerId}> was asked about this; only they can answer. This press sent nothing.`,
    hint: '`/cancel` asks you.',
    saysSent: true,
  }),
  CANCEL_MISSING: () => over('I no longer know this question'),
  CANCEL_CONFIRMED: () => ({
    title: 'Already confirmed',
    what: 'This was confirmed already. This press sent nothing more.',
    hint: 'A message in the channel tells what becomes of the orders.',
    saysSent: true,
  }),
  CANCEL_WITHDRAWN: () => over('You kept these orders'),
  CANCEL_EXPIRED: () => over('The time to confirm is over'),
  CANCEL_OVER: ({ orderIds }) => ({
    title: 'Nothing left to cancel',
    what: `${orderIds.length === 1 ? 'Order' : 'Orders'} ${listText(orderIds)} ended before this press. It sent nothing.`,
    hint: '`/orders` shows what works.',
    saysSent: true,
  }),
  CANCEL_UNDER_WAY: ({ orderIds }) => ({
    title: 'Being cancelled already',
    what: `${orderIds.length === 1 ? 'Order' : 'Orders'} ${listText(orderIds)}: a cancel is under way. This press sent nothing more.`,
    hint: 'Its message in the channel tells what becomes of it.',
    saysSent: true,
  }),
  CHANGE_IMPOSSIBLE: ({ orderId, why }) => ({
    title: 'This price can’t be changed',
    what: `Order ${orderId} can’t be placed anew: ${IMPOSSIBLE[why]}. Nothing was sent.`,
    hint: '`/orders` shows what works; `/targets` previews anew.',
    saysSent: true,
  }),
  CHANGE_STOPPED: ({ orderId, asked, ...how }) => ({
    title: 'Nothing placed',
    what: asked
      ? `Order ${orderId} was to be cancelled first, and ${stoppedText(how)}. So nothing was placed in its stead: this press sent nothing more.`
      : `Order ${orderId} is other than it was shown: ${stoppedText(how)}. So this press sent nothing.`,
    hint: asked
      ? 'A message in the channel tells what becomes of that order.'
      : '`/orders` shows what works.',
    saysSent: true,
  }),
};

const UNADOPTABLE: Readonly<Record<Unadoptable, string>> = {
  ours: 'is mine already, or may be one that I still look for',
  ended: 'has ended',
  'no-target': 'is no profit target',
  several: 'isn’t one position’s alone',
  'under-way': 'may be one of mine that is on its way',
  linked: 'is tied to others in another way than a target and its stop',
};

const IMPOSSIBLE = {
  unknown: 'the broker’s lists don’t show it (any more)',
  'no-target': 'it is no profit target',
  linked: 'it is tied to another order, and both would end',
  stuck: 'the broker takes no cancel of it in this state',
  filled: 'nothing of it is left to close',
  replaced: 'another order has taken its place',
} as const;

function stoppedText({
  status,
  traded,
  replacedBy,
}: Pick<Failures['CHANGE_STOPPED'], 'status' | 'traded' | 'replacedBy'>): string {
  if (replacedBy !== null) return `order ${replacedBy} has taken its place`;
  if (traded) return 'some of it had traded before it ended';
  return status === null ? 'how it stands can’t be read now' : `the broker has it as ${status}`;
}

function nothingText(positionId: number | null, order: { id: string; status: string } | null): string {
  if (order) return `Order ${order.id} has ended already (${order.status}).`;
  return positionId === null
    ? 'None of these orders works any more.'
    : `No target of #${positionId} works at the broker.`;
}

function over(what: string): Words {
  return {
    what: `${what}, so nothing was cancelled and nothing was sent.`,
    hint: '`/cancel` asks anew.',
    saysSent: true,
  };
}
