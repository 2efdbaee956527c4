import type { Environment } from '../domain/environment.js';
import { hasFree } from '../domain/position-cover.js';
import type { LostWords } from '../services/orders/lost-projector.js';
import type { LostNews } from '../services/orders/lost-reader.js';
import { expiredWithContracts, isLost, isReplaced, leavesUncovered } from '../services/telling/report.js';
import { whereLine, whichAccount } from './account.js';
import { leftLines } from './cancel.js';
import { row, setAgain, setTerms } from './components.js';
import { firstLine } from './first-line.js';
import { contractsText, dealText, quoted, timestamp } from './format.js';
import { knownBy } from './known-by.js';
import { textView } from './pages.js';
import { reasonText } from './reasons.js';
import { endedTogetherText, orderName, partnerName, replacedPartnerText, tradedPart } from './report.js';
import { COLOUR, type Row, type View } from './view.js';

const REASON_LENGTH = 300;

/** In the footer, so that a message which nobody wrote down is known again. */
function lostMark(intentId: number | string): string {
  return `lost ${intentId}`;
}

/** How orders that were lost read on Discord. */
export function lostWords(environment: Environment): LostWords<View> {
  return { page: (news) => lostView(news, environment), ...knownBy('lost', lostMark) };
}

/** An order that ended otherwise than by its fill, and nobody here had it cancelled: how, and what stands uncovered now. */
export function lostView(news: LostNews, environment: Environment): View {
  const { line, userId, name, left, endedAt } = news;
  const contracts = contractsText(
    line.legs.map(({ symbol }) => symbol),
    line.underlying,
  );
  const rows = [
    firstLine(
      [
        `**${orderName(line)}** ${line.stopTrigger ? 'stop ' : ''}order **${endText(news)}**${expiredWithContracts(line) ? ' with its contracts' : ''}`,
        whichAccount(name),
      ],
      `<@${userId}> `,
    ),
    `**Order ${line.orderId}** · ${dealText(line)} · ${contracts}`,
    `-# ${howText(news)}`,
    ...(isLost(line) ? pairLines(news) : []),
    ...(leavesUncovered(line) ? [leftLines(left, [line.positionId]), ...goneLines(news)] : []),
    whereLine(environment, name, endedAt ? timestamp(endedAt) : ''),
  ];
  return {
    ...textView(rows),
    embeds: [{ color: isLost(line) ? COLOUR.bad : COLOUR.quiet, footer: { text: lostMark(line.intentId) } }],
    components: actions(news),
  };
}

/** Where what it closed is gone, that may be why it ended. */
function goneLines({ left }: LostNews): string[] {
  const gone = left !== null && left.positions.length === 0;
  return gone ? ['If a split or a merger changed its contracts, `/positions` lists what they are now.'] : [];
}

function endText({ line }: LostNews): string {
  return isReplaced(line) ? 'replaced' : (line.orderState ?? 'ended');
}

/** What is known of its end. That nobody here asked for it is all that is known of who did. */
function howText({ line }: LostNews): string {
  const { status, reason, orderState } = line;
  if (isReplaced(line)) return `Replaced by order ${line.replacedBy}, not by me: \`/orders\` shows it.`;
  if (!isLost(line)) return endedTogetherText(line);
  const why = reason ? `: ${quoted(reasonText(reason), REASON_LENGTH).replace(/\.$/, '')}` : '';
  const nobody = orderState === 'cancelled' ? ' No cancel from here was under way.' : '';
  return `${tradedPart(line)}${status ?? 'Ended'}${why}. It is not working.${nobody}`;
}

/** What is left of its pair. */
function pairLines({ line }: LostNews): string[] {
  const { partner, stopTrigger } = line;
  if (!partner) return [];
  const other = `${partnerName(line)},`;
  if (!partner.works) return [replacedPartnerText(line) || `Its ${other} works no more either.`];
  return [`Its ${other} works on${stopTrigger ? ', **without a stop**' : ''}.`];
}

/** As long as it may be uncovered: what it was placed at, and what would be usual. */
function actions({ line, left }: LostNews): Row[] {
  if (!leavesUncovered(line) || line.orderId === null) return [];
  // Its price is none to earn at, and its target covers the position still.
  if (line.stopTrigger) return line.partner?.works ? [] : [row(setAgain([line.positionId]))];
  if (left && !left.positions.some(({ cover }) => hasFree(cover))) return [];
  const { kind, positionId, orderId, price } = line;
  // A close may have been wanted at a loss, which is no target.
  const terms = kind === 'close' ? [] : [setTerms({ positionId, orderId, price })];
  return [row([...terms, ...setAgain([positionId])])];
}
