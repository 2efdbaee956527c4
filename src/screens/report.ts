import type { AccountName } from '../domain/account-names.js';
import type { Environment } from '../domain/environment.js';
import { Exact, sumExact } from '../domain/exact.js';
import type { Execution } from '../domain/execution.js';
import type { CodedReason } from '../domain/reasons.js';
import { countText, listText, priceText } from '../domain/text.js';
import type { Mismatch, Report, ReportLine } from '../ports/report.js';
import {
  endedWithPartner,
  expiredWithContracts,
  hasEnded,
  isDead,
  isLost,
  isReplaced,
  isUnstopped,
  leavesUncovered,
  newsOf,
} from '../services/telling/report.js';
import { whereLine, whichAccount } from './account.js';
import { type Button, button, buttonRow, MOST_ROWS, row, setAgain, whoseButtons } from './components.js';
import { customId } from './custom-ids.js';
import { firstLine } from './first-line.js';
import {
  contractsText,
  dealText,
  eachText,
  personText,
  quoted,
  roughPercent,
  signedUsd,
  spreadName,
  timestamp,
} from './format.js';
import { type Piece, packPieces } from './pages.js';
import { reasonText } from './reasons.js';
import { rowFaultText } from './row-faults.js';
import { COLOUR, type Row, type View } from './view.js';

/** Texts from outside are cut to this length; order ids, prices and legs never are. */
const REASON_LENGTH = 300;

/**
 * How the last part of each page's footer begins, after which the news follows: so a message that nobody wrote down is
 * known again.
 */
export function resultMark(planId: string): string {
  return `ref ${planId}/`;
}

/** Whether a message is the plan's own result. */
export function isResultOf(
  { embeds }: { embeds: readonly { footer?: { text: string } | null }[] },
  planId: string,
): boolean {
  return embeds.some(({ footer }) => footer?.text.startsWith(resultMark(planId)));
}

/** Whether a page of a result is its first: only that one mentions the trader. */
export function beginsResult({ content }: Pick<View, 'content'>): boolean {
  return content.startsWith('<@');
}

/** The message with the order ids, in as many pages as needed; only the first mentions the trader. */
export function reportViews(report: Report, environment: Environment, account: AccountName): View[] {
  const { lines } = report;
  const pages = packPieces([
    {
      text: firstLine(
        [...headlines(lines), subject(lines), ...totals(lines), whichAccount(account)],
        `<@${report.userId}> `,
      ),
    },
    ...lines.flatMap((line, index) => linePieces(line, lines[index - 1] ?? null, report)),
    ...advice(lines).map((text) => ({ text, apart: true })),
    {
      text: whereLine(environment, account, 'GTC, before fees'),
      apart: true,
    },
  ]);
  return pages.map((page, index) => ({
    content: page.text,
    embeds: [
      {
        description: report.phase === 'sent' ? 'As the broker answered' : 'Read back from the broker',
        color: colourOf(lines),
        footer: { text: `${resultMark(report.planId)}${newsOf(report)}` },
      },
    ],
    components:
      index === pages.length - 1 ? [...questions(lines), ...actions(report)].slice(0, MOST_ROWS) : [],
  }));
}

function advice(lines: readonly ReportLine[]): string[] {
  if (lines.some(isUnknown)) {
    return [
      '**Don’t place the unknown ones again.** I am reading the broker’s orders and will post what I find.',
    ];
  }
  return lines.some((line) => line.state !== 'placed' || leavesUncovered(line))
    ? [`For what isn’t working, \`${lines.every(isClose) ? '/close' : '/targets'}\` makes a fresh preview.`]
    : [];
}

/** How the press went, `2 of 3 GTC orders placed · 1 refused`: that stays so, whatever becomes of them later. */
export function headline(lines: readonly ReportLine[]): string {
  return [placedHead(lines), ...notPlacedHeads(lines)].join(' · ');
}

