import type { AccountChange } from '../domain/failures.js';
import { describeSymbol } from '../domain/occ.js';
import { oddRowText } from '../domain/odd-rows.js';
import type { CodedReason, Reason } from '../domain/reasons.js';

/** Why an order isn't at the broker, as a sentence; others' words stay as they are. */
export function reasonText(reason: Reason): string {
  return typeof reason === 'string' ? reason : codedText(reason);
}

function codedText(reason: CodedReason): string {
  switch (reason.code) {
    case 'HALTED':
      return 'Sending was halted before it left.';
    case 'TOO_LATE':
      return `More than ${reason.seconds} s passed between the press and the moment it could leave: I, or the machine I run on, was asleep or overloaded.`;
    case 'NOT_SENT':
      return `Not sent: ${reason.said}`;
    case 'ACCOUNT_CHANGED':
      return reason.changes.map(changeText).join('; ');
    case 'ACCOUNT_UNREAD':
      return 'The account could not be read before sending.';
    case 'BOT_STOPPED':
      return 'The bot stopped before anything was sent.';
    case 'NOT_SHOWN': {
      const ended = reason.ended.map(({ orderId, status }) => `${orderId} (${status})`).join(', ');
      // Named once it stands in nobody's way any more: it may have been this one.
      const alike = ended && ` What looked like it, without my identifier, has ended: ${ended}.`;
      return `The broker’s orders don’t show it ${reason.seconds} s after it was sent.${alike}`;
    }
    case 'BY_HAND':
      return `<@${reason.userId}> says that ${reason.orderIds.join(', ')} was placed by hand.`;
  }
}

/** `QQQ 18 Dec 26 480 P: 2 short before, none held now`. */
export function changeText(change: AccountChange): string {
  if (change.what === 'unreadable') return `${oddRowText(change.row)} can’t be read now`;
  const { symbol, before, now } = change;
  const name = describeSymbol(symbol);
  if (change.what === 'held') return `${name}: ${heldText(before)} before, ${heldText(now)} now`;
  if (change.what === 'restricted') return `${name}: ${now} not tradable now (${before} before)`;
  const order = `${name}: closing order ${change.orderId}`;
  if (before === 0) return `${order} appeared (${now} working)`;
  return now === 0 ? `${order} is no longer working` : `${order} works ${now} now, ${before} before`;
}

function heldText(quantity: number): string {
  if (quantity === 0) return 'none held';
  return `${Math.abs(quantity)} ${quantity < 0 ? 'short' : 'long'}`;
}
