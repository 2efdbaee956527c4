/**
 * Makes pictures of drawings. They only ever add to what is said in words: whoever asks has said it already, and goes on
 * without one.
 */
export interface Pictures {
  /**
   * A PNG of an SVG, twice as wide as that says. Drawn one after another, away from the event loop. Null once it is known
   * that this machine can draw none: whoever asked first was told why, and once is enough.
   * @throws Error if it can't be drawn, or not in time
   */
  draw(svg: string): Promise<Uint8Array | null>;
}
