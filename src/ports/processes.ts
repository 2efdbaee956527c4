/** Those that share a database: who holds something by a lease, and whether it is still there. */
export interface Processes {
  /** This one, as leases name it; a restart has another name. */
  readonly self: string;
  /**
   * Frees at once what processes held that are gone, instead of waiting for their leases to end.
   * @returns plans one of them was at which surely sends nothing any more
   */
  inherit(now: Date): Promise<string[]>;
}
