import { ButtonStyle } from 'discord.js';
import { percentOf } from '../domain/entry.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { leaveUnsure } from '../domain/odd-rows.js';
import { countText, listText, percentText, priceText } from '../domain/text.js';
import type { ReportLine } from '../ports/report.js';
import type { Plan } from '../ports/store.js';
import type { OpenPosition } from '../services/accounts/positions.js';
import { hurried } from '../services/accounts/unhurried.js';
import type { Overrides } from '../services/previews/overrides.js';
import { canSubmit, type Preview } from '../services/previews/preview.js';
import type { PreviewedPosition, PreviewedTarget } from '../services/previews/pricing.js';
import { whereText, whichAccount } from './account.js';
import { closeViews } from './close.js';
import { type Button, button, row } from './components.js';
import { nakedText } from './cover-words.js';
import { customId, type ShownPlan } from './custom-ids.js';
import { doubtText } from './doubts.js';
import { firstLine } from './first-line.js';
import { clip, signedUsd, timestamp } from './format.js';
import { haltText } from './halt.js';
import { oddPositionLine, oddRowsLine } from './odd-rows.js';
import { limitText } from './orders.js';
import { detailsEmbed, type Piece, packPieces } from './pages.js';
import {
  baredText,
  expirations,
  flawedLines,
  heading,
  legs,
  namesAmong,
  rolledLines,
  targetsText,
  tiesLines,
} from './position.js';
import { costsLine, factDetails, orderRows, standingDetails } from './preview-details.js';
import { PREVIEW_ENDS } from './preview-forms.js';
import { lockedText, marksMissingText, previewNoteText } from './preview-notes.js';
import { basesOf, orderText, pastAt, STOP_NOTE, warningsOf, warningText } from './preview-orders.js';
import { progressText, submittedText } from './progress.js';
import { COLOUR, type Row, type View } from './view.js';

/** Texts from outside are cut to these lengths; prices, legs and amounts never are. */
const TEXT = { warning: 200, why: 700, odd: 600 };

/** The messages of a preview: each position with its orders, and the totals and buttons under the last. */
export function previewViews(preview: Preview, environment: Environment, now: Date): View[] {
  return hurried(previewSteps(preview, environment, now));
}

/** The same, one position a step. */
export function* previewSteps(
  preview: Preview,
  environment: Environment,
  now: Date,
): Generator<undefined, View[]> {
  const { positions, close } = preview;
  if (close) return closeViews({ ...preview, close }, environment, now);
  const several = positions.length !== 1;
  const saidOnce = commonWarnings(preview);
  const pieces: Piece[] = several ? [{ text: news(preview, `Preview of ${positionsText(positions)}`) }] : [];
  for (const each of positions) {
    pieces.push(...positionPieces(each, { preview, saidOnce, several }, now));
    yield;
  }
  pieces.push(...leftOutPieces(preview), {
    text: closing(preview, environment, saidOnce, several),
    apart: several,
  });
  const colour = colourOf(preview);
  const pages = packPieces(pieces).map(
    (page): View => ({ content: page.text, embeds: detailsEmbed(page, colour), components: [] }),
  );
  const last = pages.at(-1);
  if (last) last.components = buttons(preview, pages.length);
  return pages;
}

function positionsText(positions: readonly PreviewedPosition[]): string {
  return countText(positions.length, 'position');
}

/** The first line: what it is, how many orders, what they would earn. */
function news(preview: Preview, what: string): string {
  const offered = offeredBy(preview);
  const orders =
    offered.length > 0 ? `${countText(offered.length, 'order')}${stopsText(offered)}` : 'no order to send';
  const total = offered.length > 0 ? [totalText(offered)] : [];
  return firstLine([`**${what}**`, orders, ...total, whichAccount(preview.name)]);
}

