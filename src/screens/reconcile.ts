import { ButtonStyle } from 'discord.js';
import { isStop } from '../domain/covers.js';
import type { Environment } from '../domain/environment.js';
import type { Unadoptable } from '../domain/failures.js';
import { countText, listText, priceText } from '../domain/text.js';
import type { OrderIntent } from '../ports/order-intents.js';
import type { FoundNews, FoundWords } from '../services/noticing/found-projector.js';
import { whyNotAdopted } from '../services/orders/adoption.js';
import type { Decision } from '../services/orders/lookalike-decisions.js';
import type { Finding, Reconciliation } from '../services/orders/reconcile.js';
import { type Remedy, remediesOf } from '../services/orders/remedies.js';
import type { WorkingOrder } from '../services/orders/working-orders.js';
import { whereLine, whichAccount } from './account.js';
import { type Button, button, whoseButtons } from './components.js';
import { customId } from './custom-ids.js';
import { firstLine } from './first-line.js';
import { dealText, legsText, spreadText } from './format.js';
import { knownBy } from './known-by.js';
import { oddRowsLine } from './odd-rows.js';
import { limitText } from './orders.js';
import { textPages, textView } from './pages.js';
import { heading, targetsText } from './position.js';
import { COLOUR, type View } from './view.js';
import { kindText, othersText } from './working-order.js';

/** In the footer, so that a message which nobody wrote down is known again. */
function foundMark(topic: string): string {
  return `reconcile ${topic}`;
}

/** How what was found unasked reads on Discord. */
export function foundWords(environment: Environment): FoundWords<View> {
  return { pages: (news) => foundViews(news, environment), ...knownBy('found', foundMark) };
}

/** What is new and wrong, told unasked: as `/reconcile` says it, and nothing else. */
export function foundViews({ topic, userId, found }: FoundNews, environment: Environment): View[] {
  const { book, findings } = found;
  const [what, verb] =
    findings.length === 1 ? ['A point', 'doesn’t'] : [`${findings.length} points`, 'don’t'];
  const head = firstLine([`**${what} that ${verb} agree**`, 'new', whichAccount(book.name)], `<@${userId}> `);
  const pages = findingPages([head], found, environment);
  const embeds = [{ color: COLOUR.warn, footer: { text: foundMark(topic) } }];
  return pages.map((page) => ({ ...page, embeds }));
}

/** What doesn't agree between the journal, the broker and what is held; under each page the buttons that mend what it names. */
export function reconcileViews(found: Reconciliation, environment: Environment): View[] {
  const { book, matched, findings } = found;
  const odd = oddRowsLine(book.odd);
  const agreed =
    matched.length === 0
      ? ''
      : `✅ ${countText(matched.length, 'order')} of mine ${matched.length === 1 ? 'works' : 'work'} at the broker as written down.`;
  const head = firstLine([
    findings.length === 0 ? '**All agrees**' : `**${countText(findings.length, 'point')} to look at**`,
    whichAccount(book.name),
  ]);
  return findingPages([head, agreed, odd ?? ''].filter(Boolean), found, environment);
}

function findingPages(
  head: readonly string[],
  { book, findings }: Pick<Reconciliation, 'book' | 'findings'>,
  environment: Environment,
): View[] {
  return textPages([
    ...head.map((text) => ({ text })),
    ...findings.map((finding, index) => ({
      text: findingText(finding),
      buttons: remediesOf(finding).flatMap(buttonsOf),
      apart: !('view' in finding && index > 0 && 'view' in (findings[index - 1] ?? finding)),
    })),
    {
      text: ['Nothing was sent.', whereLine(environment, book.name)].join('\n'),
      apart: true,
    },
  ]);
}

/** Each says what it does, and to which. */
function buttonsOf(remedy: Remedy): Button[] {
  switch (remedy.kind) {
    case 'adopt': {
      const { order, others } = remedy.order;
      const price = order.price ? ` ${priceText(order.price)}` : '';
      const stop = others.map(({ id }) => ` with stop ${id}`).join('');
      const label = `Adopt ${order.id} ${order.underlying}${price}${stop}`;
      return [button(customId('reconcile', 'adopt', order.id), label, ButtonStyle.Primary)];
    }
    case 'cancel': {
      const { id } = remedy.order.order;
      return [button(customId('cancel', 'one', id), `Cancel ${id}`)];
    }
    case 'forget': {
      const { id, brokerOrderId, positionId, price } = remedy.intent;
      const label = `Forget ${brokerOrderId} #${positionId} ${priceText(price)}`;
      return [button(customId('reconcile', 'forget', id), label)];
    }
    case 'whose':
      return whoseButtons({ ...remedy.intent, intentId: remedy.intent.id });
    case 'preview': {
      const { id, position } = remedy.view;
      return [button(customId('targets', 'again', id), `Preview ${position.underlying} #${id}`)];
    }
  }
}

/** Said to who had an order taken for the bot's own, or forgotten. */
export function adoptedView(orderId: string, environment: Environment): View {
  return textView([
    `**Order ${orderId} is mine from here on.** Its message comes below, and tells what becomes of it.`,
    'Nothing was sent.',
    `-# **${environment}**`,
  ]);
}

