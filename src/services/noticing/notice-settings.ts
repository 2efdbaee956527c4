import type { AccountName } from '../../domain/account-names.js';
import type { Clock } from '../../ports/clock.js';
import {
  NOTICE_KINDS,
  type NoticeChannel,
  type NoticeKind,
  type NoticeLevel,
  type Notices,
} from '../../ports/notices.js';
import { type AccessRules, type Actor, assertChannel, assertMay } from '../access/access.js';
import type { Desks } from '../accounts/desks.js';

/** Where one account's own notices go; null where nowhere. */
export interface AccountNotices {
  name: AccountName;
  channel: NoticeChannel | null;
}

export interface NoticeSettingsDeps {
  notices: Notices;
  desks: Pick<Desks, 'chosen' | 'one'>;
  access: AccessRules;
  clock: Clock;
}

/** What people choose of what they are told unasked. */
export class NoticeSettings {
  constructor(private readonly deps: NoticeSettingsDeps) {}

  /** How loud each kind is for somebody. */
  async levels(userId: string): Promise<ReadonlyMap<NoticeKind, NoticeLevel>> {
    const chosen = await this.deps.notices.levelsOf(userId);
    return new Map(NOTICE_KINDS.map((kind) => [kind, chosen.get(kind) ?? 'on']));
  }

  async choose(userId: string, kind: NoticeKind, level: NoticeLevel): Promise<void> {
    await this.deps.notices.chooseLevel(userId, kind, level);
  }

  /** @throws UserError `NOT_A_VIEWER`, and as `Desks.chosen` */
  async channels(actor: Actor, account: string | null): Promise<AccountNotices[]> {
    const { access, desks, notices } = this.deps;
    assertMay(access, actor, 'look');
    const meant = await desks.chosen(account);
    return Promise.all(
      meant.map(async ({ number, name }) => ({ name, channel: await notices.channelOf(number) })),
    );
  }

  /**
   * From here on what is new in the account is told in a channel; or nowhere.
   * @param to a channel's id
   * @throws UserError as `assertMay`, `assertChannel` and `Desks.one` say; BrokerError if the account can't be read
   */
  async setChannel(actor: Actor, account: string | null, to: string | 'off'): Promise<AccountNotices> {
    const { access, desks, notices, clock } = this.deps;
    assertMay(access, actor, 'schedule');
    if (to !== 'off') assertChannel(access, { channelId: to, parentId: null });
    const { number, name, positions } = await desks.one(account);
    if (to === 'off') {
      await notices.unsetChannel(number);
      return { name, channel: null };
    }
    // What is held by now has its number then, and so is no news.
    await positions.read();
    const { userId } = actor;
    const channel = await notices.setChannel({ account: number, channelId: to, userId, since: clock.now() });
    return { name, channel };
  }
}
