import { html, LitElement, nothing, type TemplateResult } from 'lit';
import { displayName } from '../state/people.js';
import type { User } from '../types.js';
import { avatarUrl } from './avatar.js';
import { icon } from './icons.js';

/** Who is looking at the page: a button with a menu of the people one can be. */
export class UserSwitcher extends LitElement {
  static override properties = {
    me: { attribute: false },
    users: { attribute: false },
    onSwitch: { attribute: false },
  };
  declare me: User | null;
  declare users: User[];
  declare onSwitch: (id: string) => void;
  private isOpen = false;

  constructor() {
    super();
    this.me = null;
    this.users = [];
    this.onSwitch = () => {};
  }

  protected override createRenderRoot(): HTMLElement {
    return this;
  }

  private toggle(open: boolean): void {
    this.isOpen = open;
    this.requestUpdate();
    const target = open ? '[aria-checked=true]' : '.user-button';
    void this.updateComplete.then(() => this.querySelector<HTMLElement>(target)?.focus());
  }

  private choose(user: User): void {
    this.toggle(false);
    if (user.id !== this.me?.id) this.onSwitch(user.id);
  }

  private onKey(event: KeyboardEvent): void {
    const items = [...this.querySelectorAll<HTMLElement>('[role=menuitemradio]')];
    const at = items.indexOf(document.activeElement as HTMLElement);
    if (event.key === 'Escape') this.toggle(false);
    else if (event.key === 'ArrowDown') items[(at + 1) % items.length]?.focus();
    else if (event.key === 'ArrowUp') items[(at - 1 + items.length) % items.length]?.focus();
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  private onLeave(event: FocusEvent): void {
    if (event.relatedTarget instanceof Node && this.contains(event.relatedTarget)) return;
    this.isOpen = false;
    this.requestUpdate();
  }

  protected override render(): TemplateResult {
    if (!this.me) return html``;
    return html`<div class="user-area" @focusout=${(e: FocusEvent) => this.onLeave(e)}>
      ${this.isOpen ? this.menuView() : nothing}
      <button class="user-button" aria-haspopup="menu" aria-expanded=${this.isOpen ? 'true' : 'false'}
        aria-label=${`You are ${displayName(this.me)} (${roleText(this.me)}). Switch user`}
        @click=${() => this.toggle(!this.isOpen)}>
        ${userBody(this.me)} ${icon('chevron')}
      </button>
    </div>`;
  }

  private menuView(): TemplateResult {
    return html`<div class="user-menu" role="menu" aria-label="Look at the channel as" @keydown=${(e: KeyboardEvent) => this.onKey(e)}>
      <div class="user-menu-title">Look at the channel as</div>
      ${this.users.map(
        (user) => html`<button role="menuitemradio" class="user-item"
          aria-checked=${user.id === this.me?.id ? 'true' : 'false'} @click=${() => this.choose(user)}>
          ${userBody(user)} ${user.id === this.me?.id ? icon('check') : nothing}
        </button>`,
      )}
    </div>`;
  }
}

function userBody(user: User): TemplateResult {
  return html`<img class="avatar" src=${avatarUrl(user)} alt="" width="32" height="32">
    <span class="user-names"><b>${displayName(user)}</b><small>${roleText(user)}</small></span>`;
}

function roleText(user: User): string {
  const roles = (user.roles ?? []).map(({ name }) => name).filter((name) => name !== '@everyone');
  return roles.join(', ') || user.label || 'member';
}

customElements.define('user-switcher', UserSwitcher);
