/** The word that nothing is to be sent, until somebody takes it back. */
export interface Halt {
  /** Who said so: a Discord user's id, or the command line. */
  by: string;
  at: Date;
  /** In their own words; null if they gave none. */
  reason: string | null;
}

/** The one halt there can be, for every process on the database. A plan is claimed only while there is none. */
export interface Halts {
  currentHalt(): Promise<Halt | null>;
  /** The one that stood already stays. Returns the one that stands now. */
  halt(halt: Halt): Promise<Halt>;
  /** Lifts the halt of that instant; false where another one stands, or none. */
  liftHalt(at: Date, actor: string, now: Date): Promise<boolean>;
}
