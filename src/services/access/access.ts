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

/** What somebody may or may not do: send orders, or set up reminders. */
export type Action = 'trade' | 'schedule';
export type Denial = 'READ_ONLY' | 'NOBODY_MAY_TRADE' | 'NOT_A_TRADER';

/**
 * Who may do what, decided here alone; callers only word it. Reminders are the traders' business too, also while
 * orders are switched off.
 */
export function permission(
  rules: AccessRules,
  actor: Pick<Actor, 'userId' | 'roleIds'>,
  action: Action,
): 'ok' | Denial {
  if (action === 'trade' && rules.readOnly) return 'READ_ONLY';
  if (rules.traderUserIds.length + rules.traderRoleIds.length === 0) return 'NOBODY_MAY_TRADE';
  return mayTrade(rules, actor) ? 'ok' : 'NOT_A_TRADER';
}

/** @throws UserError `READ_ONLY`, `NOBODY_MAY_TRADE`, `NOT_A_TRADER` */
export function assertMayTrade(rules: AccessRules, actor: Pick<Actor, 'userId' | 'roleIds'>): void {
  const answer = permission(rules, actor, 'trade');
  if (answer === 'ok') return;
  throw answer === 'READ_ONLY' ? new UserError(answer, {}) : new UserError(answer, { to: 'trade' });
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

/** @throws UserError `NOBODY_MAY_TRADE`, `NOT_A_TRADER` */
export function assertMaySchedule(rules: AccessRules, actor: Pick<Actor, 'userId' | 'roleIds'>): void {
  const answer = permission(rules, actor, 'schedule');
  if (answer === 'ok') return;
  throw answer === 'READ_ONLY' ? new UserError(answer, {}) : new UserError(answer, { to: 'schedule' });
}