/** ` with stops`, or of how many of them. */
function stopsText(offered: readonly PreviewedTarget[]): string {
  const stops = stopsOf(offered);
  if (stops === 0) return '';
  if (stops < offered.length) return `, ${stops} with a stop`;
  return stops === 1 ? ' with a stop' : ' with stops';
}

function stopsOf(offered: readonly PreviewedTarget[]): number {
  return offered.filter(({ order }) => order.stop).length;
}

function totalText(offered: readonly PreviewedTarget[]): string {
  const profits = offered.flatMap(({ plan }) => plan.pricing.profit ?? []);
  if (profits.length < offered.length) return 'profit not known';
  return `**${signedUsd(sumExact(profits))}** if ${offered.length > 1 ? 'all fill' : 'it fills'}`;
}

function offeredBy({ positions }: Preview): PreviewedTarget[] {
  return positions.flatMap(({ targets }) => targets.filter(({ blocked }) => blocked === null));
}

/** Beside the buttons: totals, whatever is unusual, the countdown, and in bold where it would go. */
function closing(
  preview: Preview,
  environment: Environment,
  saidOnce: ReadonlySet<string>,
  several: boolean,
): string {
  const offered = offeredBy(preview);
  const lines = [...(several ? totals(preview, offered) : []), ...baseLines(preview, offered)];
  lines.push(...insteadLines(preview));
  const left = chosenNaked(preview);
  if (left !== '') lines.push(`⚠️ **As you chose, this leaves ${left} without cover.**`);
  const past = preview.positions
    .flatMap((each) => each.targets.filter((target) => pastAt(target, each, preview.quotes)))
    .filter(({ blocked }) => blocked === null).length;
  if (past > 0 && offered.length > 1)
    lines.push(`⚡ **${fillsAtOnce(past, offered.length)}: the market is already there.**`);
  if (stopsOf(offered) > 0) lines.push(STOP_NOTE);
  lines.push(...[...saidOnce].map(warningText));
  if (preview.marksMissing) {
    lines.push(
      `-# ${marksMissingText(preview.marksMissing)}. Where a mark is missing, no distance to the market is shown, nor whether a target is already past.`,
    );
  }
  const odd = oddRowsLine(preview.odd);
  if (odd) lines.push(clip(odd, TEXT.odd));
  if (preview.locked) lines.push(`🔒 **${lockedText(preview.locked)}**`);
  if (preview.halt)
    lines.push(`🛑 **Nothing can be sent: ${haltText(preview.halt)}.** \`/resume\` ends that.`);
  const account = whereText(environment, preview.name);
  lines.push(offered.length > 0 ? `${account} · before fees` : account);
  const waiting = canSubmit(preview);
  lines.push(
    waiting
      ? `Not sent yet · expires ${timestamp(preview.expiresAt)}`
      : 'There is nothing to send from here.',
  );
  return lines.join('\n');
}

/** The broker's trial would count the order that is to give way: there is none of the new one. */
function insteadLines({ givingWay, bared }: Preview): string[] {
  const orders = givingWay.map(
    (order) =>
      `✏️ **In place of order ${order.id}** (${limitText(order)}): Submit cancels that first, and sends this only once the broker has ended it; it can’t be checked with the broker before.`,
  );
  return [...orders, ...bared.map(baredText)];
}

/** The order that these are in place of; null for none. */
function replaced({ givingWay: [first] }: Preview): string | null {
  return first?.id ?? null;
}

/** Said again where the first page has long scrolled away. */
function totals(preview: Preview, offered: readonly PreviewedTarget[]): string[] {
  const blocked = preview.positions.flatMap(({ targets }) => targets).length - offered.length;
  return [
    ...(offered.length > 0
      ? [
          `**${countText(preview.orders, 'GTC order')}** · ${totalText(offered)}`,
          ...costsLine(offered, replaced(preview)),
        ]
      : []),
    ...(blocked > 0
      ? [`⛔ ${countText(blocked, 'target')} can’t be submitted; the reason stands beside it.`]
      : []),
  ];
}