/** Said to who said whose orders are that look just like one of the bot's. */
export function decidedView(
  { whose, orderIds }: Pick<Decision, 'whose' | 'orderIds'>,
  environment: Environment,
): View {
  const [orders, were] = orderIds.length === 1 ? ['order', 'was'] : ['orders', 'were'];
  const said = whose === 'ours' ? 'is the bot’s' : `${were} placed by hand`;
  return textView([
    `**Written down: ${orders} ${listText(orderIds)} ${said}.**`,
    'Nothing was sent.',
    `-# **${environment}**`,
  ]);
}

export function forgottenView({ brokerOrderId, positionId }: OrderIntent, environment: Environment): View {
  return textView([
    `**Order ${brokerOrderId} of #${positionId} is forgotten.** Its message says so.`,
    'Nothing was sent.',
    `-# **${environment}**`,
  ]);
}

function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'over':
      return [
        `🔴 **${finding.instrument.symbol.replace(/ +/, ' ')}: ${finding.working} to be closed, ${finding.held} held**`,
        overText(finding.orders),
      ].join('\n');
    case 'loose':
      return [
        `⚠️ **Order ${finding.order.order.id}** closes nothing that is held${finding.ours ? '' : ', and was placed elsewhere'}`,
        orderText(finding.order.order),
        ...(finding.renamed.length > 0
          ? [
              `Its contracts may have been renamed: held is ${listText(finding.renamed.map(({ symbol }) => symbol.replace(/ +/, ' ')))}. Cancel it, and preview anew.`,
            ]
          : ['Cancel it, or leave it if you know why it works.']),
      ].join('\n');
    case 'unsettled':
      return [
        `❓ **#${finding.intent.positionId} ${finding.intent.underlying}**: an order whose fate isn’t known`,
        dealText(finding.intent),
        finding.intent.lookalikes.length > 0
          ? `${listText(finding.intent.lookalikes)} ${finding.intent.lookalikes.length === 1 ? 'looks' : 'look'} just like it and ${finding.intent.lookalikes.length === 1 ? 'carries' : 'carry'} no mark of mine: say whose ${finding.intent.lookalikes.length === 1 ? 'it is' : 'they are'}.`
          : 'I read the broker’s orders until I can say; its contracts stay reserved.',
      ].join('\n');
    case 'stale':
      return [
        `⚪ **Order ${finding.intent.brokerOrderId}** works no more: ${finding.order ? finding.order.status : finding.unknown ? 'the broker doesn’t know it (any more)' : 'the broker doesn’t show it, and it can’t be read now'}`,
        `#${finding.intent.positionId} ${finding.intent.underlying} · ${dealText(finding.intent)}`,
        ...staleLines(finding),
      ].join('\n');
    case 'elsewhere':
      return [
        `👤 **Order ${finding.order.order.id}**${othersText(finding.order.others)} was placed elsewhere · ${finding.order.positions.map(heading).join(', ')}`,
        orderText(finding.order.order),
        ...notAdoptedLines(finding.order),
      ].join('\n');
    default:
      return `⚠️ **${heading(finding.view)}** · ${targetsText(finding.view)}`;
  }
}

/** One alone was sized before a part of what it closes was gone, as the stop beside a target that filled in part. */
function overText([only, ...more]: readonly WorkingOrder[]): string {
  const ids = [only, ...more].flatMap((working) => working?.order.id ?? []);
  if (only && more.length === 0)
    return `Order ${only.order.id}${othersText(only.others)} may close more than is held. Cancel it, and preview anew.`;
  return `Orders ${listText(ids)} together close more than is held. Cancel one of them.`;
}

function staleLines({ order, unknown }: Extract<Finding, { kind: 'stale' }>): string[] {
  if (order) return ['Written down now; its message says so too.'];
  return unknown ? [] : ['Nothing can be said of it before it can be read: look again later.'];
}

/** Why an order isn't offered to be adopted, and what to do instead. */
function notAdoptedLines(working: WorkingOrder): string[] {
  const why = whyNotAdopted(working);
  if (why === null) return [];
  return [`Not to be adopted: ${NOT_ADOPTED[why](working)}`];
}

const NOT_ADOPTED: Readonly<Record<Unadoptable, (working: WorkingOrder) => string>> = {
  ours: () => 'it may be mine already; look again.',
  ended: () => 'it has ended; look again.',
  'no-target': ({ order, flaws }) =>
    `it is no profit target (${kindText(order, flaws)}). ${insteadOf(order, flaws)}`,
  several: () =>
    'it closes several positions at one price. Leave it, or cancel it and preview each position.',
  'under-way': () =>
    'an order of mine for these contracts is on its way, and may be this one. Look again once its result is told.',
  linked: ({ others }) =>
    `${listText(others.map(({ id }) => id))} beside it is no GTC stop limit of the same contracts. Leave them, or cancel them and preview anew with \`stop:\`.`,
};

/** What a trader who wants a target does about an order that is none. */
function insteadOf(order: WorkingOrder['order'], flaws: WorkingOrder['flaws']): string {
  if (isStop(order))
    return 'Leave it, or cancel it and preview anew with `stop:`, which sets a target beside a stop.';
  if (flaws.length === 1 && flaws[0] === 'time')
    return 'It ends by itself. Leave it till then, or cancel it and preview anew for one that stays.';
  return 'Leave it if you know why it works, or cancel it and preview anew.';
}

function orderText(order: Extract<Finding, { kind: 'loose' }>['order']['order']): string {
  const legs = order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }));
  return `${order.underlying} ${spreadText(legs) ?? legsText(legs)} · ${limitText(order)} · ${order.timeInForce} · ${order.status}`;
}
