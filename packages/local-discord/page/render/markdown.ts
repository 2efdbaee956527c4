import { html, type TemplateResult } from 'lit';
import type { Block, Inline, ListItem } from '../markdown/ast.js';
import { parseInline } from '../markdown/inline.js';
import { parseMarkdown } from '../markdown/parse.js';
import { cssColour, displayName, known } from '../state/people.js';
import type { User } from '../types.js';
import type { View } from './context.js';
import './live-time.js';

/** A Discord text as elements. Texts go in as text nodes only: markup in them stays visible as typed. */
export function markdown(view: View, text: string, mentioned: User[] = []): TemplateResult {
  return html`<div class="markdown">${parseMarkdown(text).map((block) => blockView({ view, mentioned }, block))}</div>`;
}

/** One line of Discord text (embed titles, field names): inline marks only. */
export function markdownLine(view: View, text: string): TemplateResult {
  return html`${inlines({ view, mentioned: [] }, parseInline(text))}`;
}

interface Context {
  view: View;
  mentioned: User[];
}

function blockView(context: Context, block: Block): TemplateResult {
  switch (block.kind) {
    case 'paragraph':
      return html`<p>${inlines(context, block.children)}</p>`;
    case 'heading':
      return headingView(context, block.level, block.children);
    case 'subtext':
      return html`<p class="subtext">${inlines(context, block.children)}</p>`;
    case 'quote':
      return html`<blockquote>${block.children.map((child) => blockView(context, child))}</blockquote>`;
    case 'codeblock':
      return html`<pre tabindex="0"><code>${block.text}</code></pre>`;
    case 'list': {
      const items = block.items.map((item) => itemView(context, item));
      return block.ordered ? html`<ol start=${block.start}>${items}</ol>` : html`<ul>${items}</ul>`;
    }
  }
}

function headingView(context: Context, level: 1 | 2 | 3, children: Inline[]): TemplateResult {
  const content = inlines(context, children);
  if (level === 1) return html`<h3 class="md-1">${content}</h3>`;
  return level === 2 ? html`<h4 class="md-2">${content}</h4>` : html`<h5 class="md-3">${content}</h5>`;
}

function itemView(context: Context, item: ListItem): TemplateResult {
  return html`<li>${inlines(context, item.children)}${item.nested.map((block) => blockView(context, block))}</li>`;
}

function inlines(context: Context, nodes: Inline[]): unknown[] {
  return nodes.map((node) => inlineView(context, node));
}

function inlineView(context: Context, node: Inline): unknown {
  switch (node.kind) {
    case 'text':
      return node.text;
    case 'break':
      return html`<br>`;
    case 'bold':
      return html`<strong>${inlines(context, node.children)}</strong>`;
    case 'italic':
      return html`<em>${inlines(context, node.children)}</em>`;
    case 'underline':
      return html`<u>${inlines(context, node.children)}</u>`;
    case 'strike':
      return html`<s>${inlines(context, node.children)}</s>`;
    case 'spoiler':
      return html`<span class="spoiler" role="button" tabindex="0" aria-label="Spoiler, press to reveal"
        @click=${reveal} @keydown=${revealByKey}>${inlines(context, node.children)}</span>`;
    case 'code':
      return html`<code>${node.text}</code>`;
    case 'emoji':
      return `:${node.name}:`;
    case 'link':
      return html`<a href=${node.url} target="_blank" rel="noopener noreferrer">${inlines(context, node.children)}</a>`;
    case 'time':
      return html`<live-time class="timestamp" unix=${node.unix} code=${node.style}></live-time>`;
    default:
      return mentionView(context, node);
  }
}

type Mention = Extract<Inline, { kind: 'user' | 'role' | 'channel' | 'everyone' | 'command' }>;

function mentionView({ view, mentioned }: Context, node: Mention): TemplateResult {
  switch (node.kind) {
    case 'user': {
      const user = [...(view.state.local?.users ?? []), ...mentioned].find(({ id }) => id === node.id);
      const name = user ? displayName(known(view.state.local, user)) : 'unknown-user';
      const me = node.id === view.state.user;
      return html`<discord-mention type="user" class=${me ? 'me' : ''}>${name}</discord-mention>`;
    }
    case 'channel': {
      const channel = view.state.local?.channels.find(({ id }) => id === node.id);
      if (!channel) return html`<discord-mention type="channel">unknown</discord-mention>`;
      return html`<button class="mention-button" @click=${() => void view.session.openChannel(channel.id)}>#${channel.name}</button>`;
    }
    case 'role': {
      const role = view.state.local?.users
        .flatMap((user) => user.roles ?? [])
        .find(({ id }) => id === node.id);
      const colour = role && role.color > 0 ? cssColour(role.color) : '';
      return html`<discord-mention type="role" style=${colour ? `color:${colour}` : ''}>${role?.name ?? 'unknown-role'}</discord-mention>`;
    }
    case 'everyone':
      return html`<span class="mention-plain">${node.text}</span>`;
    case 'command':
      return html`<button class="mention-button" @click=${() => view.fillCommand(node.name)}>/${node.name}</button>`;
  }
}

function reveal(event: Event): void {
  const spoiler = event.currentTarget as HTMLElement;
  spoiler.classList.add('open');
  spoiler.removeAttribute('role');
  spoiler.removeAttribute('aria-label');
}

function revealByKey(event: KeyboardEvent): void {
  if (event.key === 'Enter' || event.key === ' ') reveal(event);
}
