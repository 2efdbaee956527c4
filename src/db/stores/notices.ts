import type { Notices } from '../../ports/notices.js';
import type { Database } from '../database.js';
import { NoticeChannelRow, NoticeLevelRow } from '../entities/index.js';

export function notices(database: Database): Notices {
  return {
    async levelsOf(userId) {
      const rows = await database.read((m) => m.findBy(NoticeLevelRow, { userId }));
      return new Map(rows.map(({ kind, level }) => [kind, level]));
    },
    async chooseLevel(userId, kind, level) {
      const choice = { userId, kind, level };
      await database.write((m) => m.upsert(NoticeLevelRow, choice, ['userId', 'kind']));
    },
    channelOf: (account) => database.read((m) => m.findOneBy(NoticeChannelRow, { account })),
    setChannel: (channel) =>
      database.write(async (m) => {
        const former = await m.findOneBy(NoticeChannelRow, { account: channel.account });
        const kept = { ...channel, since: former?.since ?? channel.since };
        await m.upsert(NoticeChannelRow, kept, ['account']);
        return kept;
      }),
    async unsetChannel(account) {
      await database.write((m) => m.delete(NoticeChannelRow, { account }));
    },
  };
}
