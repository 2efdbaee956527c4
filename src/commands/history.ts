import { AttachmentBuilder, SlashCommandBuilder } from 'discord.js';
import { exchangeDay } from '../domain/dates.js';
import { historyViews, PERIOD_NAMES } from '../screens/history.js';
import { FILE_INTRODUCED, historyFile } from '../screens/history-file.js';
import { curvePicture } from '../screens/pictures/curve.js';
import { unreadViews } from '../screens/unread-accounts.js';
import { PERIODS, type Period } from '../services/history/history.js';
import { typedAccount } from './account-option.js';
import { addPicture } from './add-picture.js';
import type { Command } from './command.js';
import { showPages } from './show-pages.js';

const USUAL: Period = '30-days';

export const history: Command = {
  data: new SlashCommandBuilder()
    .setName('history')
    .setDescription('What closed positions made, by the broker’s ledger')
    .addStringOption((option) =>
      option
        .setName('period')
        .setDescription('Until now; the last 30 days unless you choose')
        .addChoices(PERIODS.map((value) => ({ name: PERIOD_NAMES[value], value }))),
    )
    .addStringOption((option) =>
      option.setName('underlying').setDescription('Only this underlying, such as QQQ').setMaxLength(10),
    )
    .toJSON(),
  action: 'look',
  account: true,
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const period = PERIODS.find((each) => each === interaction.options.getString('period')) ?? USUAL;
    const underlying = interaction.options.getString('underlying')?.trim() || null;
    const asked = await app.history.read({ account: typedAccount(interaction), period, underlying });
    const lists = asked.read.map((account) => ({
      account,
      pages: historyViews(account, asked, app.environment),
    }));
    const pages = lists.flatMap((list) => list.pages);
    const ids = await showPages(interaction, [...pages, ...unreadViews(asked, app.environment)]);
    let last = -1;
    for (const { account, pages: own } of lists) {
      last += own.length;
      addPicture(interaction, { id: ids[last] ?? '', isReply: last === 0 }, app, {
        make: async () =>
          curvePicture({
            title: PERIOD_NAMES[period],
            from: asked.since,
            to: app.clock.now(),
            steps: account.steps,
          }),
      });
    }
    if (asked.read.every(({ entries }) => entries.length === 0)) return;
    const name = `realised-${exchangeDay(asked.since)}.csv`;
    const file = new AttachmentBuilder(Buffer.from(historyFile(asked.read)), { name });
    await interaction.followUp({ content: FILE_INTRODUCED, files: [file] });
  },
};