/** What the broker warns of for every order, such as that the market is closed: said once. */
function commonWarnings(preview: Preview): ReadonlySet<string> {
  const [first, ...more] = offeredBy(preview).map(warningsOf);
  if (!first || more.length === 0) return new Set();
  return new Set(first.filter((warning) => more.every((others) => others.includes(warning))));
}

/** One percentage over several kinds of entry is no percentage of the total. */
function baseLines({ overrides, positions }: Preview, offered: readonly PreviewedTarget[]): string[] {
  const asked = overrides.percent ? [overrides.percent] : (overrides.ladder ?? []);
  if (asked.length === 0) return [];
  const bases = positions.flatMap(({ view, targets }) =>
    targets
      .filter((target) => offered.includes(target))
      .flatMap(({ plan }) => view.components.find(({ key }) => key === plan.componentKey) ?? [])
      .map(({ entry }) => percentOf(entry)),
  );
  const kinds = [...new Set(bases)];
  if (kinds.length < 2) return [];
  const each = kinds.map((kind) => `of the ${kind} for ${bases.filter((base) => base === kind).length}`);
  return [`-# ${listText(asked.map(percentText))}: ${listText(each)}; not of this total.`];
}

/** The shorts that lose their cover, each part once however many rungs it has. */
function chosenNaked({ positions }: Preview): string {
  const parts = positions.flatMap(({ targets }) => [
    ...new Map(targets.map(({ plan }) => [plan.componentKey, plan.leaves])).values(),
  ]);
  return nakedText(parts.flat());
}

/** Of several also beside the button: the one concerned may have long scrolled away. */
function fillsAtOnce(past: number, of: number): string {
  return `${past} of these ${of} ${past === 1 ? 'fills' : 'fill'} at once`;
}

interface Shown {
  preview: Preview;
  saidOnce: ReadonlySet<string>;
  several: boolean;
}

function positionPieces(
  previewed: PreviewedPosition,
  { preview, saidOnce, several }: Shown,
  now: Date,
): Piece[] {
  const { view, targets } = previewed;
  const { quotes } = preview;
  const among = { position: previewed, quotes, saidOnce };
  const about = { title: heading(view), short: `#${view.id}` };
  const rows = orderRows(previewed, quotes);
  const orders = targets.map(
    (target, index): Piece => ({
      about,
      text: orderText(target, among),
      details: rows.get(index) ?? [],
    }),
  );
  const head: Piece = {
    about,
    apart: true,
    text: headLines(previewed, preview, several, now).join('\n'),
    details: standingDetails(previewed, quotes),
  };
  const pieces = [head, ...orders];
  const last = pieces.at(-1) ?? head;
  last.details = [...(last.details ?? []), ...factDetails(previewed, replaced(preview))];
  return pieces;
}

function headLines(previewed: PreviewedPosition, preview: Preview, several: boolean, now: Date): string[] {
  const { view, targets } = previewed;
  const { position } = view;
  const bases = basesOf(previewed);
  const title = `${heading(view)}${position.inferred ? ' (inferred)' : ''}`;
  return [
    several ? `**${title}**` : news(preview, title),
    [expirations(view, now), ...(bases.length > 0 ? [`% of ${listText(bases)}`] : [])].join(' · '),
    // Else its orders tell what it consists of.
    ...(targets.length === 0 ? [legs(position)] : []),
    ...rolledLines(view),
    ...tiesLines(view),
    ...warnings(previewed, preview.overrides),
    ...(targets.length > 0 && view.working.length > 0 ? [besideText(view, preview)] : []),
  ];
}

/** What covers it besides; without the order that these are in place of that is as it should be. */
function besideText(view: OpenPosition, preview: Preview): string {
  const instead = replaced(preview);
  return instead ? `Without ${instead}: ${targetsText(view)}` : `⚠️ Partly covered: ${targetsText(view)}`;
}

