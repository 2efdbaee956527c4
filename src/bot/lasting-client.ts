import { Client, type ClientOptions } from 'discord.js';

/**
 * A client that survives a login that failed: discord.js tears itself down then, and one that was torn down never
 * becomes ready again. Here the next `login` may succeed.
 */
export class LastingClient extends Client {
  #loggingIn = false;
  /** Interactions whose acknowledgement may have been taken though no clear answer came, by id. */
  readonly unclear: Set<string>;

  constructor(options: ClientOptions, unclear: Set<string>) {
    super(options);
    this.unclear = unclear;
  }

  override async login(token?: string): Promise<string> {
    this.#loggingIn = true;
    try {
      return await super.login(token);
    } finally {
      this.#loggingIn = false;
    }
  }

  /** Ends it for good; left out while a login is under way, which calls this when it fails. */
  override async destroy(): Promise<void> {
    if (!this.#loggingIn) await super.destroy();
  }

  /** Ends it for good, whatever is under way. */
  async end(): Promise<void> {
    await super.destroy();
  }
}
