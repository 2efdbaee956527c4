import { NOTICE_KINDS, type NoticeKind, type NoticeLevel, type Notices } from '../../ports/notices.js';

/** What people choose of what they are told unasked. */
export class NoticeSettings {
  constructor(private readonly notices: Notices) {}

  /** How loud each kind is for somebody. */
  async levels(userId: string): Promise<ReadonlyMap<NoticeKind, NoticeLevel>> {
    const chosen = await this.notices.levelsOf(userId);
    return new Map(NOTICE_KINDS.map((kind) => [kind, chosen.get(kind) ?? 'on']));
  }

  async choose(userId: string, kind: NoticeKind, level: NoticeLevel): Promise<void> {
    await this.notices.chooseLevel(userId, kind, level);
  }
}
