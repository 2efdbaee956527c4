import { percentOf } from '../domain/entry.js';
import type { Decimal } from '../domain/money.js';
import { alreadyPast, closingCost, percentAtCost, type Quotes } from '../domain/profit.js';
import { percentText, priceText } from '../domain/text.js';
import type { Component, Entry } from '../domain/types.js';
import type { PreviewedPosition, PreviewedTarget } from '../services/previews/pricing.js';
import { nakedText } from './cover-words.js';
import {
  atWorst,
  clip,
  contractsText,
  dealText,
  eachText,
  quoted,
  roughPercent,
  signedUsd,
} from './format.js';
import { blockedText, targetNoteText } from './preview-notes.js';

/** One order of a preview in words: what is confirmed as text, what one looks up beside it. */

/** Texts from outside are cut to these lengths; prices, legs and amounts never are. */
const TEXT = { warning: 200, reason: 300, note: 160 };

export interface Among {
  position: PreviewedPosition;
  quotes: Quotes;
  /** Warnings of the broker's that stand elsewhere, once for all. */
  saidOnce: ReadonlySet<string>;
}

/** `**40 %** 1 × 480/475P · You pay **1.20** · **+$80.00**`, and below it whatever is unusual. */
export function orderText(target: PreviewedTarget, among: Among): string {
  const { plan, order, blocked } = target;
  const { pricing } = plan;
  const name = [`**${rungText(target, among.position)}**`, ...seriesText(target, among.position)].join(' · ');
  const profit = pricing.profit ? `**${signedUsd(pricing.profit)}**` : 'profit not known';
  const outcome = pricing.lossMaking ? `⚠️ **loss** ${profit}` : profit;
  const rows = [
    `${blocked ? '⛔ ' : ''}${name} ${dealText(order)} · ${outcome}`,
    ...(blocked ? [`⛔ ${quoted(blockedText(blocked), TEXT.reason)}`] : []),
    ...stopLines(target),
    ...pastText(target, among),
    ...warningsOf(target)
      .filter((warning) => !among.saidOnce.has(warning))
      .map(warningText),
    ...(plan.leaves.length > 0 ? [`⚠️ **Leaves ${nakedText(plan.leaves)} without cover**`] : []),
    ...plan.notes.map((note) => `-# ${clip(targetNoteText(note), TEXT.note)}`),
  ];
  return rows.join('\n');
}

/**
 * `🧷 Stop 200 % of credit lost: wakes up at **3.03**, then you pay at most **3.34** · **−$202.00** to **−$233.00**`, or why there
 * is none.
 */
function stopLines({ plan, order, stopless }: PreviewedTarget): string[] {
  const { stop } = plan;
  if (!stop) return [];
  if (stopless)
    return [`⚠️ **No stop, the target alone:** ${quoted(blockedText(stopless, 'the pair'), TEXT.reason)}`];
  const { trigger, limit, effect, atTrigger, atLimit, unseen } = stop;
  const of = effect === 'debit' ? 'credit' : 'debit';
  const name = stop.requestedPercent ? `Stop ${percentText(stop.requestedPercent)} of ${of} lost` : 'Stop';
  const made =
    atTrigger && atLimit ? `**${signedUsd(atTrigger)}** to **${signedUsd(atLimit)}**` : 'loss not known';
  return [
    `🧷 ${name}: wakes up at **${priceText(trigger)}**, then ${atWorst(effect, limit)}${eachText(order.units)} · ${made}`,
    ...(unseen ? ['⚠️ Without a price of now I can’t see whether the market is past this stop already.'] : []),
  ];
}

/** What holds of every stop of a preview, said once. */
export const STOP_NOTE =
  '-# Target and stop are one OCO: the fill of one cancels the other. The broker’s own quotes wake a stop up, and it promises no fill: where the market jumps past its limit, over night too, it rests while the loss grows.';

/** `40 %`, `40 % of debit` where a position’s parts were opened in different ways, or `your price`. */
export function rungText(target: PreviewedTarget, position: PreviewedPosition): string {
  const { requestedPercent } = target.plan.pricing;
  if (!requestedPercent) return 'your price';
  const entry = componentOf(target, position)?.entry;
  const several = new Set(basesOf(position)).size > 1;
  return `${percentText(requestedPercent)}${several && entry ? ` of ${percentOf(entry)}` : ''}`;
}

/** What the percentages of a position are percentages of, in words, each once; empty where none is used. */
export function basesOf(position: PreviewedPosition): string[] {
  const parts = position.targets
    .filter(({ plan }) => plan.pricing.requestedPercent !== null)
    .flatMap((target) => componentOf(target, position) ?? []);
  const [only, ...others] = new Set(parts);
  // Of several parts each has a maximum of its own, and a phone has no room for more words.
  if (only && others.length === 0) return [baseText(only.entry)];
  return [...new Set(parts.map(({ entry }) => percentOf(entry)))];
}

/** Of a vertical’s or a condor’s credit people also say maximum profit. */
function baseText(entry: Entry): string {
  const isMaximum = entry.kind === 'credit' && entry.isMaximum;
  return isMaximum ? 'credit (= maximum profit)' : percentOf(entry);
}

/** Which expiration, where the position has several: two verticals of the same strikes must not look alike. */
function seriesText({ order }: PreviewedTarget, { view: { position } }: PreviewedPosition): string[] {
  const symbols = position.legs.filter(({ held }) => held > 0).map(({ instrument }) => instrument.symbol);
  if (!contractsText(symbols, order.underlying).includes(' / ')) return [];
  return [
    contractsText(
      order.legs.map(({ symbol }) => symbol),
      order.underlying,
    ),
  ];
}

/** An order resting there would fill at once. */
function pastText(target: PreviewedTarget, { position, quotes }: Among): string[] {
  const cost = pastAt(target, position, quotes);
  if (!cost) return [];
  const natural = priceText(cost.abs());
  if (target.plan.pricing.requestedPercent === null) {
    return [`⚡ **Fills at once**, near the natural price ${natural}`];
  }
  const component = componentOf(target, position);
  const percent = component && percentAtCost(component.entry, cost);
  const now = percent ? `${roughPercent(percent)} at the natural price ${natural}` : `at ${natural}`;
  return [`⚡ **Already past this target:** ${now} now; fills at once`];
}

/** What closing costs now, if the market has reached this target already; else null. */
export function pastAt(target: PreviewedTarget, position: PreviewedPosition, quotes: Quotes): Decimal | null {
  const { limit, effect } = target.plan.pricing;
  const cost = costNow(target, position, quotes, 'natural');
  return cost && alreadyPast(limit, effect, cost) ? cost : null;
}

/** What the broker warns of, each thing once; of what is blocked, the reason says it. */
export function warningsOf({ dryRun, blocked }: PreviewedTarget): string[] {
  if (blocked !== null) return [];
  const told = (dryRun?.warnings ?? []).map(({ message, code }) => message || code);
  return [...new Set(told)].filter((warning) => warning.trim() !== '');
}

export function warningText(warning: string): string {
  return `⚠️ Broker: ${quoted(warning, TEXT.warning)}`;
}

export function costNow(
  target: PreviewedTarget,
  position: PreviewedPosition,
  quotes: Quotes,
  at: 'mark' | 'natural',
): Decimal | null {
  const unit = componentOf(target, position)?.legs;
  return unit ? closingCost(unit, quotes, at) : null;
}

function componentOf({ plan }: PreviewedTarget, { view }: PreviewedPosition): Component | undefined {
  return view.components.find(({ key }) => key === plan.componentKey);
}
