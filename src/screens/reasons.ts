import { isBrokerTrouble } from '../domain/broker-troubles.js';
import type { Because, ChannelReason, CodedReason, Reason } from '../domain/reasons.js';
import { changeText } from './account-changes.js';
import { saidText } from './failures/broker.js';
import { wordsOf } from './failures/index.js';
import { personText } from './format.js';

/** Why an order isn't at the broker or something wasn't told; others' words stay as they are. */
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
      return `Not sent: ${saidText(reason.said)}`;
    case 'ACCOUNT_CHANGED':
      return reason.changes.map(changeText).join('; ');
    case 'ACCOUNT_UNREAD':
      return 'The account could not be read before sending.';
    case 'BOT_STOPPED':
      return 'The bot stopped before it was sent.';
    case 'WAY_NOT_CLEAR':
      return 'What had to end first had not surely ended.';
    case 'TRADED_BEFORE':
      return 'What had to end first had traded all of it.';
    case 'UNNAMED':
      return 'The broker took it together with its pair and gave no id of it.';
    case 'NOT_SHOWN': {
      const ended = reason.ended.map(({ orderId, status }) => `${orderId} (${status})`).join(', ');
      // Named once it stands in nobody's way any more: it may have been this one.
      const alike = ended && ` What looked like it, without my identifier, has ended: ${ended}.`;
      return `The broker’s orders don’t show it ${reason.seconds} s after it was sent.${alike}`;
    }
    case 'PERHAPS_NOT_THIS':
      return 'perhaps not by this cancel';
    case 'BY_HAND':
      return `${personText(reason.userId)} says that ${reason.orderIds.join(', ')} was placed by hand.`;
    case 'ADOPTED':
      return `placed elsewhere, adopted by ${personText(reason.userId)}`;
    case 'FORGOTTEN':
      return `The broker doesn’t know it (any more); ${personText(reason.userId)} had it forgotten.`;
    case 'NOT_RUNNING':
      return 'The bot was not running.';
    case 'PAUSED':
      return 'The reminder was paused.';
    case 'NEXT_RUN_UNKNOWN':
      return `Its next run can't be worked out: ${withoutStop(becauseText(reason.because))}.`;
    case 'NOT_PUT_TOGETHER':
      return `It could not be put together: ${becauseText(reason.because)}`;
    case 'NOT_TAKEN':
      return `Discord did not take it: ${reasonText(reason.because)}.`;
    case 'OUT_OF_TIME':
      return 'It could not be delivered in time.';
    case 'PERHAPS_POSTED':
      return `${reasonText(reason.after)} It may have been posted all the same.`;
    default:
      return isBrokerTrouble(reason) ? saidText(reason) : channelText(reason);
  }
}

const CLOSED: Record<Extract<ChannelReason, { code: 'CLOSED' }>['why'], string> = {
  'channel-gone': 'the channel is gone',
  'server-gone': 'the server is gone',
  'user-gone': 'the user is gone',
  'not-seen': 'I can’t see the channel (any more)',
  'not-writable': 'I may not write in the channel (any more)',
  'no-history':
    'I may not read the channel’s history (any more), and so can’t tell whether my last message got there',
  'takes-no-direct-messages': 'the user takes no direct messages',
  'takes-no-messages': 'the channel takes no messages',
};

/** Half a sentence. */
function channelText(reason: ChannelReason): string {
  switch (reason.code) {
    case 'CLOSED':
      return CLOSED[reason.why];
    case 'DISCORD_SAYS':
      return `Discord says “${reason.said}”`;
    case 'SLOW_DOWN':
      return 'it asks to slow down';
    case 'ANSWERS_WITH':
      return `it answers with ${reason.status}`;
    case 'NO_ANSWER':
      return `no answer within ${reason.seconds} seconds`;
    case 'NOT_CONNECTED':
      return 'I am not connected to it yet';
    case 'PART_POSTED':
      return `${reasonText(reason.after)}, with part of the message posted`;
  }
}

/** An error that was kept; one whose facts no longer make words is named. */
function becauseText(because: Because): string {
  if (typeof because === 'string' || !('facts' in because)) return saidText(because);
  try {
    return wordsOf(because).what;
  } catch {
    return because.code;
  }
}

/** As it goes on in a sentence of ours. */
export function withoutStop(text: string): string {
  return text.replace(/\.$/, '');
}
