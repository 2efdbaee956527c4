import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { countText, priceText } from '../domain/text.js';
import type { Report, ReportLine } from '../ports/report.js';
import { isDead, newsOf } from '../services/telling/report.js';
import { type Button, button, MOST_ROWS, row } from './components.js';
import { customId, lookalikes } from './custom-ids.js';
import {
  clip,
  contractsText,
  eachText,
  legsText,
  maskAccount,
  payOrReceive,
  roughPercent,
  signedUsd,
  timestamp,
} from './format.js';
import { packBlocks } from './pages.js';
import { COLOUR, type Row, type View } from './view.js';

/** As many buttons in a row as its custom ids have room for. */
const MOST_ANSWERS = 4;

/** Texts from outside are cut to this length; order ids, prices and legs never are. */
const REASON_LENGTH = 300;

/**
 * How the last part of each page's footer begins, after which the news follows: so a message that nobody wrote down is
 * known again.
 */
export function resultMark(planId: string): string {
  return `ref ${planId}/`;
}

/** The message with the order ids, in as many pages as needed; only the first mentions the trader. */
export function reportViews(report: Report, environment: Environment): View[] {
  const descriptions = packBlocks([
    ...report.lines.map((line) => lineText(line, report)),
    ...advice(report.lines),
  ]);
  return descriptions.map((description, index) => ({
    content: index === 0 ? `<@${report.userId}> ${headline(report.lines)}` : '',
    embeds: [
      {
        title: report.phase === 'sent' ? 'Closing orders' : 'Closing orders, read back from the broker',
        description,
        color: colourOf(report.lines),
        footer: { text: footer(report, environment) },
      },
    ],
    components: index === descriptions.length - 1 ? questions(report.lines) : [],
  }));
}

function advice(lines: readonly ReportLine[]): string[] {
  if (lines.some(isUnknown)) {
    return [
      '**Don’t place the unknown ones again.** I am reading the broker’s orders and will post what I find.',
    ];
  }
  return lines.some((line) => line.state !== 'placed' || isDead(line))
    ? ['For what isn’t working, `/targets` makes a fresh preview.']
    : [];
}

function footer(report: Report, environment: Environment): string {
  const working = report.lines.filter(
    (line) => line.state === 'placed' && !isDead(line) && line.orderState !== 'filled',
  );
  const made = report.lines.flatMap(({ fill }) => fill?.profit ?? []);
  const hoped = working.flatMap(({ profit }) => profit ?? []);
  return [
    `${environment} · account ${maskAccount(report.account)}`,
    ...(made.length > 0 ? [`${signedUsd(sumExact(made))} filled`] : []),
    ...(hoped.length > 0
      ? [`${signedUsd(sumExact(hoped))} if all ${made.length > 0 ? 'others ' : ''}fill`]
      : []),
    ...(made.length + hoped.length > 0 ? ['before fees'] : []),
    `${resultMark(report.planId)}${newsOf(report)}`,
  ].join(' · ');
}

/** `3 GTC orders placed`, or exactly what happened instead. */
export function headline(lines: readonly ReportLine[]): string {
  const count = (states: ReportLine['state'][]) => lines.filter(({ state }) => states.includes(state)).length;
  const placed = count(['placed']);
  const died = lines.filter((line) => isDead(line)).length;
  const parts = [`**${placed} of ${countText(lines.length, 'GTC order')} placed**`];
  if (placed === lines.length) parts[0] = `**${countText(placed, 'GTC order')} placed**`;
  if (died > 0) parts.push(`**${died} no longer working**`);
  if (count(['refused']) > 0) parts.push(`**${count(['refused'])} refused**`);
  if (count(['absent', 'abandoned']) > 0) parts.push(`**${count(['absent', 'abandoned'])} not placed**`);
  if (count(['unknown', 'submitting']) > 0) parts.push(`**${count(['unknown', 'submitting'])} unknown**`);
  return parts.join(' · ');
}

