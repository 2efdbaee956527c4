import { clamp } from './scale.js';
import { MARGIN, WIDTH, widthOf } from './svg.js';

export interface Placed {
  /** Where its middle is. */
  x: number;
  text: string;
}

const GAP = 6;

/** Labels of one row below an axis: those that would run into each other stand as one, `475/480`. */
export function spreadLabels(labels: readonly Placed[], joint: string, size: number): Placed[] {
  const groups: { xs: number[]; texts: string[] }[] = [];
  for (const { x, text } of labels.toSorted((a, b) => a.x - b.x)) {
    groups.push({ xs: [x], texts: [text] });
    let last = groups.at(-1);
    let before = groups.at(-2);
    while (last && before && collide(placedOf(before, joint, size), placedOf(last, joint, size), size)) {
      before.xs.push(...last.xs);
      before.texts.push(...last.texts);
      groups.pop();
      last = groups.at(-1);
      before = groups.at(-2);
    }
  }
  return groups.map((group) => placedOf(group, joint, size));
}

function placedOf({ xs, texts }: { xs: number[]; texts: string[] }, joint: string, size: number): Placed {
  const text = texts.join(joint);
  const middle = (Math.min(...xs) + Math.max(...xs)) / 2;
  const half = widthOf(text, size) / 2;
  return { text, x: clamp(middle, MARGIN + half, WIDTH - MARGIN - half) };
}

function collide(left: Placed, right: Placed, size: number): boolean {
  return right.x - left.x < (widthOf(left.text, size) + widthOf(right.text, size)) / 2 + GAP;
}
