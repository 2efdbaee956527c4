/** Nearer to the end than this (pixels) counts as being there. */
const NEAR = 80;

/** Keeps the newest message in view while the reader is at the end, and stays put while they read above. */
export class Scroller {
  atEnd = true;

  constructor(private readonly changed: () => void) {
    const observer = new ResizeObserver(() => this.follow());
    const attach = (): void => {
      const content = document.querySelector('.scroller-content');
      if (!content) return void requestAnimationFrame(attach);
      observer.observe(content);
      if (this.element) observer.observe(this.element);
    };
    requestAnimationFrame(attach);
  }

  private get element(): Element | null {
    return document.querySelector('.scroller');
  }

  readonly onScroll = (): void => {
    const element = this.element;
    if (!element) return;
    const atEnd = element.scrollHeight - element.scrollTop - element.clientHeight < NEAR;
    if (atEnd === this.atEnd) return;
    this.atEnd = atEnd;
    this.changed();
  };

  readonly jump = (): void => {
    this.atEnd = true;
    this.follow();
    this.changed();
  };

  private follow(): void {
    const element = this.element;
    if (element && this.atEnd) element.scrollTop = element.scrollHeight;
  }
}
