import { ButtonStyle } from 'discord.js';
import type { AccountNaming } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { countText, listText } from '../domain/text.js';
import type { BrokerOrder } from '../domain/types.js';
import type { Cancellation, OrderCancel } from '../ports/cancels.js';
import type { OpenPosition } from '../services/accounts/positions.js';
import type { CancelOffer } from '../services/orders/cancels/cancel-offer.js';
import type { Answer, QuestionWords } from '../services/orders/cancels/question-projector.js';
import type { WorkingOrder } from '../services/orders/working-orders.js';
import { whereLine, whichAccount } from './account.js';
import { coverLine, fateOf, namesOf, orderLine } from './cancel.js';
import { type Button, button, row } from './components.js';
import { customId } from './custom-ids.js';
import { firstLine } from './first-line.js';
import { legsText, timestamp } from './format.js';
import { limitText, orderBlock } from './orders.js';
import { textPages, textView } from './pages.js';
import type { View } from './view.js';

/** What would be cancelled and what that leaves uncovered; the last page asks. */
export function cancelOfferViews(offer: CancelOffer, environment: Environment): View[] {
  const { id, orders, along, stuck, afterwards, expiresAt, name } = offer;
  const which = orders.length === 1 ? 'this order' : `these ${orders.length} orders`;
  const more = along.length > 0 ? `, and ${along.length} more` : '';
  const title =
    orders.length === 0
      ? '**None of these can be cancelled now**'
      : `**Cancel ${countText(orders.length, 'order')}${more}?**`;
  const pages = textPages([
    { text: firstLine([title, ...namesOf(afterwards), whichAccount(name)]) },
    ...orders.map((order) => ({ text: orderBlock(order), apart: true })),
    ...(along.length > 0 ? [{ text: [ALONG, ...along.map(alongText)].join('\n'), apart: true }] : []),
    ...stuck.map((order) => ({ text: `${orderBlock(order)}\n${STUCK}`, apart: true })),
    ...(orders.length > 0 ? [{ text: afterwardsText(afterwards, orders.length), apart: true }] : []),
    {
      text: [
        ...(orders.length > 0
          ? [
              `Each works until the broker confirms its end, and may fill first. Confirm ${timestamp(expiresAt)}.`,
            ]
          : []),
        whereLine(environment, name),
      ].join('\n'),
      apart: true,
    },
  ]);
  if (orders.length === 0) return pages;
  const ask = row([
    button(customId('cancel', 'yes', id), `Cancel ${which}${more}`, ButtonStyle.Danger),
    ...changeable(orders),
    button(customId('cancel', 'keep', id), orders.length === 1 ? 'Keep it' : 'Keep them'),
  ]);
  return pages.map((page, index) => (index === pages.length - 1 ? { ...page, components: [ask] } : page));
}

/** A target that stands for itself can be placed anew instead. */
function changeable([only, ...more]: readonly WorkingOrder[]): Button[] {
  const [position, ...others] = only?.positions ?? [];
  const alone = only && more.length + others.length + only.others.length + only.flaws.length === 0;
  if (!alone || !position || only.order.complex) return [];
  const order = { positionId: position.id, orderId: only.order.id };
  return [button(customId('targets', 'change', order), 'Change price…')];
}

const ALONG = '⚠️ **The broker ends a complex order as a whole. With it goes:**';

function alongText(order: BrokerOrder): string {
  const legs = order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }));
  return `• **Order ${order.id}** · ${order.underlying} · ${legsText(legs)} · ${limitText(order)} · ${order.status}`;
}

const STUCK = '⚠️ The broker takes no cancel of it in this state: it stays out.';

function afterwardsText(afterwards: readonly OpenPosition[], orders: number): string {
  if (afterwards.length === 0) return `${orders === 1 ? 'It fits' : 'They fit'} no open position.`;
  return ['**Afterwards**', ...afterwards.map(coverLine)].join('\n');
}

/** How such a question reads on Discord once it is over. */
export function questionWords(environment: Environment, accounts: AccountNaming): QuestionWords<View> {
  return {
    page: (cancellation, answer) =>
      textView([
        OVER[answer](cancellation),
        ...linesAfter(cancellation, answer),
        whereLine(environment, accounts.of(cancellation.account)),
      ]),
  };
}

/** More are named only: this is one message, and whatever was cancelled is told by another in full. */
const MOST_LINES = 8;

/** What becomes of the orders later, by whomever, doesn't make it false. */
const NOTHING = 'Nothing was cancelled by this question.';

const OVER: Readonly<Record<Answer, (cancellation: Cancellation) => string>> = {
  confirmed: ({ orders }) => `**Confirmed: cancel ${countText(orders.length, 'order')}**`,
  kept: () => `Kept. ${NOTHING}`,
  late: () => `⌛ **Not confirmed in time.** ${NOTHING}`,
  over: ({ orders }) =>
    `**Nothing left to cancel:** ${orders.length === 1 ? 'it has' : 'they have'} ended meanwhile, not by this question.`,
};

function linesAfter({ orders }: Cancellation, answer: Answer): string[] {
  const each = (fate: (cancel: OrderCancel) => string | null) =>
    orders.length > MOST_LINES
      ? [`Orders ${listText(orders.map(({ orderId }) => orderId))}`]
      : orders.flatMap((cancel) => [orderLine(cancel), ...(fate(cancel) ? [`-# ${fate(cancel)}`] : [])]);
  if (answer === 'confirmed') return [...each(fateOf), 'A message of its own tells more.'];
  const ended = each(({ orderState }) => orderState);
  return answer === 'late' ? [...ended, '`/cancel` asks anew.'] : ended;
}
