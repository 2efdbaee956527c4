import {
  type APIButtonComponentWithCustomId,
  type APISelectMenuOption,
  ButtonStyle,
  ComponentType,
} from 'discord.js';
import type { Decimal } from '../domain/money.js';
import { priceText } from '../domain/text.js';
import type { OpenPosition } from '../services/accounts/positions.js';
import type { WorkingOrder } from '../services/orders/working-orders.js';
import { customId, fitsCustomId, PARTS, readCustomId } from './custom-ids.js';
import { clip, legsText, spreadText } from './format.js';
import { expirations, heading, targetsText } from './position.js';
import type { Row } from './view.js';
import { orderText } from './working-order.js';

/** Discord's limits: https://docs.discord.com/developers/components/reference */
export const MOST_ROWS = 5;
export const PER_ROW = 5;
export const PER_MENU = 25;

export type Button = APIButtonComponentWithCustomId;

/** A button whose press comes back with this custom id. */
export function button(id: string, label: string, style: Button['style'] = ButtonStyle.Secondary): Button {
  return { type: ComponentType.Button, custom_id: id, label, style };
}

/** Each opens a fresh preview of a position whose target is gone. */
export function setAgain(positionIds: readonly number[]): Button[] {
  const ids = [...new Set(positionIds)];
  return ids.map((id) =>
    button(customId('targets', 'again', id), ids.length === 1 ? 'Set target again' : `Set #${id} again`),
  );
}

/** Opens a fresh preview at the price that an order had. */
export function setTerms(terms: { positionId: number; orderId: string; price: Decimal }): Button {
  const price = terms.price.toFixed();
  return button(customId('targets', 'terms', { ...terms, price }), `Set ${priceText(terms.price)} again`);
}

/** As many answers beside `placed by hand` as a row holds. */
const MOST_ANSWERS = 4;

/** One row about an order whose fate is unknown: whose those are that look just like it. */
export function whoseButtons({
  intentId,
  lookalikes,
  positionId,
}: {
  intentId: number;
  lookalikes: readonly string[];
  positionId: number;
}): Button[] {
  const orderIds = askable(intentId, lookalikes.slice(0, MOST_ANSWERS));
  const answer = (part: 'byhand' | 'ours', ids: readonly string[], label: string) =>
    button(customId('targets', part, { intentId, orderIds: ids }), label);
  return [
    answer('byhand', orderIds, `#${positionId}: placed by hand`),
    ...orderIds.map((id) => answer('ours', [id], `Order ${id} is the bot’s`)),
  ];
}

/** What a message offers besides, once it is said whose those are that look like this order. */
export function withoutQuestion(rows: readonly Row[], intentId: number): Row[] {
  return rows.flatMap((each) => {
    const components = each.components.filter(
      (one) => !('custom_id' in one && asks(one.custom_id, intentId)),
    );
    return components.length > 0 ? [{ ...each, components }] : [];
  });
}

function asks(id: string, intentId: number): boolean {
  const { command, part, argument } = readCustomId(id);
  if (command !== 'targets' || (part !== 'byhand' && part !== 'ours')) return false;
  return PARTS.targets[part].read(argument)?.intentId === intentId;
}

/** As many as one button can name. */
function askable(intentId: number, orderIds: readonly string[]): readonly string[] {
  if (orderIds.length < 2 || fitsCustomId('targets', 'byhand', { intentId, orderIds })) return orderIds;
  return askable(intentId, orderIds.slice(0, -1));
}

export function row(components: Button[]): Row {
  return { type: ComponentType.ActionRow, components };
}

/** As many as a row holds; no row without any. */
export function buttonRow(buttons: readonly Button[]): Row[] {
  return buttons.length > 0 ? [row(buttons.slice(0, PER_ROW))] : [];
}

/** A menu of one choice, in the row of its own that Discord asks for. */
export function menu(id: string, placeholder: string, options: APISelectMenuOption[]): Row {
  return {
    type: ComponentType.ActionRow,
    components: [{ type: ComponentType.StringSelect, custom_id: id, placeholder, options }],
  };
}

/** Menus of one choice over so many items, as many as it takes or are allowed. */
export function menus<T>(
  items: readonly T[],
  { idOf, placeholder, most = MOST_ROWS }: { idOf(at: number): string; placeholder: string; most?: number },
  optionOf: (item: T) => APISelectMenuOption,
): Row[] {
  const rows: Row[] = [];
  for (let at = 0; at < items.length && rows.length < most; at += PER_MENU) {
    rows.push(menu(idOf(at), placeholder, items.slice(at, at + PER_MENU).map(optionOf)));
  }
  return rows;
}

/** Menus from which one working order is asked about, whether it is to be cancelled or placed anew; as many as a message holds. */
export function cancelMenus(orders: readonly WorkingOrder[]): Row[] {
  const idOf = (at: number) => customId('cancel', 'open', at);
  return menus(orders, { idOf, placeholder: 'Change or cancel an order…' }, ({ order, positions }) => {
    const legs = order.legs.map((leg) => ({ ...leg, symbol: leg.instrument.symbol }));
    return {
      label: clip(`Order ${order.id} · ${positions.map(heading).join(', ') || order.underlying}`, 100),
      description: clip(`${spreadText(legs) ?? legsText(legs)} · ${orderText(order)}`, 100),
      value: order.id,
    };
  });
}

/**
 * Menus from which a preview of one position is opened, as many as it takes or a message holds.
 * @param accountOf how each one's account is called, where they are of several
 */
export function positionMenus(
  views: readonly OpenPosition[],
  now: Date,
  accountOf: (view: OpenPosition) => string = () => '',
): Row[] {
  const idOf = (at: number) => customId('targets', 'open', at);
  return menus(views, { idOf, placeholder: 'Preview targets for…' }, (view) => ({
    label: clip(heading(view), 100),
    description: clip(
      [accountOf(view), expirations(view, now), targetsText(view)].filter(Boolean).join(' · '),
      100,
    ),
    value: String(view.id),
  }));
}