function warnings({ view, notes, targets }: PreviewedPosition, overrides: Overrides): string[] {
  const { position } = view;
  const lines = notes.map((note) => `⛔ ${clip(previewNoteText(note), TEXT.why)}`);
  if (position.opening) lines.push('⚠️ Its opening order still works: only what is filled is covered here.');
  for (const doubt of position.doubts) lines.push(`⚠️ ${clip(doubtText(doubt), TEXT.warning)}`);
  const odd = notes.length === 0 ? oddPositionLine(view.odd) : null;
  if (odd) lines.push(odd);
  if (targets.length === 0) lines.push(...unusedLines(overrides));
  // How much is covered, and by what, isn't known then.
  if (leaveUnsure(view.odd)) return lines;
  if (view.cover.state === 'full') {
    if (targets.length === 0 && notes.length === 0) lines.push(allCovered(view));
  } else lines.push(...stuckLines(view, notes.length === 0 && targets.length === 0));
  return lines;
}

function allCovered({ working }: OpenPosition): string {
  const ids = [...new Set(working.map(({ order }) => order.id))];
  return `Everything is covered by working orders already: ${ids.join(', ')}. To change a target, pick it under \`/orders\`.`;
}

/** What was asked for and can't be done must not vanish. */
function unusedLines({ percent, price, ladder, stop }: Overrides): string[] {
  const beside = stop ? ['⚠️ **There is no stop either:** it is placed together with its target.'] : [];
  const given = price
    ? `price of ${priceText(price)}`
    : percent
      ? `percentage of ${percentText(percent)}`
      : ladder && `ladder of ${ladder.map(percentText).join(', ')}`;
  return [...(given ? [`⚠️ **Your ${given} is not used:** no order can be placed here now.`] : []), ...beside];
}

/** What of a position neither has a target nor can get one, and why. */
function stuckLines(view: OpenPosition, alone: boolean): string[] {
  const { components, contracts } = view.cover;
  const open = components.filter(({ held, target }) => held > target);
  if (
    alone &&
    open.length > 0 &&
    open.every(({ held, target, restricted }) => target + restricted === held)
  ) {
    return ['⛔ The broker restricts what is held, so it can’t be closed now.'];
  }
  const name = namesAmong(contracts.map(({ instrument }) => instrument));
  const lines = flawedLines(view).map((line) => `⚠️ ${line}`);
  for (const { component, held, target, reserved, restricted, free } of open) {
    if (free > 0 || reserved + restricted === 0) continue;
    const why = [
      reserved > 0 ? 'reserved by working orders' : '',
      restricted > 0 ? 'restricted by the broker' : '',
    ].filter(Boolean);
    lines.push(
      `⛔ ${component.label}: ${held - target} of ${held} without a target can’t be closed now, ${why.join(' and ')}.`,
    );
  }
  for (const contract of contracts) {
    const whole = components.reduce((total, { component, held }) => {
      const leg = component.legs.find(({ instrument }) => instrument.symbol === contract.instrument.symbol);
      return total + held * (leg?.ratio ?? 0);
    }, 0);
    const over = Math.min(contract.held - whole, contract.held - contract.target - contract.reserved);
    if (over > 0)
      lines.push(
        `⛔ ${over} × ${name(contract.instrument)} ${over === 1 ? 'is' : 'are'} no whole unit, and ${over === 1 ? 'has' : 'have'} no target.`,
      );
  }
  if (view.working.some(({ flaws }) => flaws.length > 0)) {
    lines.push('To set a target on what they reserve, cancel those orders first: `/orders`.');
  }
  if (alone && lines.length === 0) lines.push('⛔ Nothing of it is free to close now.');
  return lines;
}

function leftOutBlock(view: OpenPosition): string {
  const odd = oddPositionLine(view.odd);
  return [`**${heading(view)}**`, targetsText(view), ...(odd ? [odd] : [])].join('\n');
}

