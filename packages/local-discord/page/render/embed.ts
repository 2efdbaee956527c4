import { html, nothing, type TemplateResult } from 'lit';
import { safeUrl } from '../markdown/inline.js';
import { formatMessageTime } from '../markdown/timestamp.js';
import { cssColour } from '../state/people.js';
import type { Embed, Message } from '../types.js';
import { imageView } from './attachments.js';
import type { View } from './context.js';
import { markdown, markdownLine } from './markdown.js';

/**
 * One embed. Titles and field names are slotted rather than given as attributes: the web component reads
 * any 17-digit number in them (a broker's order id, say) as an emoji and would fetch it from Discord.
 */
export function embedView(view: View, message: Message, embed: Embed): TemplateResult {
  return html`<discord-embed slot="embeds" .color=${embed.color == null ? undefined : cssColour(embed.color)}>
    ${embed.thumbnail ? html`<div slot="description" class="embed-thumbnail">${imageView(embed.thumbnail, 'Thumbnail', 'thumbnail')}</div>` : nothing}
    ${embed.author ? html`<div slot="description" class="embed-author">${maybeLink(embed.author.url, embed.author.name)}</div>` : nothing}
    ${embed.title ? html`<div slot="description" class="embed-title">${maybeLink(embed.url, markdownLine(view, embed.title))}</div>` : nothing}
    ${
      embed.description
        ? html`<discord-embed-description slot="description">${markdown(view, embed.description, message.mentions)}</discord-embed-description>`
        : nothing
    }
    ${embed.fields?.length ? html`<discord-embed-fields slot="fields">${fields(view, message, embed)}</discord-embed-fields>` : nothing}
    ${embed.image ? html`<div slot="fields" class="embed-image">${imageView(embed.image, 'Image of the embed', 'picture')}</div>` : nothing}
    ${footer(view, embed)}
  </discord-embed>`;
}

function maybeLink(url: string | undefined, content: unknown): unknown {
  const address = safeUrl(url);
  return address
    ? html`<a href=${address} target="_blank" rel="noopener noreferrer">${content}</a>`
    : content;
}

function fields(view: View, message: Message, embed: Embed): TemplateResult[] {
  const all = embed.fields ?? [];
  const columns = fieldColumns(all.map(({ inline }) => inline ?? false));
  return all.map(
    (field, at) => html`<discord-embed-field style=${`--column:${columns[at] ?? FULL_WIDTH}`}>
      <div class="embed-field-name">${markdownLine(view, field.name)}</div>
      ${markdown(view, field.value, message.mentions)}
    </discord-embed-field>`,
  );
}

const FULL_WIDTH = '1/13';

/** Where each field stands in a grid of twelve columns: up to three inline neighbours share a line. */
function fieldColumns(inline: boolean[]): string[] {
  const columns: string[] = [];
  let at = 0;
  while (at < inline.length) {
    let count = 0;
    while (count < 3 && inline[at + count]) count++;
    const span = 12 / Math.max(count, 1);
    for (let column = 0; column < Math.max(count, 1); column++) {
      columns.push(`${1 + column * span}/${1 + (column + 1) * span}`);
    }
    at += Math.max(count, 1);
  }
  return columns;
}

function footer(view: View, embed: Embed): TemplateResult | typeof nothing {
  if (!embed.footer && !embed.timestamp) return nothing;
  const time = embed.timestamp ? formatMessageTime(embed.timestamp, view.nowMs) : '';
  const parts = [embed.footer?.text ?? '', time].filter((part) => part !== '');
  return html`<discord-embed-footer slot="footer"><span class="embed-footer">${parts.join(' • ')}</span></discord-embed-footer>`;
}
