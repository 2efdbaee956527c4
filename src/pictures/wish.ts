/** What the drawing process needs once. */
export interface Tools {
  fontFiles: string[];
  /** The one family in these files. */
  family: string;
  /** Pixels per unit of the drawing. */
  scale: number;
}

/** One drawing wanted. */
export interface Wish {
  id: number;
  svg: string;
}

/** The answer to a wish; `unable` says why not this nor any other drawing will ever be made here. */
export type Drawn =
  | { id: number; png: Uint8Array }
  | { id: number; failure: string }
  | { id: number; unable: string };
