import { UserError } from '../domain/errors.js';
import type { TargetNote } from '../domain/targets.js';
import { countText, percentText, priceText } from '../domain/text.js';
import type { Remark } from '../ports/broker.js';
import type { MarksMissing } from '../services/accounts/positions.js';
import type { Locked } from '../services/previews/preview.js';
import type { Blocked, PreviewNote } from '../services/previews/pricing.js';
import { leavesNakedText, nakedChoiceText } from './cover-words.js';
import { saidText } from './failures/broker.js';
import { wordsOf } from './failures/index.js';
import { oddRowText } from './odd-rows.js';

const LOCKED: Record<Locked, string> = {
  ACCOUNT_GONE: 'This account is none that I work for now.',
  DRY_RUN: 'Dry run: nothing can be sent from here.',
  ACCOUNT_CLOSED: 'The account is closed: the broker takes no order for it.',
  ACCOUNT_FROZEN: 'The account is frozen: the broker refuses every order, closing ones too.',
  READ_ONLY: 'Read-only mode: nothing can be sent.',
  NOT_A_VIEWER: 'This account is shown to its traders and viewers only.',
  NOBODY_MAY_TRADE: 'Nobody may place orders yet: TRADER_USER_IDS and TRADER_ROLE_IDS are empty.',
  NOT_A_TRADER: 'You may look; placing orders is for this server’s traders.',
};

/** Why a preview has no Submit. */
export function lockedText(locked: Locked): string {
  return LOCKED[locked];
}

/**
 * Why one order can't be submitted; the broker's remarks stay as it said them.
 * @param what would be refused, where that isn't the order it stands under
 */
export function blockedText(blocked: Blocked, what = 'it'): string {
  switch (blocked.code) {
    case 'UNDER_WAY':
      return 'An earlier order for one of these contracts is still being placed or looked for. Wait for its result, then make a fresh preview.';
    case 'TRIAL_FAILED':
      return `The broker’s trial run failed: ${saidText(blocked.said)}`;
    case 'WOULD_BE_REFUSED':
      return `The broker would refuse ${what}: ${remarksText(blocked.remarks)}`;
    case 'WOULD_OPEN':
      return `The broker warns that this would open a position: ${remarksText(blocked.remarks)}`;
  }
}

function remarksText(remarks: readonly Remark[]): string {
  return remarks.map(({ code, message }) => message || code).join('; ');
}

/** Why a position, or a part of it, has no target, in one line with what to do about it. */
export function previewNoteText(note: PreviewNote): string {
  switch (note.code) {
    case 'EXPIRED':
      return note.whole
        ? `${note.label}: expired, not settled yet. It trades no more; the broker settles it.`
        : `${note.label}: a leg has expired and is not settled yet, so it can’t be closed as a whole. Look again once the broker has settled it.`;
    case 'UNREADABLE': {
      const more = note.more > 0 ? ` and ${countText(note.more, 'more row')}` : '';
      const what = `I can’t read ${oddRowText(note.row)}${more}`;
      return note.row.doubts === 'coverage'
        ? `${what}, so how much can be closed here is not sure, and no order is offered.`
        : `${what}, so what this was opened for is not sure. Name a price yourself to get an order.`;
    }
    case 'HEDGE':
      return `This protects ${note.shares} shares you hold, so \`all\` leaves it out. To sell it: \`/targets position:${note.id}\`.`;
    case 'PROTECTING': {
      const { label, legs, leaves } = note.part;
      const sold = legs.filter(({ action }) => action === 'sell-to-close');
      const why = leavesNakedText([{ sold, leaves }], note.unsure);
      return `${label}: not offered. ${why} ${nakedChoiceText(note.id)}`;
    }
    case 'LEFT': {
      const { what, hint } = wordsOf(note.error);
      const own = note.error.code === 'ENTRY_IMPLAUSIBLE';
      const way = own ? 'A price you give will be for this part alone.' : hint;
      return `${note.label}: no target. ${what} ${way ?? ''}`.trim();
    }
    case 'NOT_PRICED': {
      if (!(note.error instanceof UserError)) return saidText(note.error.trouble);
      const { what, hint } = wordsOf(note.error);
      return hint ? `${what} ${hint}` : what;
    }
  }
}

/** What was assumed of a target, or is odd about it. */
export function targetNoteText(note: TargetNote): string {
  switch (note.code) {
    case 'RUNGS_ASSUMED':
      return `Part is closed or has an order already; of ${note.percents.map(percentText).join(', ')} the lower count as used.`;
    case 'FEW_UNITS':
      return `${countText(note.units, 'unit')} only: not all of ${note.percents.map(percentText).join(', ')} apply.`;
    case 'BEYOND_STRIKES': {
      const what = `more than the ${priceText(note.reach)} between its strikes`;
      return note.paid
        ? `You would pay ${what}.`
        : `${priceText(note.price)} is ${what}: it will hardly get there.`;
    }
    case 'HELD_BACK': {
      const { reserved, restricted } = note;
      const elsewhere = restricted > 0 ? 'restricted, or closing in other orders' : 'closing in other orders';
      const why = reserved === 0 ? 'restricted' : elsewhere;
      return `${countText(reserved + restricted, 'unit')} more cannot be closed now: ${why}.`;
    }
  }
}

/** Why marks are missing, without a full stop. */
export function marksMissingText(missing: MarksMissing): string {
  if (missing.why === 'no-answer') return 'The broker’s market data doesn’t answer right now';
  const what = missing.why === 'unusable' ? 'There is no usable quote' : 'The broker serves no marks';
  return `${what} for ${missing.contracts === 'all' ? 'these contracts' : `${missing.contracts} of the contracts`}`;
}