/** `3 GTC orders placed`, or exactly what happened instead. */
function headlines(lines: readonly ReportLine[]): string[] {
  const cancelled = lines.filter((line) => isLost(line) && line.cancelled).length;
  const died = lines.filter(isLost).length - cancelled;
  const replaced = lines.filter(isReplaced).length;
  const parts = [placedHead(lines)];
  if (died > 0) parts.push(`**${died} no longer working**`);
  if (cancelled > 0) parts.push(`**${cancelled} cancelled**`);
  if (replaced > 0) parts.push(`**${replaced} replaced**`);
  return [...parts, ...notPlacedHeads(lines)];
}

function placedHead(lines: readonly ReportLine[]): string {
  const placed = lines.filter(({ state }) => state === 'placed').length;
  const orders = countText(lines.length, lines.every(isClose) ? 'close' : 'GTC order');
  if (lines.every((line) => isReason(line, 'ADOPTED'))) return `**${orders} adopted**`;
  return placed === lines.length ? `**${orders} placed**` : `**${placed} of ${orders} placed**`;
}

function notPlacedHeads(lines: readonly ReportLine[]): string[] {
  const count = (...states: ReportLine['state'][]) =>
    lines.filter(({ state }) => states.includes(state)).length;
  const parts: string[] = [];
  if (count('refused') > 0) parts.push(`**${count('refused')} refused**`);
  if (count('absent', 'abandoned') > 0) parts.push(`**${count('absent', 'abandoned')} not placed**`);
  if (count('unknown', 'submitting') > 0) parts.push(`**${count('unknown', 'submitting')} unknown**`);
  return parts;
}

/** `#6 QQQ`, or of how many positions it tells. */
function subject(lines: readonly ReportLine[]): string {
  const names = [...new Set(lines.map(({ positionId, underlying }) => `#${positionId} ${underlying}`))];
  return names.length === 1 ? (names[0] ?? '') : countText(names.length, 'position');
}

/** What was made, and what may be made yet. */
function totals(lines: readonly ReportLine[]): string[] {
  // A stop is there in case it doesn't come to that.
  const targets = lines.filter(({ stopTrigger }) => !stopTrigger);
  const working = targets.filter(isWorking);
  const made = lines.flatMap(({ fill }) => fill?.profit ?? []);
  const hoped = working.flatMap((line) => (line.profit ? [line.profit.times(openShare(line))] : []));
  const whole = working.length > 1 ? 'all fill' : 'it fills';
  const rest = made.length > 0 || targets.some((line) => line.state === 'placed' && hasEnded(line));
  return [
    ...(made.length > 0 ? [`**${signedUsd(sumExact(made))}** filled`] : []),
    ...(hoped.length > 0 ? [`**${signedUsd(sumExact(hoped))}** if ${rest ? 'the rest fills' : whole}`] : []),
  ];
}

/** The part of an order that has not traded yet. */
function openShare({ fill, units }: ReportLine): Exact {
  return Exact.of(units - (fill?.units ?? 0)).div(units);
}

/** `#6 QQQ 480/475P`, or what it is called within its position. */
export function orderName({ positionId, underlying, legs, label }: ReportLine): string {
  return `#${positionId} ${underlying} ${spreadName(legs) ?? label}`;
}

/** An order, under the name of its position where the one before is of another. */
function linePieces(line: ReportLine, before: ReportLine | null, report: Report): Piece[] {
  const about = { title: nameText(line), short: `#${line.positionId}` };
  const order = { about, text: lineText(line, report) };
  if (before && nameText(before) === about.title) return [order];
  return [{ about, text: `**${about.title}**`, apart: true }, order];
}

/** `#6 QQQ · 18 Dec 26` */
function nameText({ positionId, underlying, legs }: ReportLine): string {
  const contracts = contractsText(
    legs.map(({ symbol }) => symbol),
    underlying,
  );
  return `#${positionId} ${underlying} · ${contracts}`;
}

