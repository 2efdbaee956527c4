import { ButtonStyle } from 'discord.js';
import { countText } from '../../domain/text.js';
import type { PositionView } from '../../services/accounts/positions.js';
import { type Button, button, MOST_ROWS, menu, PER_MENU, positionMenus, row } from '../components.js';
import { customId, MOST_CUSTOM_ID, positionsOrAll } from '../custom-ids.js';
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
  return row([{ ...press('done', String(leadId), label), disabled: true }]);
}

function reactionRow(leadId: number): Row {
  return row([
    press('snooze', String(leadId), 'Snooze 1 h'),
    press('tomorrow', String(leadId), 'Tomorrow'),
    press('done', String(leadId), 'Done', ButtonStyle.Success),
  ]);
}

/** One press for all of them; where their ids don't fit, for all that have no targets. */
function previewButton(views: readonly PositionView[]) {
  if (views.length === 0) return [];
  const label = views.length === 1 ? 'Preview targets' : `Preview targets for all ${views.length}`;
  const made = press('preview', positionsOrAll.write(views.map(({ id }) => id)), label, ButtonStyle.Primary);
  if (made.custom_id.length <= MOST_CUSTOM_ID) return [made];
  return [press('preview', 'all', 'Preview all without targets', ButtonStyle.Primary)];
}

function orderButton(orders: readonly string[]) {
  const [only] = orders;
  return orders.length === 1 && only !== undefined
    ? [press('order', only, 'Show order', ButtonStyle.Primary)]
    : [];
}

function orderMenus(orders: readonly string[], most: number): Row[] {
  const menus: Row[] = [];
  const room = most * PER_MENU;
  const rest = orders.length - room;
  const more = rest > 0 ? ` (${countText(rest, 'more order')} in /orders)` : '';
  for (let at = 0; at < Math.min(orders.length, room); at += PER_MENU) {
    const options = orders.slice(at, at + PER_MENU).map((id) => ({ label: `Order ${id}`, value: id }));
    const name = customId('remind', 'pick', at === 0 ? '' : String(at));
    menus.push(menu(name, `Show order…${more}`, options));
  }
  return menus;
}

function press(part: string, argument: string, label: string, style?: Button['style']): Button {
  return button(customId('remind', part, argument), label, style);
}