/** With `all`: what it can't help, so that it isn't forgotten. */
function leftOutPieces({ leftOut }: Preview): Piece[] {
  return leftOut.map((view, index) => ({
    apart: true,
    text: [
      ...(index === 0 ? ['**Not in this preview: nothing is free to close**'] : []),
      leftOutBlock(view),
    ].join('\n'),
  }));
}

function colourOf({ positions, leftOut }: Preview): number {
  const targets = positions.flatMap((each) => each.targets);
  if (targets.some(({ blocked }) => blocked !== null)) return COLOUR.bad;
  const unsure = ({ position, odd }: OpenPosition) =>
    position.doubts.length > 0 || position.inferred || odd.length > 0;
  if (leftOut.length > 0 || positions.some(({ view }) => unsure(view))) return COLOUR.warn;
  return targets.length > 0 ? COLOUR.calm : COLOUR.quiet;
}

function buttons(preview: Preview, pages: number): Row[] {
  const shown: ShownPlan = { planId: preview.planId, pages };
  const rows: Row[] = [];
  if (canSubmit(preview)) {
    rows.push(row([press('submit', shown, submitLabel(preview), ButtonStyle.Success)]));
  }
  const priced = preview.positions.some(({ targets }) => targets.length > 0);
  if (!priced) return [row([press('refresh', shown, 'Refresh')])];
  const quick = quickPercents(preview).map((percent) =>
    button(customId('targets', 'percent', { ...shown, percent }), `${percent} %`),
  );
  rows.push(row([...quick, press('form', shown, 'Other…')]));
  rows.push(
    row([
      press('refresh', shown, 'Refresh'),
      ...(hasOverride(preview) ? [press('usual', shown, 'Usual rule')] : []),
      press('cancel', shown, 'Discard'),
    ]),
  );
  return rows;
}

function submitLabel(preview: Preview): string {
  const { orders } = preview;
  const instead = replaced(preview);
  return instead ? `Submit: replace ${instead}` : `Submit ${countText(orders, 'GTC order')}`;
}

function hasOverride({ overrides: { percent, price, ladder } }: Preview): boolean {
  return percent !== undefined || price !== undefined || ladder !== undefined;
}

/** Percentages worth a button: of a debit, people ask for more than of a credit. */
function quickPercents({ positions }: Preview): readonly number[] {
  const kinds = positions.flatMap(({ view }) => view.components.map(({ entry }) => entry.kind));
  return kinds.length > 0 && kinds.every((kind) => kind === 'debit') ? [50, 100, 150] : [40, 50, 60];
}

function press(
  part: 'submit' | 'refresh' | 'form' | 'usual' | 'cancel',
  shown: ShownPlan,
  label: string,
  style?: Button['style'],
): Button {
  return button(customId('targets', part, shown), label, style);
}

/** Under a preview that ended without sending: why, and a way on. */
export function endedView(shown: ShownPlan, text: string): Pick<View, 'content' | 'components'> {
  return {
    content: clip(text, 1900),
    components: [row([press('refresh', shown, 'Fresh preview', ButtonStyle.Primary)])],
  };
}

/** Over a preview that ended while nobody was there to change it; how is told by its plan. */
export function closedView(
  { id, status, messageIds }: Pick<Plan, 'id' | 'status' | 'messageIds'>,
  lines: readonly ReportLine[],
): Partial<View> {
  const shown = { planId: id, pages: messageIds.length || null };
  switch (status) {
    case 'claimed':
      return { content: progressText(lines), components: [] };
    case 'done':
      return { content: submittedText(lines), components: [] };
    case 'superseded':
      // Where the newer one came to be seen, this one's buttons went with it.
      return endedView(
        shown,
        '⚠️ This preview was replaced, but the newer one could not be shown. No order was sent.',
      );
    case 'cancelled':
      return { content: PREVIEW_ENDS.discarded, components: [] };
    case 'stale':
      return endedView(shown, '⚠️ This preview was given up after its Submit. No order was sent.');
    default:
      return endedView(shown, PREVIEW_ENDS.expired);
  }
}
