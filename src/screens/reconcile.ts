import type { Environment } from '../domain/environment.js';
import { countText, listText } from '../domain/text.js';
import type { OrderIntent } from '../ports/order-intents.js';
import type { FoundNews, FoundWords } from '../services/noticing/found-projector.js';
import { isAdoptable } from '../services/orders/adoption.js';
import type { Finding, Reconciliation } from '../services/orders/reconcile.js';
import type { WorkingOrder } from '../services/orders/working-orders.js';
import { whereLine, whichAccount } from './account.js';
import { cancelMenus, MOST_ROWS, menus, positionMenus } from './components.js';
import { customId } from './custom-ids.js';
import { firstLine } from './first-line.js';
import { clip, dealText, legsText, spreadText } from './format.js';
import { knownBy } from './known-by.js';
import { oddRowsLine } from './odd-rows.js';
import { limitText } from './orders.js';
import { textPages, textView } from './pages.js';
import { heading, targetsText } from './position.js';
import { COLOUR, type Row, type View } from './view.js';

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
  const pages = findingPages([head], found, environment, book.readAt);
  const embeds = [{ color: COLOUR.warn, footer: { text: foundMark(topic) } }];
  return pages.map((page) => ({ ...page, embeds }));
}

/** What doesn't agree between the journal, the broker and what is held; menus under it lead to what mends it. */
export function reconcileViews(found: Reconciliation, environment: Environment, now: Date): View[] {
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
  return findingPages([head, agreed, odd ?? ''].filter(Boolean), found, environment, now);
}

function findingPages(
  head: readonly string[],
  { book, findings }: Pick<Reconciliation, 'book' | 'findings'>,
  environment: Environment,
  now: Date,
): View[] {
  const pages = textPages([
    ...head.map((text) => ({ text })),
    ...findings.map((finding, index) => ({
      text: findingText(finding),
      apart: !('view' in finding && index > 0 && 'view' in (findings[index - 1] ?? finding)),
    })),
    {
      text: ['Nothing was sent.', whereLine(environment, book.name)].join('\n'),
      apart: true,
    },
  ]);
  const orders = new Map(findings.flatMap(cancellable).map((each) => [each.order.id, each]));
  const views = findings.flatMap((finding) => ('view' in finding ? finding.view : []));
  const menus = [
    adoptMenus(findings),
    forgetMenus(findings),
    cancelMenus([...orders.values()]),
    positionMenus(views, now),
  ];
  const last = pages.at(-1);
  if (last) last.components = fitting(menus.filter((rows) => rows.length > 0));
  return pages;
}

/** The first row of each kind, then more of them; what doesn't fit comes once the rest is mended. */
function fitting(menus: readonly Row[][]): Row[] {
  const first = menus.flatMap(([row]) => row ?? []);
  const more = menus.flatMap(([, ...rows]) => rows).slice(0, MOST_ROWS - first.length);
  return menus.flatMap((rows) => rows.filter((row) => first.includes(row) || more.includes(row)));
}

/** From which a target that was placed elsewhere is taken for the bot's own. */
function adoptMenus(findings: readonly Finding[]): Row[] {
  const orders = findings.flatMap((finding) =>
    finding.kind === 'elsewhere' && isAdoptable(finding.order) ? finding.order : [],
  );
  const idOf = (at: number) => customId('reconcile', 'adopt', at);
  return menus(orders, { idOf, placeholder: 'Adopt an order as mine…' }, ({ order, positions }) => ({
    label: clip(`Order ${order.id} · ${positions.map(heading).join(', ')}`, 100),
    description: clip(limitText(order), 100),
    value: order.id,
  }));
}

/** From which an order that the broker doesn't know is looked for no more. */
function forgetMenus(findings: readonly Finding[]): Row[] {
  const gone = findings.flatMap((finding) =>
    finding.kind === 'stale' && finding.unknown ? finding.intent : [],
  );
  const idOf = (at: number) => customId('reconcile', 'forget', at);
  return menus(
    gone,
    { idOf, placeholder: 'Forget an order…' },
    ({ id, brokerOrderId, positionId, underlying, label }) => ({
      label: clip(`Order ${brokerOrderId} · #${positionId} ${underlying} ${label}`, 100),
      value: String(id),
    }),
  );
}

/** Said to who had an order taken for the bot's own, or forgotten. */
export function adoptedView(orderId: string, environment: Environment): View {
  return textView([
    `**Order ${orderId} is mine from here on.** Its message comes below, and tells what becomes of it.`,
    `Nothing was sent. -# **${environment}**`,
  ]);
}

export function forgottenView({ brokerOrderId, positionId }: OrderIntent, environment: Environment): View {
  return textView([
    `**Order ${brokerOrderId} of #${positionId} is forgotten.** Its message says so.`,
    `Nothing was sent. -# **${environment}**`,
  ]);
}

/** What ends to mend it. */
function cancellable(finding: Finding): readonly WorkingOrder[] {
  if (finding.kind === 'over') return finding.orders;
  return finding.kind === 'elsewhere' || finding.kind === 'loose' ? [finding.order] : [];
}

function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'over':
      return [
        `🔴 **${finding.instrument.symbol.replace(/ +/, ' ')}: ${finding.working} to be closed, ${finding.held} held**`,
        `Orders ${listText(finding.orders.map(({ order }) => order.id))} together close more than is held. Cancel one of them.`,
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
          ? `${listText(finding.intent.lookalikes)} ${finding.intent.lookalikes.length === 1 ? 'looks' : 'look'} just like it: its result asks which it is.`
          : 'I read the broker’s orders until I can say; its contracts stay reserved.',
      ].join('\n');
    case 'stale':
      return [
        `⚪ **Order ${finding.intent.brokerOrderId}** works no more: ${finding.order ? finding.order.status : finding.unknown ? 'the broker doesn’t know it (any more)' : 'the broker doesn’t show it, and it can’t be read now'}`,
        `#${finding.intent.positionId} ${finding.intent.underlying} · ${dealText(finding.intent)}`,
        ...(finding.order ? ['Written down now; its message says so too.'] : []),
      ].join('\n');
    case 'elsewhere':
      return [
        `👤 **Order ${finding.order.order.id}** was placed elsewhere · ${finding.order.positions.map(heading).join(', ')}`,
        orderText(finding.order.order),
      ].join('\n');
    default:
      return `⚠️ **${heading(finding.view)}** · ${targetsText(finding.view)}`;
  }
}

function orderText(order: Extract<Finding, { kind: 'loose' }>['order']['order']): string {
  const legs = order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }));
  return `${order.underlying} ${spreadText(legs) ?? legsText(legs)} · ${limitText(order)} · ${order.timeInForce} · ${order.status}`;
}
