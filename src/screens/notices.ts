import type { Environment } from '../domain/environment.js';
import type { NoticeKind, NoticeLevel } from '../ports/notices.js';
import { textView } from './pages.js';
import type { View } from './view.js';

/** How each kind is called where one chooses. */
export const KIND_NAMES: Record<NoticeKind, string> = {
  fill: 'fills',
  partial: 'partial fills',
  cancelled: 'cancelled orders',
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
