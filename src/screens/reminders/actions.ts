import { ButtonStyle } from 'discord.js';
import { countText } from '../../domain/text.js';
import type { PositionView } from '../../services/accounts/positions.js';
import { button, MOST_ROWS, menu, PER_MENU, positionMenus, row } from '../components.js';
import { customId, fitsCustomId } from '../custom-ids.js';
import type { Row } from '../view.js';

/**
 * What leads on from a reminder: previews and orders, and, if the message is one to deal with, the row by which it is
 * snoozed or done.
 *
 * @param leadId marks the message, so that it is found again after a crash
 */
export function actionRows(
  preview: readonly PositionView[],
  orders: readonly string[],
  leadId: number | null,
  now: Date,
): Row[] {
  const reactions = leadId === null ? [] : [reactionRow(leadId)];
  const buttons = [...previewButton(preview), ...orderButton(orders)];
  const rows: Row[] = buttons.length > 0 ? [row(buttons)] : [];
  const room = MOST_ROWS - rows.length - reactions.length;
  const previews = preview.length > 1 ? positionMenus(preview, now) : [];
  // Previews that find no room are all under the button; orders have nothing else here.
  const watched = orders.length > 1 ? orderMenus(orders, Math.max(1, room - previews.length)) : [];
  return [...rows, ...previews.slice(0, room - watched.length), ...watched, ...reactions];
}

/** In place of the row that was pressed; it keeps the mark. */
export function dealtWithRow(leadId: number, label: string): Row {
  return row([{ ...button(customId('remind', 'done', leadId), label), disabled: true }]);
}

function reactionRow(leadId: number): Row {
  return row([
    button(customId('remind', 'snooze', leadId), 'Snooze 1 h'),
    button(customId('remind', 'tomorrow', leadId), 'Tomorrow'),
    button(customId('remind', 'done', leadId), 'Done', ButtonStyle.Success),
  ]);
}

/** One press for all of them; where their ids don't fit, for all that have no targets. */
function previewButton(views: readonly PositionView[]) {
  if (views.length === 0) return [];
  const label = views.length === 1 ? 'Preview targets' : `Preview targets for all ${views.length}`;
  const ids = views.map(({ id }) => id);
  return fitsCustomId('remind', 'preview', ids)
    ? [button(customId('remind', 'preview', ids), label, ButtonStyle.Primary)]
    : [button(customId('remind', 'preview', 'all'), 'Preview all without targets', ButtonStyle.Primary)];
}

function orderButton(orders: readonly string[]) {
  const [only] = orders;
  return orders.length === 1 && only !== undefined
    ? [button(customId('remind', 'order', only), 'Show order', ButtonStyle.Primary)]
    : [];
}

function orderMenus(orders: readonly string[], most: number): Row[] {
  const menus: Row[] = [];
  const room = most * PER_MENU;
  const rest = orders.length - room;
  const more = rest > 0 ? ` (${countText(rest, 'more order')} in /orders)` : '';
  for (let at = 0; at < Math.min(orders.length, room); at += PER_MENU) {
    const options = orders.slice(at, at + PER_MENU).map((id) => ({ label: `Order ${id}`, value: id }));
    menus.push(menu(customId('remind', 'pick', at), `Show order…${more}`, options));
  }
  return menus;
}
