import type { Environment } from '../domain/environment.js';
import { countText, listText } from '../domain/text.js';
import type { Finding, Reconciliation } from '../services/orders/reconcile.js';
import { accountText, whichAccount } from './account.js';
import { cancelMenus, MOST_ROWS, positionMenus } from './components.js';
import { firstLine } from './first-line.js';
import { dealText, legsText, spreadText } from './format.js';
import { oddRowsLine } from './odd-rows.js';
import { limitText } from './orders.js';
import { textPages } from './pages.js';
import { heading, targetsText } from './position.js';
import type { View } from './view.js';

/** What doesn't agree between the journal, the broker and what is held; menus under it lead to what mends it. */
export function reconcileViews(
  { book, matched, findings }: Reconciliation,
  environment: Environment,
  now: Date,
): View[] {
  const odd = oddRowsLine(book.odd);
  const agreed =
    matched.length === 0
      ? ''
      : `✅ ${countText(matched.length, 'order')} of mine ${matched.length === 1 ? 'works' : 'work'} at the broker as written down.`;
  const pages = textPages([
    {
      text: firstLine([
        findings.length === 0 ? '**All agrees**' : `**${countText(findings.length, 'point')} to look at**`,
        whichAccount(book.name),
      ]),
    },
    ...[agreed, odd ?? ''].filter(Boolean).map((text) => ({ text })),
    ...findings.map((finding, index) => ({
      text: findingText(finding),
      apart: !('view' in finding && index > 0 && 'view' in (findings[index - 1] ?? finding)),
    })),
    {
      text: ['Nothing was sent.', `-# **${environment}** · account ${accountText(book.name)}`].join('\n'),
      apart: true,
    },
  ]);
  const orders = findings.flatMap((finding) =>
    'order' in finding && isWorking(finding) ? finding.order : [],
  );
  const views = findings.flatMap((finding) => ('view' in finding ? finding.view : []));
  const rows = [...cancelMenus(orders).slice(0, MOST_ROWS - 1), ...positionMenus(views, now)];
  const last = pages.at(-1);
  if (last) last.components = rows.slice(0, MOST_ROWS);
  return pages;
}

function isWorking(finding: Finding): finding is Extract<Finding, { kind: 'elsewhere' | 'loose' }> {
  return finding.kind === 'elsewhere' || finding.kind === 'loose';
}

function findingText(finding: Finding): string {
  switch (finding.kind) {
    case 'over':
      return [
        `🔴 **${finding.instrument.symbol.replace(/ +/, ' ')}: ${finding.working} to be closed, ${finding.held} held**`,
        `Orders ${listText(finding.orders)} together close more than is held. Cancel one of them under \`/orders\`.`,
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
        `⚪ **Order ${finding.intent.brokerOrderId}** works no more: ${finding.order ? finding.order.status : 'the broker doesn’t show it, and it can’t be read now'}`,
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
