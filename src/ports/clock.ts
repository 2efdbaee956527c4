/** The only source of time in services. Instants are UTC. */
export interface Clock {
  now(): Date;
  /** Milliseconds since some moment, on a clock that nobody sets. May stand still while the machine sleeps. */
  steady(): number;
  /** Resolves after `ms`, or rejects with the signal's reason. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>;
}
