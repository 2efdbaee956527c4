import type { Environment } from '../domain/environment.js';
import { describeContract } from '../domain/occ.js';
import { priceText } from '../domain/text.js';
import type { AssignedNews, AssignedWords } from '../services/noticing/assigned-projector.js';
import { whereLine, whichAccount } from './account.js';
import { firstLine } from './first-line.js';
import { countOf, usd } from './format.js';
import { knownBy } from './known-by.js';
import { textView } from './pages.js';
import { COLOUR, type View } from './view.js';

/** In the footer, so that a message which nobody wrote down is known again. */
function assignedMark(rowId: string): string {
  return `assigned ${rowId}`;
}

/** How shares that an assignment or an exercise brought or took read on Discord. */
export function assignedWords(environment: Environment): AssignedWords<View> {
  return {
    page: (news) => assignedView(news, environment),
    ...knownBy('assigned', assignedMark),
  };
}

/** Shares that came or went by an assignment or an exercise, and for how much. */
export function assignedView(
  { how, row, contracts, name, userId }: AssignedNews,
  environment: Environment,
): View {
  const { instrument, quantity, price, net, id } = row;
  const came = net.isNegative();
  const shares = `${quantity.toString()} ${instrument.symbol} shares`;
  const from = contracts.map((each) => countOf(each.quantity.toNumber(), describeContract(each.instrument)));
  const lines = [
    firstLine(
      [
        `**${shares} ${came ? 'came' : 'went'} by ${how}**`,
        `${came ? 'cost' : 'brought'} **${usd(net.abs())}**`,
        whichAccount(name),
      ],
      `<@${userId}> `,
    ),
    `${price ? `${came ? 'Bought' : 'Sold'} at **${priceText(price)}** each, by` : 'By'} your ${how === 'assignment' ? 'short' : 'long'} ${from.join(', ')}.`,
    'I place closing orders for options alone: there is nothing to submit for shares.',
    whereLine(environment, name, 'by the broker’s ledger, after fees'),
  ];
  return { ...textView(lines), embeds: [{ color: COLOUR.warn, footer: { text: assignedMark(id) } }] };
}
