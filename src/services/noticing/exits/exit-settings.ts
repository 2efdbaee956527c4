import type { AccountName } from '../../../domain/account-names.js';
import { readDays } from '../../../domain/exits.js';
import type { Clock } from '../../../ports/clock.js';
import type { ExitRule, Exits } from '../../../ports/exits.js';
import { type AccessRules, type Actor, assertChannel, assertMay } from '../../access/access.js';
import type { Desks } from '../../accounts/desks.js';

/** When one account's positions are to be left; null while that is off. */
export interface AccountExit {
  name: AccountName;
  rule: ExitRule | null;
}

export interface ExitSettingsDeps {
  exits: Pick<Exits, 'exitRule' | 'setExitRule' | 'unsetExitRule'>;
  desks: Pick<Desks, 'chosen' | 'one'>;
  access: AccessRules;
  clock: Pick<Clock, 'now'>;
}

/** The rule by which an account's positions are left before they expire. */
export class ExitSettings {
  constructor(private readonly deps: ExitSettingsDeps) {}

  /** @throws UserError `NOT_A_VIEWER`, and as `Desks.chosen` */
  async rules(actor: Actor, account: string | null): Promise<AccountExit[]> {
    const { access, desks, exits } = this.deps;
    assertMay(access, actor, 'look');
    const meant = await desks.chosen(account);
    return Promise.all(meant.map(async ({ number, name }) => ({ name, rule: await exits.exitRule(number) })));
  }

  /**
   * @param days as people type them
   * @param channelId where the cards are told
   * @throws UserError `DAYS_UNREADABLE`, and as `assertMay`, `assertChannel` and `Desks.one` say; BrokerError if the account
   * can't be read
   */
  async set(actor: Actor, account: string | null, days: string, channelId: string): Promise<AccountExit> {
    const { access, desks, exits, clock } = this.deps;
    assertMay(access, actor, 'schedule');
    assertChannel(access, { channelId, parentId: null });
    const read = readDays(days);
    const { number, name, positions } = await desks.one(account);
    const rule = { account: number, days: read, channelId, userId: actor.userId };
    await exits.setExitRule(rule, clock.now());
    // Whoever looks at what is read owes each position's card.
    await positions.read();
    return { name, rule };
  }

  /** @throws as `set` */
  async unset(actor: Actor, account: string | null): Promise<AccountExit> {
    const { access, desks, exits } = this.deps;
    assertMay(access, actor, 'schedule');
    const { number, name } = await desks.one(account);
    await exits.unsetExitRule(number);
    return { name, rule: null };
  }
}
