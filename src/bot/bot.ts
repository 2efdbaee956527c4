import { type Client, DiscordjsError, DiscordjsErrorCodes, Events, Routes } from 'discord.js';
import type { Logger } from 'pino';
import type { Command } from '../commands/command.js';
import type { Clock } from '../ports/clock.js';
import { finalLoginFailure, finalRegistrationFailure } from './connect-failure.js';
import type { Dispatcher } from './dispatcher.js';
import { onFatalClose } from './gateway-health.js';
import type { LastingClient } from './lasting-client.js';
import { persevere } from './perseverance.js';
import { registerCommands } from './register.js';

const DESTROY_TIMEOUT_MS = 3_000;
/** Commands wait so long for the broker to tell which accounts there are. */
const ACCOUNTS_PATIENCE_MS = 3_000;

/** The Discord side of the process: connects, registers the commands, and hands interactions over. */
export class Bot {
  readonly #stopping = new AbortController();
  #serve: (dispatcher: Dispatcher) => void = () => {};
  readonly #dispatcher = new Promise<Dispatcher>((resolve) => {
    this.#serve = resolve;
  });

  #severalAccounts = false;
  #told: () => void = () => {};
  readonly #accountsTold = new Promise<void>((resolve) => {
    this.#told = resolve;
  });
  /** As Discord knows the commands; null while it doesn't. */
  #registered: boolean | null = null;
  #register: () => Promise<void> = async () => {};

  constructor(
    private readonly client: LastingClient,
    private readonly commands: readonly Command[],
    private readonly guildId: string | null,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /**
   * Resolves when Discord sends interactions and knows the commands, however long that takes; interactions that come
   * before `serve` wait for it.
   * @param onFatal called once Discord has closed the connection for good
   * @throws UserError `DISCORD_TOKEN_REFUSED`, `DISCORD_GATEWAY_REFUSED`, `DISCORD_GUILD_REFUSED`,
   *   `DISCORD_COMMANDS_REFUSED`: an answer that won't get better
   */
  async connect(token: string, onFatal: (reason: string) => void): Promise<void> {
    const { client, log, clock } = this;
    const { signal } = this.#stopping;
    // Without an `error` listener a rejecting handler would end the process.
    client.on(Events.Error, (error) => log.error({ err: error }, 'discord client error'));
    client.on(Events.Warn, (message) => log.warn(message));
    client.on(Events.ShardReconnecting, () => {
      // Also emitted, misleadingly, while we hang up ourselves.
      if (!signal.aborted) log.warn('gateway connection lost, reconnecting');
    });
    client.on(Events.ShardResume, () => log.info('gateway connection resumed'));
    client.on(Events.InteractionCreate, async (interaction) =>
      (await this.#dispatcher).dispatch(interaction),
    );
    client.on(Events.GuildCreate, ({ id }) => this.#invitedAgain(id));
    onFatalClose(client, onFatal);
    const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
    const persevering = { clock, log, signal };
    await persevere('connecting to Discord', () => this.#login(token), finalLoginFailure, persevering);
    const readyClient = await ready;
    log.info({ user: readyClient.user.tag, guilds: readyClient.guilds.cache.size }, 'connected to Discord');
    await Promise.race([this.#accountsTold, clock.sleep(ACCOUNTS_PATIENCE_MS, signal).catch(() => {})]);
    const register = async () => {
      const several = this.#severalAccounts;
      await registerCommands(readyClient, this.commands, this.guildId, several);
      this.#registered = several;
    };
    this.#register = () =>
      persevere('registering the commands', register, finalRegistrationFailure, persevering);
    await this.#register();
    await this.#registerAgain();
  }

  /** Whether commands can be asked for one of several accounts. Without this word they are registered as for one. */
  tellAccounts(several: boolean): void {
    this.#severalAccounts = several;
    this.#told();
    this.#registerAgain().catch((error: unknown) =>
      this.log.error({ err: error }, 'could not register the commands again'),
    );
  }

  /** Whoever is kicked out of a server loses the commands that were registered in it. */
  #invitedAgain(guildId: string): void {
    if (guildId !== this.guildId || this.#registered === null) return;
    this.log.info({ guild: guildId }, 'invited to the server again: its commands are registered anew');
    this.#register().catch((error: unknown) =>
      this.log.error({ err: error }, 'could not register the commands again'),
    );
  }

  async #registerAgain(): Promise<void> {
    if (this.#registered !== null && this.#registered !== this.#severalAccounts) await this.#register();
  }

  serve(dispatcher: Dispatcher): void {
    this.#serve(dispatcher);
  }

  /** Before the client is ready, `end` may never settle; the process is on its way out all the same. */
  async stop(): Promise<void> {
    this.#stopping.abort(new Error('the bot is being stopped'));
    await withTimeout(this.client.end(), DESTROY_TIMEOUT_MS, 'still connected').catch((error: unknown) =>
      this.log.warn({ err: error }, 'disconnecting'),
    );
  }

  /** discord.js takes any 401 for Discord's own, also a proxy's: what it is, the answer itself tells. */
  async #login(token: string): Promise<void> {
    try {
      await this.client.login(token);
    } catch (error) {
      if (!(error instanceof DiscordjsError && error.code === DiscordjsErrorCodes.TokenInvalid)) throw error;
      this.client.rest.setToken(token);
      await this.client.rest.get(Routes.gatewayBot());
      throw new Error('the token was refused, and taken a moment later', { cause: error });
    }
  }
}

async function withTimeout<T>(work: Promise<T>, ms: number, message: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(message)), ms);
  });
  try {
    return await Promise.race([work, late]);
  } finally {
    clearTimeout(timer);
  }
}
