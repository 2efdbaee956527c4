/** The message in a channel that shows an account's positions and is kept up to date: one per account and channel. */
export interface Board {
  id: number;
  account: string;
  channelId: string;
  /** Rises when it is wanted at the end of its channel. */
  turn: number;
  /** Taken down: its message says so, and isn't kept up to date any more. */
  down: boolean;
}

export interface Boards {
  /** Puts an account's board at the end of a channel, where it may stand already; its message is owed from then on. */
  placeBoard(account: string, channelId: string, now: Date): Promise<Board>;
  /** @returns false if there was none */
  takeDownBoard(account: string, channelId: string, now: Date): Promise<boolean>;
  board(id: number): Promise<Board | null>;
  /** Those of an account that somebody can see: not taken down, and not deleted as a message. */
  standingBoards(account: string): Promise<Board[]>;
}
