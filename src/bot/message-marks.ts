import { type APIMessage, ButtonStyle, ComponentType } from 'discord.js';
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
export function carriesMark(message: APIMessage, marker: string): boolean {
  return isLast(message, marker) || customIds(message).some((id) => id.startsWith(pageMark(marker)));
}

/** @param pages those that carry the mark, in any order */
export function sentOf(channelId: string, pages: readonly APIMessage[], marker: string): Sent | null {
  // Pages are posted one after another, so their ids are in order.
  const sorted = [...pages].sort((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1));
  const [first, ...rest] = sorted.map(({ id }) => `${channelId}/${id}`);
  if (first === undefined) return null;
  return { pages: [first, ...rest], whole: sorted.some((page) => isLast(page, marker)) };
}

/** The smallest id a message of this instant can have. */
export function idAt(at: Date): string {
  const since = BigInt(at.getTime()) - DISCORD_EPOCH;
  return String((since < 0n ? 0n : since) << 22n);
}

function isLast(message: APIMessage, marker: string): boolean {
  return customIds(message).includes(customId('remind', 'done', marker));
}

function pageMark(marker: string): string {
  return customId('remind', 'page', `${marker}:`);
}

function customIds({ components = [] }: APIMessage): string[] {
  return components.flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((each) => ('custom_id' in each ? each.custom_id : []))
      : [],
  );
}
