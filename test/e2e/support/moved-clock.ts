import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { Desk } from './desk.js';

const SHIFT = pathToFileURL('test/e2e/support/shift-clock.mjs').href;

/** The clock of a desk's bot, which a test moves. */
export class MovedClock {
  readonly #file: string;

  constructor(private readonly desk: Desk) {
    this.#file = join(desk.folder, 'clock');
  }

  /** Stops the bot if it runs and starts it at another moment. */
  async startAt(at: string): Promise<void> {
    await this.desk.bot.stop();
    await this.desk.trader.waitForBot(false);
    writeFileSync(this.#file, at);
    await this.desk.startBot({ NODE_OPTIONS: `--import=${SHIFT}`, CLOCK_FILE: this.#file });
  }

  /** Lets the running bot wake at a later moment, as after a machine's sleep. */
  jumpTo(at: string): void {
    writeFileSync(this.#file, at);
    this.desk.bot.signal('SIGUSR2');
  }
}
