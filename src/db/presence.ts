/** How processes on one database know of each other who is still there. */
export interface Presence {
  /** This process; a restart has another name. */
  readonly self: string;
  /** Whether one that is gone can do nothing any more. Over a network it may only have lost its connection. */
  readonly sure: boolean;
  /** Of these others, those that are gone. Who can't be judged counts as there: its leases end by themselves. */
  gone(others: readonly string[]): Promise<string[]>;
  /** From here on this process counts as gone. Never throws. */
  leave(): Promise<void>;
}
