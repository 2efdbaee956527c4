import pg from 'pg';

/** The driver's words when a statement had no answer within `query_timeout`. */
const NO_ANSWER = 'Query read timeout';

/**
 * A connection that ends with the first statement that had no answer in time. The driver alone would give it back to the
 * pool, where its transaction stays open, and whoever gets it next waits behind what hangs.
 */
export class PatientClient extends pg.Client {
  // biome-ignore lint/suspicious/noExplicitAny: the driver's own method has a dozen forms
  override query(...args: any[]): any {
    const answer = super.query(...(args as Parameters<pg.Client['query']>)) as unknown;
    if (answer instanceof Promise) answer.catch((error: unknown) => this.#endIfUnheard(error));
    return answer;
  }

  #endIfUnheard(error: unknown): void {
    if (!(error instanceof Error) || error.message !== NO_ANSWER) return;
    const { connection } = this as unknown as { connection: { stream: { destroy(): void } } };
    connection.stream.destroy();
  }
}