/** Id and state, what it closes for how much, and below it whatever is to be known. */
function lineText(line: ReportLine, report: Report): string {
  const id = line.orderId ? `**Order ${line.orderId}**` : '**No order**';
  // Of a target it is the level that was asked for; a close has none.
  const percent = line.percent && !isClose(line) ? `**${roughPercent(line.percent)}** ` : '';
  const profit = line.profit && (isWorking(line) || isUnknown(line)) ? ` · ${signedUsd(line.profit)}` : '';
  const rows = [
    `${icon(line)} ${id}${pairText(line)}${inPlaceText(report)}${adoptedText(line)}`,
    `${percent}${dealText(line)}${profit}`,
    `-# ${stateText(line, report)}`,
  ];
  if (line.mismatches.length > 0) {
    rows.push(
      `🔴 **The broker has something else than what was shown:** ${quoted(line.mismatches.map(mismatchText).join('; '), REASON_LENGTH)}. Check it at the broker.`,
    );
  }
  return rows.join('\n');
}

/** Who had it taken for the bot's own. */
function adoptedText({ reason }: ReportLine): string {
  return isReason({ reason }, 'ADOPTED') && reason ? ` · ${reasonText(reason)}` : '';
}

function isReason({ reason }: Pick<ReportLine, 'reason'>, code: CodedReason['code']): boolean {
  return reason !== null && typeof reason === 'object' && reason.code === code;
}

/** The order beside it: the fill of one ends the other. */
function pairText(line: ReportLine): string {
  return line.partner ? ` · beside its ${partnerName(line)}` : '';
}

/** `stop, order 702`, of the other order of a pair. */
export function partnerName({ partner, stopTrigger }: Pick<ReportLine, 'partner' | 'stopTrigger'>): string {
  const id = partner?.orderId ? `order ${partner.orderId}` : 'whose order isn’t known';
  return `${stopTrigger ? 'target' : 'stop'}, ${id}`;
}

/** That the other order of a pair goes on as one of which nothing else is known; `''` where it doesn't. */
export function replacedPartnerText(line: Pick<ReportLine, 'partner' | 'stopTrigger'>): string {
  const by = line.partner?.replacedBy ?? null;
  return by === null
    ? ''
    : `Its ${partnerName(line)}, was replaced by order ${by}, not by me: \`/orders\` shows it.`;
}

/** Of which orders it takes the place: those were cancelled for it. */
function inPlaceText({ inPlaceOf }: Report): string {
  return inPlaceOf.length > 0 ? ` in place of ${listText(inPlaceOf)}` : '';
}

/** `price: planned 0.67, the broker has 0.66`. */
export function mismatchText(mismatch: Mismatch): string {
  if (mismatch.what === 'unreadable')
    return `the broker’s row of this order can’t be read in full (${rowFaultText(mismatch.why)})`;
  return `${mismatch.what}: planned ${mismatch.planned}, the broker has ${mismatch.echoed ?? 'none'}`;
}

function stateText(line: ReportLine, report: Report): string {
  const reason = line.reason ? quoted(reasonText(line.reason), REASON_LENGTH) : null;
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
    .map((line) => row(whoseButtons(line)));
}

/** What can be done about them: end those that work, and preview anew for what lost its target. */
function actions({ planId, lines }: Report): Row[] {
  const working = lines.filter(isWorking).length;
  const cancel = button(customId('cancel', 'plan', planId), working === 1 ? 'Cancel it…' : 'Cancel them…');
  // A stop that is lost alone has left the target at work.
  const uncovered = lines.filter((line) => leavesUncovered(line) && !isUnstopped(line));
  const again = setAgain(uncovered.map(({ positionId }) => positionId));
  return buttonRow([...(working > 0 ? [cancel] : []), ...lines.flatMap(step), ...again]);
}

/** What was to close now, and rests at a price that isn't met. */
function step(line: ReportLine): Button[] {
  const { orderId, positionId } = line;
  if (!isClose(line) || orderId === null || !isWorking(line)) return [];
  return [button(customId('close', 'step', { positionId, orderId }), 'Step…')];
}

function isClose({ kind }: ReportLine): boolean {
  return kind === 'close';
}

function isWorking(line: ReportLine): boolean {
  return line.state === 'placed' && !hasEnded(line);
}

