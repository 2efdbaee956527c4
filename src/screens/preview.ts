import { type APIEmbed, type APIEmbedField, ButtonStyle } from 'discord.js';
import type { Coverage } from '../domain/coverage.js';
import { percentOf } from '../domain/entry.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { type Decimal, sum } from '../domain/money.js';
import { leaveUnsure } from '../domain/odd-rows.js';
import { alreadyPast, closingCost, percentAtCost, type Quotes } from '../domain/profit.js';
import { countText, listText, percentText, priceText } from '../domain/text.js';
import type { Component, UnitLeg } from '../domain/types.js';
import type { ReportLine } from '../ports/report.js';
import type { Plan } from '../ports/store.js';
import type { PositionView } from '../services/accounts/positions.js';
import { hurried } from '../services/accounts/unhurried.js';
import type { Overrides } from '../services/previews/overrides.js';
import type { Preview } from '../services/previews/preview.js';
import type { PreviewedPosition, PreviewedTarget } from '../services/previews/pricing.js';
import { nakedText } from '../services/previews/protection-notes.js';
import { type Button, button, row } from './components.js';
import { customId, planAtPercent } from './custom-ids.js';
import {
  besideMark,
  clip,
  eachText,
  legsText,
  maskAccount,
  payOrReceive,
  roughPercent,
  signedUsd,
  timestamp,
  usd,
} from './format.js';
import { oddPositionLine, oddRowsLine } from './odd-rows.js';
import { packBlocks, packEmbeds, packFields } from './pages.js';
import {
  entryText,
  expirations,
  flawedLines,
  heading,
  legs,
  namesAmong,
  profitText,
  rolledText,
  targetsText,
  tiesLines,
} from './position.js';
import { progressText, submittedText } from './progress.js';
import { COLOUR, LIMITS, type Row, type View } from './view.js';

/** Texts from outside are cut to these lengths; prices, legs and amounts never are. */
const TEXT = { warning: 200, reason: 300, note: 160, why: 700 };

/** The messages of a preview: each position in full, and the totals and buttons under the last. */
export function previewViews(preview: Preview, environment: Environment, now: Date): View[] {
  return hurried(previewSteps(preview, environment, now));
}

/** The same, one position a step. */
export function* previewSteps(
  preview: Preview,
  environment: Environment,
  now: Date,
): Generator<undefined, View[]> {
  const embeds: APIEmbed[] = [];
  for (const each of preview.positions) {
    embeds.push(...positionEmbeds(each, preview, now));
    yield;
  }
  embeds.push(...leftOutEmbeds(preview));
  const pages = packEmbeds(embeds).map((page): View => ({ content: '', embeds: page, components: [] }));
  const last = pages.at(-1) ?? { content: '', embeds: [], components: [] };
  last.content = summary(preview, environment);
  last.components = buttons(preview);
  return pages;
}

