import { ButtonStyle } from 'discord.js';
import { percentOf } from '../domain/entry.js';
import type { Environment } from '../domain/environment.js';
import { leaveUnsure } from '../domain/odd-rows.js';
import { alreadyPast, distance } from '../domain/profit.js';
import { countText, priceText } from '../domain/text.js';
import { PRICES } from '../services/previews/close-wish.js';
import { canSubmit, type Preview } from '../services/previews/preview.js';
import type { ShownClose } from '../services/previews/priced-close.js';
import type { PreviewedPosition, PreviewedTarget } from '../services/previews/pricing.js';
import { whereText, whichAccount } from './account.js';
import { button, row } from './components.js';
import { nakedText } from './cover-words.js';
import { customId, type ShownPlan } from './custom-ids.js';
import { doubtText } from './doubts.js';
import { firstLine } from './first-line.js';
import { clip, dealText, quoted, roughPercent, signedUsd, timestamp } from './format.js';
import { haltText } from './halt.js';
import { oddPositionLine, oddRowsLine } from './odd-rows.js';
import { limitText } from './orders.js';
import { textPages } from './pages.js';
import { baredText, expirations, heading, legs, rolledLines, tiesLines } from './position.js';
import { costsLine } from './preview-details.js';
import {
  blockedText,
  lockedText,
  marksMissingText,
  previewNoteText,
  targetNoteText,
} from './preview-notes.js';
import { warningsOf, warningText } from './preview-orders.js';
import type { Row, View } from './view.js';

/** A preview of closing a position now: what it brings, what it stands on, and what has to end before. */

const TEXT = { why: 700, warning: 200, reason: 300, odd: 600 };

type Closing = Preview & { close: ShownClose };

/** The pages of a preview that closes something now; the last one asks. */
export function closeViews(preview: Closing, environment: Environment, now: Date): View[] {
  const [position] = preview.positions;
  if (!position) return [];
  const [target] = position.targets;
  const pages = textPages([
    { text: headLines(preview, position, target, now).join('\n') },
    ...(target ? [{ text: orderLines(preview, position, target).join('\n'), apart: true }] : []),
    ...(target && preview.givingWay.length > 0
      ? [{ text: wayLines(preview, position).join('\n'), apart: true }]
      : []),
    { text: closing(preview, target, environment).join('\n'), apart: true },
  ]);
  const last = pages.at(-1);
  if (last) last.components = buttons(preview, pages.length);
  return pages;
}

function headLines(
  { close, name, givingWay }: Closing,
  { view, notes }: PreviewedPosition,
  target: PreviewedTarget | undefined,
  now: Date,
): string[] {
  const { position } = view;
  const part = close.units < close.held ? ` ${close.units} of` : '';
  const profit = target?.plan.pricing.profit;
  const made = target
    ? profit
      ? `**${signedUsd(profit)}** if it fills`
      : 'profit not known'
    : 'nothing to send';
  const first = givingWay.length > 0 && target ? `cancels ${countText(givingWay.length, 'order')} first` : '';
  const odd = notes.length === 0 ? oddPositionLine(view.odd) : null;
  return [
    firstLine([
      `**Close${part} ${heading(view)}${position.inferred ? ' (inferred)' : ''}**`,
      made,
      first,
      whichAccount(name),
    ]),
    [expirations(view, now), ...(target ? [] : [legs(position)])].join(' · '),
    ...rolledLines(view),
    ...tiesLines(view),
    ...notes.map((note) => `⛔ ${clip(previewNoteText(note), TEXT.why)}`),
    ...(position.opening ? ['⚠️ Its opening order still works: only what is filled is closed here.'] : []),
    ...position.doubts.map((doubt) => `⚠️ ${clip(doubtText(doubt), TEXT.warning)}`),
    ...(odd && !leaveUnsure(view.odd) ? [odd] : []),
  ];
}

const NAMES = { mid: 'at mid', mark: 'at the mark', natural: 'at natural', step: 'one tick nearer' } as const;

/** What is sent, what it makes, and the quote it stands on. */
export function orderLines(
  { close, givingWay }: Pick<Closing, 'close' | 'givingWay'>,
  { view }: PreviewedPosition,
  target: PreviewedTarget,
): string[] {
  const { plan, order, blocked } = target;
  const { pricing } = plan;
  const at = typeof close.at === 'string' ? NAMES[close.at] : 'your price';
  const percent = pricing.effectivePercent;
  const [whole] = view.components;
  const kept = percent && whole ? ` (${roughPercent(percent)} of ${percentOf(whole.entry)})` : '';
  const profit = pricing.profit ? `**${signedUsd(pricing.profit)}**${kept} before fees` : 'profit not known';
  return [
    `${blocked ? '⛔ ' : ''}${dealText(order)} · ${at}`,
    `${pricing.lossMaking ? '⚠️ **Loss:** ' : 'Makes '}${profit}`,
    ...(blocked ? [`⛔ ${quoted(blockedText(blocked), TEXT.reason)}`] : []),
    marketText(close),
    reachText(close, target),
    ...costsLine(blocked ? [] : [target], givingWay[0]?.id ?? null),
    ...warningsOf(target).map(warningText),
    ...(plan.leaves.length > 0
      ? [`⚠️ **As you chose, this leaves ${nakedText(plan.leaves)} without cover.**`]
      : []),
    ...plan.notes.map((note) => `-# ${targetNoteText(note)}`),
  ].filter(Boolean);
}

