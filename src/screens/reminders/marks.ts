import { ComponentType } from 'discord.js';
import { button, row } from '../components.js';
import { customId } from '../custom-ids.js';
import type { View } from '../view.js';

/** Gives every page before the last a button that can't be pressed, which says so and marks the page. */
export function withPageMarks(views: readonly View[], leadId: number | null): View[] {
  return views.map((view, index) => {
    if (index === views.length - 1 || leadId === null) return view;
    const label = `Page ${index + 1} of ${views.length}`;
    const mark = { ...button(`${pageMark(String(leadId))}${index}`, label), disabled: true };
    return { ...view, components: [...view.components, row([mark])] };
  });
}

/** Whether a page is of the message that this run leads: the last one, by its buttons, or one before that. */
export function markOf(page: View, leadId: string): 'part' | 'last' | null {
  const ids = customIds(page);
  if (ids.includes(customId('remind', 'done', Number(leadId)))) return 'last';
  return ids.some((id) => id.startsWith(pageMark(leadId))) ? 'part' : null;
}

/** What a message's buttons and menus carry. */
export function customIds({ components }: View): string[] {
  return components.flatMap((each) =>
    each.type === ComponentType.ActionRow
      ? each.components.flatMap((one) => ('custom_id' in one ? one.custom_id : []))
      : [],
  );
}

function pageMark(leadId: string): string {
  return `remind:page:${leadId}:`;
}
