import { listText } from '../../domain/text.js';
import type { Words, WordsOf } from './words.js';

/** Orders that are to be cancelled, or a press on the question about that. */
export const CANCEL_WORDS: WordsOf<
  | 'NOTHING_TO_CANCEL'
  | 'CANCEL_NOT_YOURS'
  | 'CANCEL_MISSING'
  | 'CANCEL_CONFIRMED'
  | 'CANCEL_WITHDRAWN'
  | 'CANCEL_EXPIRED'
  | 'CANCEL_UNDER_WAY'
> = {
  NOTHING_TO_CANCEL: ({ positionId, order }) => ({
    title: 'Nothing to cancel',
    what: nothingText(positionId, order),
    hint: '`/orders` shows what works.',
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
  CANCEL_UNDER_WAY: ({ orderIds }) => ({
    title: 'Being cancelled already',
    what: `${orderIds.length === 1 ? 'Order' : 'Orders'} ${listText(orderIds)}: a cancel is under way. This press sent nothing more.`,
    hint: 'Its message in the channel tells what becomes of it.',
    saysSent: true,
  }),
};

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
