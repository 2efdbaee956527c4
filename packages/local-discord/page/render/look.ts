import { DiscordEmbed } from '@skyra/discord-components-core/discord-embed.js';
import { DiscordEmbedDescription } from '@skyra/discord-components-core/discord-embed-description.js';
import { DiscordEmbedField } from '@skyra/discord-components-core/discord-embed-field.js';
import { DiscordEmbedFields } from '@skyra/discord-components-core/discord-embed-fields.js';
import { DiscordEmbedFooter } from '@skyra/discord-components-core/discord-embed-footer.js';
import { DiscordMention } from '@skyra/discord-components-core/discord-mention.js';
import { DiscordMessage } from '@skyra/discord-components-core/discord-message.js';
import { DiscordMessages } from '@skyra/discord-components-core/discord-messages.js';
import { DiscordReply } from '@skyra/discord-components-core/discord-reply.js';
import { type CSSResult, css, type LitElement } from 'lit';
import '@skyra/discord-components-core/discord-action-row.js';
import '@skyra/discord-components-core/discord-command.js';

/**
 * Registers the Discord web components and brings their inside up to Discord's present dark theme: they
 * keep their styles in shadow roots that the page's own style sheet cannot reach.
 */
function restyle(component: typeof LitElement, styles: CSSResult): void {
  component.elementStyles.push(styles);
}

restyle(
  DiscordMessages,
  css`
    :host {
      background: transparent;
      border: 0;
      font-family: inherit;
      line-height: 1.375;
    }
    ::slotted(*:not(:first-child)) {
      margin-top: var(--message-gap, 1rem);
    }
  `,
);

restyle(
  DiscordMessage,
  css`
    :host {
      color: var(--text);
      font-family: inherit;
      padding-right: 16px;
    }
    .discord-message-content {
      min-width: 0;
      padding-top: 0;
      line-height: 1.375;
    }
    .discord-author-avatar {
      margin-top: 2px;
    }
    .discord-author-avatar img {
      cursor: default;
    }
    .discord-message-body {
      word-break: normal;
      overflow-wrap: anywhere;
    }
    .discord-message-timestamp,
    .discord-message-edited {
      color: var(--muted);
    }
    .discord-message-body-only-indent {
      width: 56px;
      flex: none;
      align-self: flex-start;
      padding-top: 4px;
      font-size: 11px;
      white-space: nowrap;
      text-align: center;
    }
  `,
);

restyle(
  DiscordMention,
  css`
    :host {
      background-color: var(--mention-back);
      color: var(--mention);
    }
  `,
);

restyle(
  DiscordEmbed,
  css`
    :host {
      color: var(--text);
      line-height: 1.375;
      max-width: 520px;
    }
    :host .discord-left-border {
      background-color: var(--line);
    }
    :host .discord-embed-root {
      flex: 1;
    }
    :host .discord-embed-wrapper {
      background: var(--embed);
      border-color: var(--line);
      width: 100%;
    }
    :host .discord-embed-wrapper .discord-embed-grid {
      display: grid;
      grid-template-columns: minmax(0, 1fr) auto;
      padding: 4px 16px 14px 12px;
    }
  `,
);

restyle(
  DiscordEmbedDescription,
  css`
    :host {
      line-height: 1.375;
      overflow-wrap: anywhere;
    }
  `,
);

restyle(
  DiscordEmbedFields,
  css`
    :host {
      grid-template-columns: repeat(12, minmax(0, 1fr));
      grid-column: 1/-1;
    }
  `,
);

restyle(
  DiscordEmbedField,
  css`
    :host {
      grid-column: var(--column);
      line-height: 1.375;
      word-break: normal;
      overflow-wrap: anywhere;
    }
  `,
);

restyle(
  DiscordEmbedFooter,
  css`
    :host {
      color: var(--text);
    }
  `,
);

restyle(
  DiscordReply,
  css`
    :host {
      color: var(--muted);
      font-family: inherit;
    }
    .discord-replied-message-content {
      min-width: 0;
      overflow: hidden;
      text-overflow: ellipsis;
    }
  `,
);
