import { countText } from '../domain/text.js';
import type { Seen } from '../services/status/status.js';
import type { Restriction } from '../services/status/trading-status.js';
import { streamText } from './failures/broker.js';
import { whyText } from './failures/index.js';
import { timestamp } from './format.js';

const RESTRICTIONS: Record<Restriction, string> = {
  closed: 'closed: the broker takes no order',
  frozen: 'frozen: the broker refuses every order, closing ones too',
  closingOnly: 'closing only: closing orders go through, opening ones don’t',
  riskReducingOnly: 'risk reducing only: an order must lower the risk',
  marginCall: 'in a margin call: the broker may close positions by itself',
  dayTradeCall: 'in a day-trade equity call',
};

const TRADING_OFF = {
  'read-only': 'read-only mode',
  nobody: 'nobody is named in TRADER_USER_IDS or TRADER_ROLE_IDS',
};

const LOOKING = { everyone: 'everyone in the server', traders: 'traders only', nobody: 'nobody is named' };

/** What was seen of a part, in half a sentence. */
export function seenText(seen: Seen): string {
  if (typeof seen === 'string' || seen instanceof Error) return whyText(seen);
  switch (seen.what) {
    case 'gateway':
      return [seen.state, ...(seen.pingMs === null ? [] : [`${seen.pingMs} ms`])].join(', ');
    case 'broker':
      return `answers in ${seen.answeredInMs} ms`;
    case 'standing':
      return seen.restrictions.map((each) => RESTRICTIONS[each]).join('; ') || 'trades without restriction';
    case 'stream':
      if (seen.state?.live) return `live since ${timestamp(seen.state.since, 't')}`;
      return `down (${streamText(seen.state?.reason ?? { code: 'NOT_STARTED' })}); I read the account before each order instead`;
    case 'database':
      return seen.pendingMigrations > 0
        ? `${seen.pendingMigrations} migrations are pending`
        : `${seen.driver}, up to date, takes writes`;
    case 'market': {
      const until = seen.until ? `, ${seen.open ? 'closes' : 'opens'} ${timestamp(seen.until, 'R')}` : '';
      return `${seen.open ? 'open' : 'closed'}${until}`;
    }
    case 'reminders': {
      const due = seen.due === 0 ? 'nothing is due' : `${seen.due} due or under way`;
      return `${due}, ${seen.next ? `next ${timestamp(seen.next, 'R')}` : 'none is scheduled'}`;
    }
    case 'trading': {
      if (seen.off) return `off: ${TRADING_OFF[seen.off]}`;
      return `on for ${peopleText(seen)}${seen.server ? `, on server ${seen.server} alone` : ''}`;
    }
    case 'looking':
      return seen.who === 'viewers' ? `traders, and ${peopleText(seen)} as viewers` : LOOKING[seen.who];
  }
}

function peopleText({ users, roles }: { users: number; roles: number }): string {
  return `${countText(users, 'user')} and ${countText(roles, 'role')}`;
}