/** `Market now: you pay natural 0.85 · mid 0.80 · mark 0.81 · quoted 3 seconds ago` */
function marketText({ market }: ShownClose): string {
  const known = PRICES.flatMap((name) => {
    const cost = market[name];
    return cost ? [{ name, price: priceText(cost.abs()), verb: cost.lt(0) ? 'receive' : 'pay' }] : [];
  });
  const [first] = known;
  if (!first) return '⚠️ **No quote that can be true: nothing here stands on a market.**';
  const alike = known.every(({ verb }) => verb === first.verb);
  const prices = known.map(({ name, price, verb }) => `${name} ${alike ? '' : `${verb} `}${price}`);
  const age = market.at ? `quoted ${timestamp(market.at)}` : 'its age isn’t told';
  return `Market now: ${[`${alike ? `you ${first.verb} ` : ''}${prices.join(' · ')}`, age].join(' · ')}`;
}

/** Whether it fills at once, or how far the other side is. */
function reachText({ market: { natural } }: ShownClose, { plan: { pricing } }: PreviewedTarget): string {
  if (!natural) return '';
  if (alreadyPast(pricing.limit, pricing.effect, natural))
    return '⚡ **Fills at once**, at the natural price or better.';
  const away = distance(pricing.limit, pricing.effect, natural);
  return `Rests ${priceText(away)} away from the natural price; **Step** on its message moves it a tick nearer.`;
}

/** What ends before it leaves, and what then has no target. */
export function wayLines(
  { givingWay, bared, close }: Pick<Closing, 'givingWay' | 'bared' | 'close'>,
  { view }: PreviewedPosition,
): string[] {
  const one = givingWay.length === 1;
  return [
    `✏️ **Cancels first, because ${one ? 'it holds' : 'they hold'} these contracts:**`,
    ...givingWay.map(
      (order) => `• **Order ${order.id}** · ${limitText(order)} · ${order.timeInForce} · ${order.status}`,
    ),
    `Submit cancels ${one ? 'it' : 'them'}, takes off what fills first, and sends the close only once the broker has ended ${one ? 'it' : 'each'}.`,
    ...(close.units < close.held && bareAfter(view, close) > 0
      ? [
          `⚠️ **${bareAfter(view, close)} of ${close.held} ${bareAfter(view, close) === 1 ? 'stands' : 'stand'} without a target afterwards.**`,
        ]
      : []),
    ...bared.map(baredText),
  ];
}

/** Units neither closed nor with a target once that is done. */
function bareAfter({ cover, components }: PreviewedPosition['view'], { units, held }: ShownClose): number {
  const [whole] = components;
  const bare = cover.contracts.map(({ instrument, target }) => {
    const ratio = whole?.legs.find((leg) => leg.instrument.symbol === instrument.symbol)?.ratio ?? 1;
    return held - units - Math.floor(target / ratio);
  });
  return Math.max(0, ...bare);
}

function closing(preview: Closing, target: PreviewedTarget | undefined, environment: Environment): string[] {
  const { locked, halt, name, expiresAt, marksMissing, odd } = preview;
  const rows = oddRowsLine(odd);
  return [
    ...(marksMissing ? [`-# ${marksMissingText(marksMissing)}.`] : []),
    ...(rows ? [clip(rows, TEXT.odd)] : []),
    ...(locked ? [`🔒 **${lockedText(locked)}**`] : []),
    ...(halt ? [`🛑 **Nothing can be sent: ${haltText(halt)}.** \`/resume\` ends that.`] : []),
    whereText(environment, name, target ? 'GTC limit' : ''),
    canSubmit(preview)
      ? `Not sent yet · expires ${timestamp(expiresAt)}`
      : 'There is nothing to send from here.',
  ];
}

function buttons(preview: Closing, pages: number): Row[] {
  const shown: ShownPlan = { planId: preview.planId, pages };
  const priced = preview.positions.flatMap(({ targets }) => targets)[0];
  const refresh = button(customId('targets', 'refresh', shown), 'Refresh');
  if (!priced) return [row([refresh])];
  const submit = button(
    customId('targets', 'submit', shown),
    submitLabel(preview, priced),
    ButtonStyle.Success,
  );
  return [
    ...(canSubmit(preview) ? [row([submit])] : []),
    row([
      ...PRICES.map((at) => button(customId('close', 'at', { ...shown, at }), LABELS[at])),
      button(customId('close', 'form', shown), 'Price…'),
    ]),
    row([refresh, button(customId('targets', 'cancel', shown), 'Discard')]),
  ];
}

const LABELS = { mid: 'Mid', mark: 'Mark', natural: 'Natural' } as const;

export function submitLabel(
  { givingWay: [first, ...more] }: Pick<Preview, 'givingWay'>,
  { order }: PreviewedTarget,
): string {
  const close = `close at ${priceText(order.price)}`;
  if (!first) return `Submit: ${close}`;
  return `Submit: cancel ${more.length === 0 ? first.id : more.length + 1}, then ${close}`;
}
