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
  channelIds: readonly string[];
  readOnly: boolean;
}

/** Everyone is refused until somebody is named: an empty list never means "all". */
export function mayTrade(rules: AccessRules, actor: Pick<Actor, 'userId' | 'roleIds'>): boolean {
  return (
    rules.traderUserIds.includes(actor.userId) ||
    actor.roleIds.some((role) => rules.traderRoleIds.includes(role))
  );
}

/** @throws UserError `READ_ONLY`, `NOBODY_MAY_TRADE`, `NOT_A_TRADER` */
export function assertMayTrade(rules: AccessRules, actor: Pick<Actor, 'userId' | 'roleIds'>): void {
  if (rules.readOnly) {
    throw new UserError(
      'READ_ONLY',
      'This bot is in read-only mode, so nothing was sent.',
      'Whoever runs it can set READ_ONLY=false and restart it.',
    );
  }
  if (rules.traderUserIds.length + rules.traderRoleIds.length === 0) {
    throw new UserError(
      'NOBODY_MAY_TRADE',
      'Nobody may place orders with this bot yet, so nothing was sent.',
      'Whoever runs it names the traders in TRADER_USER_IDS or TRADER_ROLE_IDS.',
    );
  }
  if (!mayTrade(rules, actor)) {
    throw new UserError(
      'NOT_A_TRADER',
      'Placing orders is for this server’s traders, so nothing was sent.',
      'Ask whoever runs the bot to add you or one of your roles.',
    );
  }
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
  throw new UserError(
    'WRONG_CHANNEL',
    'I don’t answer in this channel.',
    `Ask me in ${rules.channelIds.map((id) => `<#${id}>`).join(' or ')}.`,
  );
}

/**
 * Reminders are the traders' business too, also while orders are switched off.
 * @throws UserError `NOBODY_MAY_TRADE`, `NOT_A_TRADER`
 */
export function assertMaySchedule(rules: AccessRules, actor: Pick<Actor, 'userId' | 'roleIds'>): void {
  if (mayTrade(rules, actor)) return;
  if (rules.traderUserIds.length + rules.traderRoleIds.length === 0) {
    throw new UserError(
      'NOBODY_MAY_TRADE',
      'Nobody may schedule reminders with this bot yet.',
      'Whoever runs it names the traders in TRADER_USER_IDS or TRADER_ROLE_IDS.',
    );
  }
  throw new UserError(
    'NOT_A_TRADER',
    'Reminders are for this server’s traders.',
    'Ask whoever runs the bot to add you or one of your roles.',
  );
}
