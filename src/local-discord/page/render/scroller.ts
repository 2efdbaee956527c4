/** Nearer to the end than this (pixels) counts as being there. */
const NEAR = 80;

/** Keeps the newest message in view while the reader is at the end, and stays put while they read above. */
export class Scroller {
  atEnd = true;
  private lastTop = 0;

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

  /**
   * Only moving up leaves the end: a scroll event may come when the list has already grown again, and
   * growing must not look like reading above.
   */
  readonly onScroll = (): void => {
    const element = this.element;
    if (!element) return;
    const top = element.scrollTop;
    const movedUp = top < this.lastTop;
    this.lastTop = top;
    const isNear = element.scrollHeight - top - element.clientHeight < NEAR;
    const atEnd = isNear || (this.atEnd && !movedUp);
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
