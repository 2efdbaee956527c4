import { SlashCommandBuilder } from 'discord.js';
import { beginsUnderlying, isOfUnderlying } from '../domain/underlyings.js';
import { positionsPicture } from '../screens/pictures/index.js';
import { positionsSteps } from '../screens/positions.js';
import { unreadViews } from '../screens/unread-accounts.js';
import type { View } from '../screens/view.js';
import { withChain } from '../services/accounts/chains.js';
import type { Book, OpenPosition } from '../services/accounts/positions.js';
import { unhurried } from '../services/accounts/unhurried.js';
import { typedAccount } from './account-option.js';
import { addPicture } from './add-picture.js';
import type { Command } from './command.js';
import { underlyingChoices } from './position-choices.js';
import { showPages } from './show-pages.js';

export const positions: Command = {
  data: new SlashCommandBuilder()
    .setName('positions')
    .setDescription('What you hold, grouped into strategies, each with an id that never changes, such as #37')
    .addStringOption((option) =>
      option
        .setName('underlying')
        .setDescription('Only this underlying, such as QQQ')
        .setMaxLength(10)
        .setAutocomplete(true),
    )
    .toJSON(),
  action: 'look',
  account: true,
  ack: 'public',
  reads: true,
  async run(interaction, app) {
    const filter = (interaction.options.getString('underlying') ?? '').trim();
    const books = await app.desks.read(typedAccount(interaction));
    const lists: { book: Book; shown: OpenPosition[]; pages: View[] }[] = [];
    for (const { book, shown: found } of fitting(books.read, filter)) {
      const chains = await app.chains.of(book, found);
      const shown = found.map((view) => withChain(view, chains));
      const steps = positionsSteps(book, shown, app.environment, app.clock.now(), filter);
      lists.push({ book, shown, pages: await unhurried(steps) });
    }
    const pages = lists.flatMap((list) => list.pages);
    const ids = await showPages(interaction, [...pages, ...unreadViews(books, app.environment)]);
    for (const list of lists) {
      const last = pages.indexOf(list.pages.at(-1) as View);
      addPicture(interaction, { id: ids[last] ?? '', isReply: last === 0 }, app, {
        make: () => positionsPicture(list.book, list.shown, app.prices),
      });
    }
  },
  async complete(interaction, app) {
    return underlyingChoices(
      await app.desks.recalled(typedAccount(interaction)),
      interaction.options.getFocused(),
    );
  },
};

/** Of each account what is meant; an account without any is left out where another has some. */
function fitting(books: readonly Book[], filter: string): { book: Book; shown: OpenPosition[] }[] {
  const meant = (means: typeof isOfUnderlying) =>
    books.map((book) => ({
      book,
      shown: book.positions.filter(({ position }) => means(filter, position)),
    }));
  const any = (found: ReturnType<typeof meant>) => found.some(({ shown }) => shown.length > 0);
  const named = meant(isOfUnderlying);
  const found = any(named) ? named : meant(beginsUnderlying);
  return filter === '' || !any(found) ? found : found.filter(({ shown }) => shown.length > 0);
}
