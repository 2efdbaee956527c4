import type { Environment } from '../domain/environment.js';
import type { NoticeKind, NoticeLevel } from '../ports/notices.js';
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
      ? '`/settings channel to:` has me tell there of each position opened from then on, with its targets previewed.'
      : 'What opens from now on is told there, once, with its targets previewed; nothing is sent before you press Submit.',
    `-# **${environment}**`,
  ]);
}