function placedText(line: ReportLine, report: Report, reason: string | null): string {
  const status = line.status ?? 'accepted';
  if (isReason(line, 'FORGOTTEN')) return `${tradedPart(line)}${reason}`;
  if (line.cancelled && isDead(line)) return `${tradedPart(line)}${cancelledText(line.cancelled)}`;
  if (isReplaced(line))
    return `${tradedPart(line)}Replaced by order ${line.replacedBy}, not by me: \`/orders\` shows it.`;
  if (endedWithPartner(line)) return `${tradedPart(line)}${endedTogetherText(line)}`;
  if (expiredWithContracts(line)) return `${tradedPart(line)}${status} at the venue, with its contracts.`;
  if (isDead(line))
    return `${tradedPart(line)}${status} at the venue${reason ? `: ${reason}` : ''}. It is not working${unstoppedText(line)}.`;
  if (line.orderState === 'submitted' && report.waitsForOpen) {
    const { opensAt } = report.waitsForOpen;
    return `${tradedPart(line)}${status}: the market is closed; it routes ${opensAt ? `when it opens ${timestamp(opensAt, 'f')}` : 'at the next open'}.`;
  }
  if (isFilled(line)) return filledText(line);
  if (line.orderState === 'working')
    return `${tradedPart(line)}${status}: ${line.fill ? 'the rest works' : 'working'} until filled or cancelled.`;
  return status;
}

function unstoppedText(line: ReportLine): string {
  if (!isUnstopped(line)) return '';
  return `: what order ${line.partner?.orderId} has left to close has **no stop**`;
}

/** What the fill of the other order left of a pair. */
export function endedTogetherText({ partner }: ReportLine): string {
  const other = `order ${partner?.orderId}`;
  if (!partner?.works) return `Cancelled by the broker with the fill of ${other}, as was meant.`;
  return `Cancelled by the broker as ${other} filled in part: ${other} is a stop, and goes on.`;
}

function cancelledText({ userId, successor }: NonNullable<ReportLine['cancelled']>): string {
  return `Cancelled by ${personText(userId)}${successor === null ? '. It is not working.' : `: order ${successor} took its place.`}`;
}

/** `1 of 3 filled at …`, of an order that has traded in part. */
export function tradedPart(line: ReportLine): string {
  const { fill, units } = line;
  if (!fill) return '';
  // Fills of one unit's legs come one after another; only what has ended so stays uneven.
  if (fill.units === 0)
    return hasEnded(line) ? '**Its legs have traded unevenly: look at the broker.** ' : '';
  return `**${fill.units} of ${units} filled**${fill.price ? ` at **${priceText(fill.price)}**${madeText(fill)}` : ''}. `;
}

function filledText({ fill, status, units }: ReportLine): string {
  if (!fill?.price) return `${status ?? 'Filled'}; the broker hasn’t listed the fill price yet.`;
  return `${status ?? 'Filled'} at **${priceText(fill.price)}**${eachText(units)}${madeText(fill)}.`;
}

function madeText({ profit }: Execution): string {
  return profit ? `, ${signedUsd(profit)} before fees` : '';
}

function isFilled({ orderState }: ReportLine): boolean {
  return orderState === 'filled';
}

function isUnknown({ state }: ReportLine): boolean {
  return state === 'unknown' || state === 'submitting';
}

function icon(line: ReportLine): string {
  if (line.mismatches.length > 0) return '🔴';
  if (isReplaced(line) || line.cancelled || endedWithPartner(line) || expiredWithContracts(line)) return '⚪';
  if (isLost(line)) return '🔴';
  if (line.state === 'placed') return isFilled(line) ? '💰' : '✅';
  return isUnknown(line) ? '❓' : '🔴';
}

function colourOf(lines: readonly ReportLine[]): number {
  if (lines.some((line) => line.mismatches.length > 0 || (isLost(line) && !line.cancelled)))
    return COLOUR.bad;
  if (lines.every(({ state }) => state === 'placed')) return COLOUR.good;
  return lines.some(isUnknown) ? COLOUR.warn : COLOUR.bad;
}
