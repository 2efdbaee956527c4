/**
 * What the bot tells unasked, and what somebody can have quieter. What concerns lost answers, rejections and mismatches is no
 * kind of its own: nobody can switch it off.
 */
export const NOTICE_KINDS = ['fill', 'partial', 'cancelled', 'opened', 'closed'] as const;
export type NoticeKind = (typeof NOTICE_KINDS)[number];

/** `silent`: nobody is mentioned and no sound is made; `off`: no message comes. */
export const NOTICE_LEVELS = ['on', 'silent', 'off'] as const;
export type NoticeLevel = (typeof NOTICE_LEVELS)[number];

/** Where an account's own notices go: those that answer nobody's press. */
export interface NoticeChannel {
  account: string;
  channelId: string;
  /** Who set it, and is mentioned there. */
  userId: string;
  /** What was there by then is no news; kept when only the channel changes. */
  since: Date;
}

/** What people chose of what they are told. */
export interface Notices {
  /** Those that somebody chose; the rest is `on`. */
  levelsOf(userId: string): Promise<ReadonlyMap<NoticeKind, NoticeLevel>>;
  chooseLevel(userId: string, kind: NoticeKind, level: NoticeLevel): Promise<void>;
  /** Null while it is off. */
  channelOf(account: string): Promise<NoticeChannel | null>;
  /** @returns as it is kept: one that was set before keeps its `since` */
  setChannel(channel: NoticeChannel): Promise<NoticeChannel>;
  unsetChannel(account: string): Promise<void>;
}

/** As somebody has it of a kind. */
export async function levelOf(
  notices: Pick<Notices, 'levelsOf'>,
  userId: string,
  kind: NoticeKind,
): Promise<NoticeLevel> {
  return (await notices.levelsOf(userId)).get(kind) ?? 'on';
}
