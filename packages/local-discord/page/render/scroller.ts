/** Nearer to the end than this (pixels) counts as being there. */
const NEAR = 80;

/** What of the list's element decides where it stands. */
export interface Scrollable {
  scrollTop: number;
  readonly scrollHeight: number;
  readonly clientHeight: number;
}

/** Keeps the newest message in view while the reader is at the end, and stays put while they read above. */
export class Scroller {
  atEnd = true;
  private lastTop = 0;

  constructor(
    private readonly list: () => Scrollable | null,
    private readonly changed: () => void,
  ) {}

  /**
   * Only moving up leaves the end: a scroll event may come when the list has already grown again, and
   * growing must not look like reading above.
   */
  readonly onScroll = (): void => {
    const element = this.list();
    if (!element) return;
    const top = element.scrollTop;
    const movedUp = top < this.lastTop;
    this.lastTop = top;
    const isNear = element.scrollHeight - top - element.clientHeight < NEAR;
    const atEnd = isNear || (this.atEnd && !movedUp);
    // A list that gave way to one of the same height changed no size: this event is all that tells of it.
    if (atEnd && !isNear) this.follow();
    if (atEnd === this.atEnd) return;
    this.atEnd = atEnd;
    this.changed();
  };

  readonly jump = (): void => {
    this.atEnd = true;
    this.follow();
    this.changed();
  };

  /** The list has another height. */
  follow(): void {
    const element = this.list();
    if (!element || !this.atEnd) return;
    element.scrollTop = element.scrollHeight;
    // Where this went counts as the last place: a list that became shorter must not look like moving up.
    this.lastTop = element.scrollTop;
  }
}
