import type { APIEmbed, APIEmbedField } from 'discord.js';
import { LIMITS } from './view.js';

/**
 * Spreads what is long over as many messages as it takes. Nothing is ever left out: what a trader confirms must
 * have been on the screen.
 */

/** Room left in each message for its totals and footer. */
const MESSAGE_TEXT = LIMITS.embedText - 400;
const EMBED_TEXT = 3_500;
const FIELDS = 20;

/** Embeds in messages: at most ten each, and within Discord's limit of text over all embeds of a message. */
export function packEmbeds(embeds: readonly APIEmbed[]): APIEmbed[][] {
  return pack(embeds, embedLength, MESSAGE_TEXT, LIMITS.embeds);
}

/** Blocks of text in as few descriptions as they fit into, an empty line between. */
export function packBlocks(blocks: readonly string[]): string[] {
  return pack(blocks, (block) => block.length + 2, EMBED_TEXT, Number.POSITIVE_INFINITY).map((page) =>
    page.join('\n\n'),
  );
}

/** One embed, or several that continue it where its fields are many. */
export function packFields(embed: APIEmbed, fields: readonly APIEmbedField[]): APIEmbed[] {
  const room = EMBED_TEXT - (embed.description?.length ?? 0);
  const pages = pack(fields, fieldLength, room, FIELDS);
  const [first = [], ...more] = pages;
  return [
    { ...embed, fields: first },
    ...more.map(
      (page): APIEmbed => ({
        title: `${embed.title ?? ''} (continued)`.trim(),
        ...(embed.color === undefined ? {} : { color: embed.color }),
        fields: page,
      }),
    ),
  ];
}

function pack<T>(items: readonly T[], lengthOf: (item: T) => number, room: number, most: number): T[][] {
  const pages: T[][] = [];
  let used = Number.POSITIVE_INFINITY;
  for (const item of items) {
    const length = lengthOf(item);
    const page = pages.at(-1);
    if (page && used + length <= room && page.length < most) {
      page.push(item);
      used += length;
    } else {
      pages.push([item]);
      used = length;
    }
  }
  return pages;
}

function embedLength({ title = '', description = '', fields = [], footer }: APIEmbed): number {
  const texts = fields.reduce((total, field) => total + fieldLength(field), 0);
  return title.length + description.length + texts + (footer?.text.length ?? 0);
}

function fieldLength({ name, value }: APIEmbedField): number {
  return name.length + value.length;
}
