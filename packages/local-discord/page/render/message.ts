import { html, nothing, type TemplateResult } from 'lit';
import { plainText } from '../markdown/parse.js';
import { formatMessageTime, formatTimestamp } from '../markdown/timestamp.js';
import { displayName, known, roleColour } from '../state/people.js';
import { isEphemeral, NO_RESPONSE } from '../state/reduce.js';
import type { Pending } from '../state/store.js';
import type { Embed, Message } from '../types.js';
import { attachmentsView } from './attachments.js';
import { avatarUrl } from './avatar.js';
import { componentsView } from './components.js';
import type { View } from './context.js';
import { embedView } from './embed.js';
import { icon } from './icons.js';
import { markdown } from './markdown.js';

/** A message's flag: its embeds are not shown. */
const SUPPRESS_EMBEDS = 1 << 2;

/** A message; `grouped` leaves out picture and name because the one above is by the same author. */
export function messageView(view: View, message: Message, grouped: boolean): TemplateResult {
  const author = known(view.state.local, message.author);
  const ephemeral = isEphemeral(message);
  const time = grouped
    ? formatTimestamp(new Date(message.timestamp).getTime() / 1000, 't', view.nowMs)
    : formatMessageTime(message.timestamp, view.nowMs);
  return html`<discord-message
    role="article"
    aria-label=${`${displayName(author)}, ${formatMessageTime(message.timestamp, view.nowMs)}`}
    class="message ${grouped ? 'grouped' : ''} ${ephemeral ? 'ephemeral' : ''} ${mentionsMe(view, message) ? 'mentions-me' : ''}"
    data-id=${message.id}
    .author=${displayName(author)}
    .avatar=${avatarUrl(author)}
    .bot=${author.bot ?? false}
    .roleColor=${roleColour(author) ?? 'var(--bright)'}
    .timestamp=${time}
    .edited=${false}
    ?message-body-only=${grouped}
  >
    ${headerLine(view, message)}
    ${message.content ? markdown(view, message.content, message.mentions) : nothing}
    ${message.edited_timestamp && !message.loading ? html`<span class="edited">(edited)</span>` : nothing}
    ${stateLine(message)}
    <div slot="attachments">${attachmentsView(message)}</div>
    ${embedsOf(view, message).map((embed) => embedView(view, message, embed))}
    <div slot="components" class="components">
      ${componentsView(view, message)} ${failures(view, message)}
      ${ephemeral ? privateLine(() => view.session.dismiss(message.id)) : nothing}
    </div>
  </discord-message>`;
}

/** None where the reader, or the message itself, wants none. */
function embedsOf({ state }: View, { embeds = [], flags = 0 }: Message): Embed[] {
  return state.embedsShown && (flags & SUPPRESS_EMBEDS) === 0 ? embeds : [];
}

function mentionsMe(view: View, message: Message): boolean {
  return (message.mentions ?? []).some(({ id }) => id === view.state.user);
}

/** What stands above a message: who used which command, or which message it answers. */
function headerLine(view: View, message: Message): TemplateResult | typeof nothing {
  const used = message.interaction ?? message.interaction_metadata;
  if (used?.user && used.type === 2) {
    const user = known(view.state.local, used.user);
    const name = used.name ?? message.interaction_metadata?.name ?? view.state.commandNames.get(used.id);
    return html`<discord-command slot="reply" .author=${displayName(user)} .avatar=${avatarUrl(user)}
      .roleColor=${roleColour(user)} .command=${name ?? 'a command'}></discord-command>`;
  }
  const replied = message.referenced_message;
  if (replied) {
    const author = known(view.state.local, replied.author);
    return html`<discord-reply slot="reply" .author=${displayName(author)} .avatar=${avatarUrl(author)}
      .bot=${author.bot ?? false} .roleColor=${roleColour(author)}>${summary(replied)}</discord-reply>`;
  }
  return message.message_reference?.message_id && replied === null
    ? html`<discord-reply slot="reply" deleted></discord-reply>`
    : nothing;
}

function summary(message: Message): string {
  const text = message.content || message.embeds?.[0]?.title || message.embeds?.[0]?.description;
  const names = new Map(message.mentions?.map((user) => [user.id, displayName(user)]));
  return text ? plainText(text, names).slice(0, 120) : 'See the message';
}

function stateLine(message: Message): TemplateResult | typeof nothing {
  if (message.loading) {
    return html`<span class="thinking" role="status"><i></i><i></i><i></i> ${displayName(message.author)} is thinking…</span>`;
  }
  return message.failed ? failureLine(NO_RESPONSE) : nothing;
}

function failureLine(reason: string): TemplateResult {
  return html`<span class="failure" role="alert">${icon('warn')} ${reason}</span>`;
}

/** Presses on this message's components that came to nothing. */
function failures(view: View, message: Message): TemplateResult[] {
  return [...view.state.pending.values()]
    .filter((pending) => pending.state === 'failed' && pending.messageId === message.id)
    .map((pending) => html`<div>${failureLine(pending.error)}</div>`);
}

function privateLine(dismiss: () => void): TemplateResult {
  return html`<div class="private">${icon('eye')} Only you can see this •
    <button class="text-button" @click=${dismiss}>Dismiss message</button></div>`;
}

/** A command that is on its way, or got no answer: only its user sees this line, and nobody after a reload. */
export function pendingView(view: View, pending: Pending): TemplateResult {
  const me = view.state.local?.me;
  if (!me) return html``;
  const failed = pending.state === 'failed';
  const bot = view.state.local?.users.find(({ id }) => id === pending.bot) ?? me;
  return html`<discord-message class="message pending ${failed ? 'ephemeral' : ''}"
    .author=${displayName(bot)} .avatar=${avatarUrl(bot)} .bot=${true} .roleColor=${'var(--bright)'}
    .timestamp=${formatMessageTime(new Date(pending.startedAt).toISOString(), view.nowMs)}>
    <discord-command slot="reply" .author=${displayName(me)} .avatar=${avatarUrl(me)} .roleColor=${roleColour(me)}
      .command=${pending.name}></discord-command>
    ${failed ? failureLine(pending.error) : html`<span class="thinking" role="status"><i></i><i></i><i></i> Sending command…</span>`}
    <div slot="components" class="components">
      ${failed ? privateLine(() => view.session.dismissPending(pending.nonce)) : nothing}
    </div>
  </discord-message>`;
}
