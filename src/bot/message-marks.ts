import { ButtonStyle, ComponentType } from 'discord.js';
import type { Seen } from '../ports/channel.js';
import type { Sent } from '../ports/messenger.js';
import { customId } from '../screens/custom-ids.js';
import type { View } from '../screens/view.js';

/** Discord counts its ids' milliseconds from here (2015). */
const DISCORD_EPOCH = 1_420_070_400_000n;

/** Gives every page before the last a button that can't be pressed, which says so and marks the page. */
export function withPageMarks(views: readonly View[], leadId: number | null): View[] {
  return views.map((view, index) => {
    if (index === views.length - 1 || leadId === null) return view;
    const mark = {
      ...({ type: ComponentType.Button, style: ButtonStyle.Secondary, disabled: true } as const),
      label: `Page ${index + 1} of ${views.length}`,
      custom_id: `${pageMark(String(leadId))}${index}`,
    };
    return {
      ...view,
      components: [...view.components, { type: ComponentType.ActionRow, components: [mark] }],
    };
  });
}

/** Is this a page of the message with this marker? */
export function carriesMark(page: View, marker: string): boolean {
  return isLast(page, marker) || customIds(page).some((id) => id.startsWith(pageMark(marker)));
}

/** @param pages those that carry the mark, oldest first: they are posted one after another */
export function sentOf(pages: readonly Seen<View>[], marker: string): Sent | null {
  const [first, ...rest] = pages.map(({ ref }) => ref);
  if (first === undefined) return null;
  return { pages: [first, ...rest], whole: pages.some(({ page }) => isLast(page, marker)) };
}

/** The smallest id a message of this instant can have. */
export function idAt(at: Date): string {
  const since = BigInt(at.getTime()) - DISCORD_EPOCH;
  return String((since < 0n ? 0n : since) << 22n);
}

function isLast(page: View, marker: string): boolean {
  return customIds(page).includes(customId('remind', 'done', Number(marker)));
}

function pageMark(marker: string): string {
  return `remind:page:${marker}:`;
}

/** What a message's buttons and menus carry. */
export function customIds({ components }: View): string[] {
  return components.flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((each) => ('custom_id' in each ? each.custom_id : []))
      : [],
  );
}
