import type { Environment } from '../domain/environment.js';
import type { NoticeKind, NoticeLevel } from '../ports/notices.js';
import type { AccountExit } from '../services/noticing/exits/exit-settings.js';
import type { AccountNotices } from '../services/noticing/notice-settings.js';
import { accountText } from './account.js';
import { textView } from './pages.js';
import type { View } from './view.js';

/** How each kind is called where one chooses. */
export const KIND_NAMES: Record<NoticeKind, string> = {
  fill: 'fills',
  partial: 'partial fills',
  cancelled: 'cancelled orders',
  opened: 'new positions',
  closed: 'closing cards',
};

export const LEVEL_NAMES: Record<NoticeLevel, string> = {
  on: 'on',
  silent: 'silent: no mention, no sound',
  off: 'off',
};

/** How loud each kind of notice is for who asks. */
export function levelsView(levels: ReadonlyMap<NoticeKind, NoticeLevel>, environment: Environment): View {
  return textView([
    '**Your notices**',
    ...[...levels].map(([kind, level]) => `${KIND_NAMES[kind]}: **${LEVEL_NAMES[level]}**`),
    '-# Lost answers, rejections and orders that aren’t as confirmed are always told. What stands in a channel is kept true whatever you choose.',
    `-# **${environment}**`,
  ]);
}

/** Where each account's own notices go. */
export function channelsView(accounts: readonly AccountNotices[], environment: Environment): View {
  const off = accounts.every(({ channel }) => channel === null);
  return textView([
    off ? '**Notices of new positions: off**' : '**Notices of new positions**',
    ...accounts.map(
      ({ name, channel }) =>
        `Account ${accountText(name)}: ${channel ? `<#${channel.channelId}>` : '**off**'}`,
    ),
    off
      ? '`/settings channel to:` has me tell there of each position opened from then on, with its targets previewed, of each that is gone, with what it made, and once of what doesn’t agree with the broker.'
      : 'What opens from now on is told there, once, with its targets previewed; nothing is sent before you press Submit. What a position made once it is gone comes there too, as does what doesn’t agree with the broker.',
    `-# **${environment}**`,
  ]);
}

/** When each account's positions are to be left before they expire. */
export function exitsView(accounts: readonly AccountExit[], environment: Environment): View {
  const off = accounts.every(({ rule }) => rule === null);
  return textView([
    off ? '**Exit before expiry: off**' : '**Exit before expiry**',
    ...accounts.map(
      ({ name, rule }) =>
        `Account ${accountText(name)}: ${rule ? `at **${rule.days.toReversed().join(', ')} DTE** in <#${rule.channelId}>` : '**off**'}`,
    ),
    off
      ? '`/settings exit dte: 21, 7` has me show a position’s close here once it comes to so many days before it expires.'
      : 'At each of these a position gets one card with its close previewed, once the market has been open for a while. I never send it by myself: nothing is sent before you press Submit.',
    `-# **${environment}**`,
  ]);
}