function lineText(line: ReportLine, report: Report): string {
  const contracts = contractsText(
    line.legs.map(({ symbol }) => symbol),
    line.underlying,
  );
  const name = `#${line.positionId} ${line.underlying} ${line.label} · ${contracts}`;
  const head = `${icon(line)} ${line.orderId ? `**Order ${line.orderId}**` : '**No order**'} · ${name}`;
  const percent = line.percent ? ` · ${roughPercent(line.percent)}` : '';
  const profit = line.profit && line.orderState !== 'filled' ? ` · ${signedUsd(line.profit)}` : '';
  const price = `${payOrReceive(line.effect, line.price)}${eachText(line.units)} · GTC${percent}${profit}`;
  const what = `${legsText(line.legs)}\n${price}`;
  const rows = [head, what, `-# ${stateText(line, report)}`];
  if (line.mismatches.length > 0) {
    rows.push(
      `🔴 **The broker has something else than what was shown:** ${clip(line.mismatches.join('; '), REASON_LENGTH)}. Check it at the broker.`,
    );
  }
  return rows.join('\n');
}

function stateText(line: ReportLine, report: Report): string {
  const reason = line.reason ? clip(line.reason, REASON_LENGTH) : null;
  switch (line.state) {
    case 'placed':
      return placedText(line, report, reason);
    case 'refused':
      return `Not placed: ${reason ?? 'the broker said no'}`;
    case 'absent':
      return `Not placed: ${reason ?? 'the broker doesn’t have it'}`;
    case 'abandoned':
      return `Not sent: ${reason ?? 'given up before anything left'}`;
    default:
      return line.lookalikes.length > 0 ? questionText(line) : unknownText(reason);
  }
}

function unknownText(reason: string | null): string {
  return `Unknown: ${reason ?? 'no clear answer'} An order may exist.`;
}

/** Nothing but a person can end this. */
function questionText({ lookalikes: ids }: ReportLine): string {
  const [which, verb] = ids.length === 1 ? [`Order ${ids}`, 'looks'] : [`Orders ${ids.join(', ')}`, 'look'];
  return `Unknown: I can’t find my order. ${which} at the broker ${verb} just like it and carries no mark of mine. **Was it placed by hand, or is it this one?** Until a trader says which, these contracts stay blocked.`;
}

/** Per order asked about a row; what doesn't fit is asked once these are answered. */
function questions(lines: readonly ReportLine[]): Row[] {
  return lines
    .filter(({ lookalikes }) => lookalikes.length > 0)
    .slice(0, MOST_ROWS)
    .map(({ intentId, lookalikes: ids, positionId }) =>
      row([
        answer(
          'byhand',
          { intentId, orderIds: ids.slice(0, MOST_ANSWERS) },
          `#${positionId}: placed by hand`,
        ),
        ...ids
          .slice(0, MOST_ANSWERS)
          .map((id) => answer('ours', { intentId, orderIds: [id] }, `Order ${id} is the bot’s`)),
      ]),
    );
}

function answer(
  part: 'byhand' | 'ours',
  asked: { intentId: number; orderIds: readonly string[] },
  label: string,
): Button {
  return button(customId('targets', part, lookalikes.write(asked)), label);
}

function placedText(line: ReportLine, report: Report, reason: string | null): string {
  const status = line.status ?? 'accepted';
  if (isDead(line)) return `${status} at the venue${reason ? `: ${reason}` : ''}. It is not working.`;
  if (line.orderState === 'submitted' && report.waitsForOpen) {
    const { opensAt } = report.waitsForOpen;
    return `${status}: the market is closed; it routes ${opensAt ? `when it opens ${timestamp(opensAt, 'f')}` : 'at the next open'}.`;
  }
  if (line.orderState === 'filled') return filledText(line);
  if (line.orderState === 'working') return `${status}: working until filled or cancelled.`;
  return status;
}

function filledText({ fill, status, units }: ReportLine): string {
  if (!fill) return `${status ?? 'Filled'}; the broker hasn’t listed the fill price yet.`;
  const profit = fill.profit ? `, ${signedUsd(fill.profit)} before fees` : '';
  return `${status ?? 'Filled'} at **${priceText(fill.price)}**${eachText(units)}${profit}.`;
}

function isUnknown({ state }: ReportLine): boolean {
  return state === 'unknown' || state === 'submitting';
}

function icon(line: ReportLine): string {
  if (line.mismatches.length > 0 || isDead(line)) return '🔴';
  if (line.state === 'placed') return line.orderState === 'filled' ? '💰' : '✅';
  return isUnknown(line) ? '❓' : '🔴';
}

function colourOf(lines: readonly ReportLine[]): number {
  if (lines.some((line) => line.mismatches.length > 0 || isDead(line))) return COLOUR.bad;
  if (lines.every(({ state }) => state === 'placed')) return COLOUR.good;
  return lines.some(isUnknown) ? COLOUR.warn : COLOUR.bad;
}
