import { html, type TemplateResult } from 'lit';
import { botName } from '../state/people.js';
import type { View } from './context.js';
import { icon } from './icons.js';

const EXAMPLES = [
  { label: 'positions', about: 'what the account holds, grouped into strategies' },
  { label: 'targets', about: 'preview profit targets, then submit them with a button' },
  { label: 'help', about: 'everything the bot can do' },
];

/** What a first-time visitor reads: what to type, and three examples that fill the message box. */
export function welcomeView(view: View): TemplateResult {
  const bot = view.state.local?.bots[0];
  const name = botName(view.state.local, bot?.id) || 'The bot';
  return html`<aside class="welcome" aria-label="Getting started">
    <button class="icon-button welcome-close" aria-label="Close this card" title="Close" @click=${() => view.interactions.welcomeUsed()}>
      ${icon('close')}
    </button>
    <h2>Type <kbd>/targets</kbd> and press <kbd>Enter</kbd></h2>
    <p>
      Pick a position from the list and press <kbd>Enter</kbd> again: ${name} shows its profit
      targets, and nothing is sent before you press <b>Submit</b>.
      ${view.state.local?.panel ? 'This is a local Discord with a paper market: no real account is touched.' : ''}
    </p>
    <ul>
      ${EXAMPLES.map(
        ({ label, about }) => html`<li>
          <button class="example" @click=${() => view.fillCommand(label)}>
            <b>/${label}</b> <span>${about}</span>
          </button>
        </li>`,
      )}
    </ul>
    ${bot && !bot.online ? html`<p class="hint">${name} is offline at the moment; commands work once it is back.</p>` : ''}
  </aside>`;
}