/** Totals, the countdown, and in large letters where it would go. */
function summary(preview: Preview, environment: Environment): string {
  const offered = preview.positions.flatMap(({ targets }) =>
    targets.filter(({ blocked }) => blocked === null),
  );
  const blocked = preview.positions.flatMap(({ targets }) =>
    targets.filter((each) => each.blocked !== null),
  ).length;
  const lines = [`**${environment}** · account ${maskAccount(preview.account)}`];
  if (preview.locked) lines.push(`🔒 **${preview.locked}**`);
  if (offered.length > 0) {
    const profits = offered.map(({ plan }) => plan.pricing.profit);
    const profit = allKnown(profits, (known) => `**${signedUsd(sumExact(known))}** if all fill, before fees`);
    lines.push(
      `**${countText(offered.length, 'GTC order')}** · ${profit || 'profit not known'}${costs(offered)}`,
    );
    lines.push(...baseLines(preview, offered));
  }
  if (blocked > 0)
    lines.push(`⛔ ${countText(blocked, 'target')} can’t be submitted; the reason stands beside it.`);
  const left = chosenNaked(preview);
  if (left !== '') lines.push(`⚠️ **As you chose, this leaves ${left} without cover.**`);
  const past = preview.positions
    .flatMap((each) => pastTargets(each, preview.quotes))
    .filter(({ target }) => target.blocked === null).length;
  if (past > 0) lines.push(`⚡ **${fillsAtOnce(past, offered.length)}: the market is already there.**`);
  if (preview.marksMissing) {
    lines.push(
      `-# ${preview.marksMissing}. Where a mark is missing, no distance to the market is shown, nor whether a target is already past.`,
    );
  }
  const odd = oddRowsLine(preview.odd);
  if (odd) lines.push(clip(odd, 600));
  const waiting = preview.orders > 0 && !preview.locked;
  lines.push(
    waiting
      ? `Nothing is sent yet. This preview expires ${timestamp(preview.expiresAt)}.`
      : 'There is nothing to send from here.',
  );
  return lines.join('\n');
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

/** Also beside the button: with many positions the one concerned has long scrolled away. */
function fillsAtOnce(past: number, of: number): string {
  if (of === 1) return 'This order fills at once';
  return `${past} of these ${of} ${past === 1 ? 'fills' : 'fill'} at once`;
}

function costs(offered: readonly PreviewedTarget[]): string {
  const fees = offered.map(({ dryRun }) => dryRun?.fees ?? null);
  const power = offered.map(({ dryRun }) => dryRun?.buyingPowerChange ?? null);
  return [
    allKnown(fees, (known) => ` · fees ${usd(sum(known))}`),
    allKnown(power, (known) => ` · ${buyingPower(sum(known))}`),
  ].join('');
}

function allKnown<T>(values: readonly (T | null)[], text: (known: T[]) => string): string {
  const known = values.filter((value) => value !== null);
  return known.length === values.length ? text(known) : '';
}

function positionEmbeds(
  previewed: PreviewedPosition,
  { quotes, overrides }: Pick<Preview, 'quotes' | 'overrides'>,
  now: Date,
): APIEmbed[] {
  const { view, targets } = previewed;
  const { position } = view;
  const lines = [
    ...pastLines(previewed, quotes),
    expirations(view, now),
    legs(position),
    `Opened for a ${entryText(position)}`,
    profitText(view, quotes),
    ...(position.rolled ? [rolledText(position)] : []),
    ...tiesLines(view),
    ...warnings(previewed, overrides),
  ];
  return packFields(
    {
      title: clip(`${heading(view)}${position.inferred ? ' (inferred)' : ''}`, LIMITS.title),
      description: clip(lines.join('\n'), 2000),
      color: colourOf(previewed),
    },
    [
      ...targets.map((target) => targetField(target, view.components, quotes)),
      ...coverageFields(previewed.coverage),
    ],
  );
}

function targetField(
  target: PreviewedTarget,
  components: readonly Component[],
  quotes: Quotes,
): APIEmbedField {
  const { plan, dryRun, blocked } = target;
  const { pricing } = plan;
  const profit = pricing.profit ? `**${signedUsd(pricing.profit)}**` : 'not known';
  const outcome = `${pricing.lossMaking ? '⚠️ loss' : 'profit'} ${profit}`;
  const raw = pricing.raw ? `raw ${priceText(pricing.raw)} · ` : '';
  const rows = [
    `${payOrReceive(pricing.effect, pricing.limit)}${eachText(plan.units)} · ${outcome}`,
    legsText(
      plan.legs.map(({ instrument, action, contracts }) => ({
        symbol: instrument.symbol,
        action,
        quantity: contracts,
      })),
    ),
    `${raw}tick ${priceText(pricing.tick)}${effective(target)}${distanceText(target, components, quotes)}`,
  ];
  if (dryRun && !blocked) rows.push(brokerText(target));
  if (blocked) rows.push(`⛔ ${clip(blocked, TEXT.reason)}`);
  if (plan.leaves.length > 0) rows.push(`⚠️ **Leaves ${nakedText(plan.leaves)} without cover**`);
  for (const note of plan.notes) rows.push(`-# ${clip(note, TEXT.note)}`);
  return { name: clip(`${plan.label} · ${plan.rule}`, 256), value: clip(rows.join('\n'), LIMITS.field) };
}

/** What came of rounding: the percentage really taken, and what it costs or gains. */
function effective({ plan: { pricing } }: PreviewedTarget): string {
  const percent = pricing.effectivePercent ? ` · effective ${roughPercent(pricing.effectivePercent)}` : '';
  const cost = pricing.roundingCost.toDecimalPlaces(2);
  if (cost.isZero()) return percent;
  return `${percent} · rounding ${cost.gt(0) ? 'costs' : 'gains'} ${usd(cost.abs())}`;
}

function distanceText(target: PreviewedTarget, components: readonly Component[], quotes: Quotes): string {
  const { limit, effect } = target.plan.pricing;
  const cost = costNow(target, components, quotes, 'mark');
  return cost ? ` · ${besideMark(limit, effect === 'debit' ? cost : cost.negated())}` : '';
}

function brokerText({ dryRun }: PreviewedTarget): string {
  const parts = [
    dryRun?.fees ? `fees ${usd(dryRun.fees)}` : 'fees not told',
    dryRun?.buyingPowerChange ? buyingPower(dryRun.buyingPowerChange) : null,
  ].filter(Boolean);
  const warnings = (dryRun?.warnings ?? []).map(
    ({ message, code }) => `\n⚠️ ${clip(message || code, TEXT.warning)}`,
  );
  return `Broker: ${parts.join(' · ')}${warnings.join('')}`;
}

function buyingPower(change: Decimal): string {
  return `${change.gte(0) ? 'frees' : 'uses'} ${usd(change.abs())} of buying power`;
}

/** Said first: an order resting there would fill at once. */
function pastLines(previewed: PreviewedPosition, quotes: Quotes): string[] {
  const { components } = previewed.view;
  return pastTargets(previewed, quotes).map(({ target, cost }) => {
    const { pricing, label, componentKey } = target.plan;
    const natural = priceText(cost.abs());
    if (pricing.requestedPercent === null) {
      return `⚡ **Your limit ${priceText(pricing.limit)} fills at once**, near the natural price ${natural}.`;
    }
    const component = components.find(({ key }) => key === componentKey);
    const percent = component && percentAtCost(component.entry, cost);
    const now = percent ? `${roughPercent(percent)} at the natural price ${natural}` : `at ${natural}`;
    return `⚡ **Already past a target: ${label}** is ${now} now. Resting there fills at once.`;
  });
}

/** Targets that the market has reached already, with what closing them costs now. */
function pastTargets(
  { view, targets }: PreviewedPosition,
  quotes: Quotes,
): { target: PreviewedTarget; cost: Decimal }[] {
  return targets.flatMap((target) => {
    const { limit, effect } = target.plan.pricing;
    const cost = costNow(target, view.components, quotes, 'natural');
    return cost && alreadyPast(limit, effect, cost) ? [{ target, cost }] : [];
  });
}

function costNow(
  { plan }: PreviewedTarget,
  components: readonly Component[],
  quotes: Quotes,
  at: 'mark' | 'natural',
): Decimal | null {
  const unit: UnitLeg[] | undefined = components.find(({ key }) => key === plan.componentKey)?.legs;
  return unit ? closingCost(unit, quotes, at) : null;
}

function warnings({ view, notes, targets }: PreviewedPosition, overrides: Overrides): string[] {
  const { position } = view;
  const lines = notes.map((note) => `⛔ ${clip(note, TEXT.why)}`);
  if (position.opening) lines.push('⚠️ Its opening order still works: only what is filled is covered here.');
  for (const doubt of position.doubts) lines.push(`⚠️ ${clip(doubt, TEXT.warning)}`);
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

function allCovered({ working }: PositionView): string {
  const ids = [...new Set(working.map(({ order }) => order.id))];
  return `Everything is covered by working orders already: ${ids.join(', ')}. To change a target, cancel its order at the broker first.`;
}

/** What was asked for and can't be done must not vanish. */
function unusedLines({ percent, price, ladder }: Overrides): string[] {
  const given = price
    ? `price of ${priceText(price)}`
    : percent
      ? `percentage of ${percentText(percent)}`
      : ladder && `ladder of ${ladder.map(percentText).join(', ')}`;
  return given ? [`⚠️ **Your ${given} is not used:** no order can be placed here now.`] : [];
}

/** What of a position neither has a target nor can get one, and why. */
function stuckLines(view: PositionView, alone: boolean): string[] {
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
    lines.push('To set a target on what they reserve, cancel those orders at the broker first.');
  }
  if (alone && lines.length === 0) lines.push('⛔ Nothing of it is free to close now.');
  return lines;
}

function leftOutBlock(view: PositionView): string {
  const odd = oddPositionLine(view.odd);
  return [`**${heading(view)}**`, targetsText(view), ...(odd ? [odd] : [])].join('\n');
}

/** With `all`: what it can't help, so that it isn't forgotten. */
function leftOutEmbeds({ leftOut }: Preview): APIEmbed[] {
  return packBlocks(leftOut.map(leftOutBlock)).map((description, index) => ({
    ...(index === 0 ? { title: 'Not in this preview: nothing is free to close' } : {}),
    description,
    color: COLOUR.warn,
  }));
}

function coverageFields(covers: readonly Coverage[]): APIEmbedField[] {
  if (covers.length === 0) return [];
  const name = namesAmong(covers.map(({ instrument }) => instrument));
  const lines = covers.map(({ instrument, held, restricted, working }) => {
    const locked = restricted > 0 ? ` · ${restricted} restricted` : '';
    return `${name(instrument)}: ${held} held · ${working} working to close${locked}`;
  });
  return [{ name: 'Coverage before this', value: clip(lines.join('\n'), LIMITS.field) }];
}

function colourOf({ targets, view }: PreviewedPosition): number {
  if (targets.some(({ blocked }) => blocked !== null)) return COLOUR.bad;
  if (view.position.doubts.length > 0 || view.position.inferred || view.odd.length > 0) return COLOUR.warn;
  return targets.length > 0 ? COLOUR.calm : COLOUR.quiet;
}

function buttons(preview: Preview): Row[] {
  const rows: Row[] = [];
  if (preview.orders > 0 && !preview.locked) {
    rows.push(
      row([
        press(
          'submit',
          preview.planId,
          `Submit ${countText(preview.orders, 'GTC order')}`,
          ButtonStyle.Success,
        ),
      ]),
    );
  }
  const priced = preview.positions.some(({ targets }) => targets.length > 0);
  if (!priced) return [row([press('refresh', preview.planId, 'Refresh')])];
  const quick = quickPercents(preview).map((percent) =>
    press('percent', planAtPercent.write({ planId: preview.planId, percent }), `${percent} %`),
  );
  rows.push(row([...quick, press('form', preview.planId, 'Other…')]));
  rows.push(
    row([
      press('refresh', preview.planId, 'Refresh'),
      ...(hasOverride(preview) ? [press('usual', preview.planId, 'Usual rule')] : []),
      press('cancel', preview.planId, 'Cancel'),
    ]),
  );
  return rows;
}

function hasOverride({ overrides: { percent, price, ladder } }: Preview): boolean {
  return percent !== undefined || price !== undefined || ladder !== undefined;
}

/** Percentages worth a button: of a debit, people ask for more than of a credit. */
export function quickPercents({ positions }: Preview): readonly number[] {
  const kinds = positions.flatMap(({ view }) => view.components.map(({ entry }) => entry.kind));
  return kinds.length > 0 && kinds.every((kind) => kind === 'debit') ? [50, 100, 150] : [40, 50, 60];
}

function press(part: string, argument: string, label: string, style?: Button['style']): Button {
  return button(customId('targets', part, argument), label, style);
}

/** Under a preview that ended without sending: why, and a way on. */
export function endedView(planId: string, text: string): Pick<View, 'content' | 'components'> {
  return {
    content: clip(text, 1900),
    components: [row([press('refresh', planId, 'Fresh preview', ButtonStyle.Primary)])],
  };
}

/** Over a preview that ended while nobody was there to change it; how is told by its plan. */
export function closedView(
  { id, status }: Pick<Plan, 'id' | 'status'>,
  lines: readonly ReportLine[],
): Partial<View> {
  switch (status) {
    case 'claimed':
      return { content: progressText(lines), components: [] };
    case 'done':
      return { content: submittedText(lines), components: [] };
    case 'superseded':
      // Where the newer one came to be seen, this one's buttons went with it.
      return endedView(
        id,
        '⚠️ This preview was replaced, but the newer one could not be shown. Nothing was sent.',
      );
    case 'cancelled':
      return { content: 'Cancelled. Nothing was sent.', components: [] };
    case 'stale':
      return endedView(id, '⚠️ This preview was given up after its Submit. Nothing was sent.');
    default:
      return endedView(id, '⌛ This preview expired. Nothing was sent.');
  }
}
