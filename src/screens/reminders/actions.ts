import { ButtonStyle } from 'discord.js';
import type { AccountName } from '../../domain/account-names.js';
import { countText } from '../../domain/text.js';
import type { OpenPosition } from '../../services/accounts/positions.js';
import { whichAccount } from '../account.js';
import { button, buttonRow, MOST_ROWS, menus, PER_MENU, positionMenus, row } from '../components.js';
import { customId, fitsCustomId } from '../custom-ids.js';
import { clip } from '../format.js';
import type { Row } from '../view.js';

/** Positions of one account that a preview makes sense for. */
export interface AccountPreviews {
  name: AccountName;
  views: readonly OpenPosition[];
}

/** Discord's limit. */
const MOST_LABEL = 80;

/**
 * What leads on from a reminder: previews and orders, and, if the message is one to deal with, the row by which it is
 * snoozed or done.
 *
 * @param leadId marks the message, so that it is found again after a crash
 */
export function actionRows(
  accounts: readonly AccountPreviews[],
  orders: readonly string[],
  leadId: number | null,
  now: Date,
): Row[] {
  const reactions = leadId === null ? [] : [reactionRow(leadId)];
  const preview = accounts.flatMap(({ views }) => views);
  const rows = buttonRow([...previewButtons(accounts), ...orderButton(orders)]);
  const room = MOST_ROWS - rows.length - reactions.length;
  const previews = preview.length > 1 ? positionMenus(preview, now, nameIn(accounts)) : [];
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

/** One press for all of them in an account, since a preview is of one; where their ids don't fit, for all that have no targets. */
function previewButtons(accounts: readonly AccountPreviews[]) {
  return accounts
    .filter(({ views }) => views.length > 0)
    .map(({ name, views }) => {
      const which = whichAccount(name) && ` · ${whichAccount(name)}`;
      const label = views.length === 1 ? 'Preview targets' : `Preview targets for all ${views.length}`;
      const ids = views.map(({ id }) => id);
      const all = name.oneOfSeveral ? { allOf: name.digits } : ('all' as const);
      return fitsCustomId('remind', 'preview', ids)
        ? button(customId('remind', 'preview', ids), clip(label + which, MOST_LABEL), ButtonStyle.Primary)
        : button(
            customId('remind', 'preview', all),
            clip(`Preview all without targets${which}`, MOST_LABEL),
            ButtonStyle.Primary,
          );
    });
}

/** Of each position in which account it is; empty where there is only one. */
function nameIn(accounts: readonly AccountPreviews[]): (view: OpenPosition) => string {
  return (view) => {
    const account = accounts.find(({ views }) => views.includes(view));
    return account ? whichAccount(account.name) : '';
  };
}

function orderButton(orders: readonly string[]) {
  const [only] = orders;
  return orders.length === 1 && only !== undefined
    ? [button(customId('remind', 'order', only), 'Show order', ButtonStyle.Primary)]
    : [];
}

function orderMenus(orders: readonly string[], most: number): Row[] {
  const rest = orders.length - most * PER_MENU;
  const more = rest > 0 ? ` (${countText(rest, 'more order')} in /orders)` : '';
  const idOf = (at: number) => customId('remind', 'pick', at);
  const label = (id: string) => ({ label: `Order ${id}`, value: id });
  return menus(orders, { idOf, placeholder: `Show order…${more}`, most }, label);
}
