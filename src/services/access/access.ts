import { lastDigits } from '../../domain/account-names.js';
import { UserError } from '../../domain/errors.js';

/** Who asks, as the chat platform told it with this very request (roles are never cached). */
export interface Actor {
  userId: string;
  roleIds: readonly string[];
  guildId: string | null;
  channelId: string;
}

export interface AccessRules {
  traderUserIds: readonly string[];
  traderRoleIds: readonly string[];
  /** Who may look besides the traders; `*` is everyone in the server. */
  viewerUserIds: readonly string[];
  viewerRoleIds: readonly string[];
  channelIds: readonly string[];
  readOnly: boolean;
}

/**
 * What somebody may or may not do.
 * - `none`: needs no right: help, one's own time zone, taking one's own offer back
 * - `look`: see anything of the account: positions, previews, orders, balances, reminders, its health
 * - `schedule`: set up reminders, or deal with those of others
 * - `trade`: what can lead to orders
 */
export type Action = 'none' | 'look' | 'schedule' | 'trade';
export type Denial = 'READ_ONLY' | 'NOBODY_MAY_TRADE' | 'NOT_A_TRADER' | 'NOT_A_VIEWER' | 'ACCOUNT_GONE';
type Asker = Pick<Actor, 'userId' | 'roleIds'> & Partial<Pick<Actor, 'guildId'>>;

/** What it is about, as far as that matters to who may do it. */
export interface About {
  /** By its whole number, and whether this bot works for it: what was kept outlives the settings. */
  account?: { number: string; served: boolean };
  /** Whose reminders: one's own may be dealt with without being a trader. */
  owners?: readonly string[];
}

/** `*`: everyone in the server, and so nobody in a direct message. */
export const EVERYONE = '*';

/**
 * Who may do what, decided here alone; callers only word it. Reminders are the traders' business too, also while
 * orders are switched off. The table in ARCHITECTURE.md says the same.
 */
export function permission(
  rules: AccessRules,
  actor: Asker,
  action: Action,
  about: About = {},
): 'ok' | Denial {
  const answer = personally(rules, actor, action, about.owners ?? []);
  // Who may not ask hears nothing of accounts.
  if (answer !== 'ok' || action === 'none' || about.account?.served !== false) return answer;
  return 'ACCOUNT_GONE';
}

/** Whether somebody may place orders, were they not switched off for all. */
export function isTrader(rules: AccessRules, actor: Asker): boolean {
  return permission(rules, actor, 'schedule') === 'ok';
}

function personally(
  rules: AccessRules,
  actor: Asker,
  action: Action,
  owners: readonly string[],
): 'ok' | Denial {
  if (action === 'none') return 'ok';
  if (action === 'look') return isNamedTrader(rules, actor) || isViewer(rules, actor) ? 'ok' : 'NOT_A_VIEWER';
  if (action === 'trade' && rules.readOnly) return 'READ_ONLY';
  const own = owners.length > 0 && owners.every((owner) => owner === actor.userId);
  if (action === 'schedule' && own) return 'ok';
  // Everyone is refused until somebody is named: an empty list never means "all".
  if (rules.traderUserIds.length + rules.traderRoleIds.length === 0) return 'NOBODY_MAY_TRADE';
  return isNamedTrader(rules, actor) ? 'ok' : 'NOT_A_TRADER';
}

function isNamedTrader({ traderUserIds, traderRoleIds }: AccessRules, { userId, roleIds }: Asker): boolean {
  return traderUserIds.includes(userId) || roleIds.some((role) => traderRoleIds.includes(role));
}

function isViewer({ viewerUserIds, viewerRoleIds }: AccessRules, actor: Asker): boolean {
  if (viewerUserIds.includes(actor.userId)) return true;
  if (actor.roleIds.some((role) => viewerRoleIds.includes(role))) return true;
  return Boolean(actor.guildId) && [...viewerUserIds, ...viewerRoleIds].includes(EVERYONE);
}

/** @throws UserError as `permission` says, with what was to be done */
export function assertMay(rules: AccessRules, actor: Asker, action: Action, about: About = {}): void {
  const answer = permission(rules, actor, action, about);
  if (answer === 'ok') return;
  if (answer === 'ACCOUNT_GONE')
    throw new UserError(answer, { digits: lastDigits(about.account?.number ?? '') });
  if (answer === 'READ_ONLY') throw new UserError(answer, {});
  if (answer === 'NOT_A_VIEWER') throw new UserError(answer, { where: 'server' });
  throw new UserError(answer, { to: action === 'schedule' ? 'schedule' : 'trade' });
}

/** A place to write: a channel, or a thread with the channel that it belongs to. */
export interface Place {
  channelId: string;
  /** Null outside threads. */
  parentId: string | null;
}

/** Anywhere, unless channels are named; a named one brings its threads and posts with it. */
export function answersIn(rules: AccessRules, { channelId, parentId }: Place): boolean {
  const { channelIds } = rules;
  if (channelIds.length === 0 || channelIds.includes(channelId)) return true;
  return parentId !== null && channelIds.includes(parentId);
}

/** @throws UserError `WRONG_CHANNEL` */
export function assertChannel(rules: AccessRules, place: Place): void {
  if (answersIn(rules, place)) return;
  throw new UserError('WRONG_CHANNEL', { channelIds: rules.channelIds });
}
