import { describe, expect, it } from 'vitest';
import { Scroller } from '../../../page/render/scroller.js';

/** A list 700 pixels high that keeps its position inside its content, as a browser does at each layout. */
class List {
  clientHeight = 700;
  scrollHeight = 700;
  private top = 0;
  readonly scroller = new Scroller(
    () => this,
    () => {},
  );

  get scrollTop(): number {
    return Math.max(0, Math.min(this.top, this.scrollHeight - this.clientHeight));
  }

  set scrollTop(wanted: number) {
    this.top = wanted;
  }

  layOut(height: number): void {
    this.scrollHeight = height;
    this.top = this.scrollTop;
  }

  /** The browser's order within a frame: scroll events first, then what observes sizes. */
  frame(): void {
    this.scroller.onScroll();
    this.scroller.follow();
  }
}

describe('the message list', () => {
  it('goes to the end of another list that replaces the old one between two frames', () => {
    const list = new List();
    list.layOut(9_000);
    list.frame();
    list.frame();
    expect(list.scrollTop).toBe(8_300);
    // Another person: the old list goes and the new one comes, not laid out to its height yet.
    list.layOut(700);
    list.layOut(760);
    list.scroller.jump();
    list.layOut(8_000);
    list.frame();
    expect([list.scroller.atEnd, list.scrollTop]).toEqual([true, 7_300]);
  });

  it('goes there too if the other list is as high as the old one, which no size observer notices', () => {
    const list = new List();
    list.layOut(9_000);
    list.frame();
    list.frame();
    list.layOut(700);
    list.layOut(760);
    list.scroller.jump();
    list.layOut(9_000);
    list.scroller.onScroll();
    expect([list.scroller.atEnd, list.scrollTop]).toEqual([true, 8_300]);
  });

  it('stays where a reader went, however the list grows', () => {
    const list = new List();
    list.layOut(9_000);
    list.frame();
    list.frame();
    list.scrollTop = 4_000;
    list.frame();
    list.layOut(9_500);
    list.frame();
    expect([list.scroller.atEnd, list.scrollTop]).toEqual([false, 4_000]);
  });
});
