import type { Logger } from 'pino';
import type { Clock } from '../ports/clock.js';

/** An edit that takes longer than this is given up once there is something newer to show. */
const PATIENCE_MS = 1_500;
/** By then an edit that was given up, and that Discord took all the same, has taken effect. */
export const ECHO_MS = 10_000;

/** Rewrites the line; may be given up by the signal, and may take effect even then. */
export type Edit = (content: string, signal: AbortSignal) => Promise<void>;

/**
 * The line above a preview under submission. Only the newest text matters: edits never queue up behind each other, a
 * slow one doesn't hold up the next, and one that fails never stands in an order's way.
 */
export class ProgressLine {
  #wanted: string | null = null;
  #running: Promise<void> | null = null;
  #given: { up: AbortController; since: number } | null = null;
  /** An edit was given up, and its text may still take a newer one's place. */
  #doubtful = false;
  #behind = true;

  constructor(
    private readonly edit: Edit,
    private readonly deps: { clock: Clock; log: Logger },
  ) {}

  /** Whether the newest text is shown, may be or become an older one within `ECHO_MS`, or is not. */
  get standing(): 'current' | 'doubtful' | 'behind' {
    if (this.#doubtful) return 'doubtful';
    return this.#behind ? 'behind' : 'current';
  }

  show(text: string): void {
    this.#wanted = text;
    if (this.#running) this.#hurry();
    else this.#running = this.#run();
  }

  /** Resolves once the newest text is shown, or couldn't be. */
  async settled(): Promise<void> {
    while (this.#running) await this.#running;
  }

  async #run(): Promise<void> {
    while (this.#wanted !== null) {
      const content = this.#wanted;
      this.#wanted = null;
      await this.#show(content);
    }
    // In the same breath as the last look at `#wanted`: a text that comes now must start a run of its own.
    this.#running = null;
  }

  async #show(content: string): Promise<void> {
    const { clock, log } = this.deps;
    const up = new AbortController();
    this.#given = { up, since: clock.now().getTime() };
    try {
      await this.edit(content, up.signal);
      this.#behind = false;
    } catch (error) {
      this.#behind = true;
      if (up.signal.aborted) this.#doubtful = true;
      else log.warn({ err: error }, 'could not show progress');
    } finally {
      this.#given = null;
    }
  }

  /** Something newer waits: the edit under way gets what is left of its time. */
  #hurry(): void {
    const given = this.#given;
    if (!given) return;
    const left = PATIENCE_MS - (this.deps.clock.now().getTime() - given.since);
    setTimeout(() => given.up.abort(), Math.max(0, left)).unref();
  }
}
