import { formatTimestamp } from '../markdown/timestamp.js';

const SHOWN = new Set<LiveTime>();
let timer: number | undefined;

/** Redraws every relative time on the page once a second, and stops when there is none left. */
function schedule(): void {
  if (timer !== undefined || SHOWN.size === 0) return;
  timer = window.setInterval(() => {
    for (const element of SHOWN) element.draw();
    if (SHOWN.size > 0) return;
    window.clearInterval(timer);
    timer = undefined;
  }, 1_000);
}

/** `<live-time unix style-code>`: one of Discord's timestamps; a relative one keeps counting. */
export class LiveTime extends HTMLElement {
  static readonly observedAttributes = ['unix', 'code'];
  private readonly time = document.createElement('time');

  connectedCallback(): void {
    this.replaceChildren(this.time);
    this.draw();
    if (this.getAttribute('code') === 'R') SHOWN.add(this);
    schedule();
  }

  disconnectedCallback(): void {
    SHOWN.delete(this);
  }

  attributeChangedCallback(): void {
    if (this.isConnected) this.draw();
  }

  draw(): void {
    const unix = Number(this.getAttribute('unix'));
    const text = formatTimestamp(unix, this.getAttribute('code') ?? 'f', Date.now());
    if (this.time.textContent !== text) this.time.textContent = text;
    this.time.dateTime = new Date(unix * 1000).toISOString();
    this.title = formatTimestamp(unix, 'F', Date.now());
  }
}

customElements.define('live-time', LiveTime);
