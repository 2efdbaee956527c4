import { type Client, Events } from 'discord.js';
import type { Logger } from 'pino';
import type { Command } from '../commands/command.js';
import { loginFailure, registrationFailure } from './connect-failure.js';
import type { Dispatcher } from './dispatcher.js';
import { onFatalClose } from './gateway-health.js';
import { registerCommands } from './register.js';

const READY_TIMEOUT_MS = 60_000;
const DESTROY_TIMEOUT_MS = 3_000;

/** The Discord side of the process: connects, registers the commands, and hands interactions over. */
export class Bot {
  #stopping = false;
  #serve: (dispatcher: Dispatcher) => void = () => {};
  readonly #dispatcher = new Promise<Dispatcher>((resolve) => {
    this.#serve = resolve;
  });

  constructor(
    private readonly client: Client,
    private readonly commands: readonly Command[],
    private readonly guildId: string | null,
    private readonly log: Logger,
  ) {}

  /**
   * Resolves when Discord sends interactions; those that come before `serve` wait for it.
   * @param onFatal called once Discord has closed the connection for good
   * @throws UserError `DISCORD_TOKEN_REFUSED`, `DISCORD_UNREACHABLE`, `DISCORD_GUILD_REFUSED`
   */
  async connect(token: string, onFatal: (reason: string) => void): Promise<void> {
    const { client, log } = this;
    // Without an `error` listener a rejecting handler would end the process.
    client.on(Events.Error, (error) => log.error({ err: error }, 'discord client error'));
    client.on(Events.Warn, (message) => log.warn(message));
    client.on(Events.ShardReconnecting, () => {
      // Also emitted, misleadingly, while we hang up ourselves.
      if (!this.#stopping) log.warn('gateway connection lost, reconnecting');
    });
    client.on(Events.ShardResume, () => log.info('gateway connection resumed'));
    client.on(Events.InteractionCreate, async (interaction) =>
      (await this.#dispatcher).dispatch(interaction),
    );
    onFatalClose(client, onFatal);
    const ready = new Promise<Client<true>>((resolve) => client.once(Events.ClientReady, resolve));
    await client.login(token).catch((error: unknown) => {
      throw loginFailure(error);
    });
    const readyClient = await withTimeout(ready, READY_TIMEOUT_MS, 'Discord did not become ready in time');
    await registerCommands(readyClient, this.commands, this.guildId).catch((error: unknown) => {
      throw registrationFailure(error);
    });
    log.info({ user: readyClient.user.tag, guilds: readyClient.guilds.cache.size }, 'connected to Discord');
  }

  serve(dispatcher: Dispatcher): void {
    this.#serve(dispatcher);
  }

  /** Before the client is ready, `destroy` may never settle; the process is on its way out all the same. */
  async stop(): Promise<void> {
    this.#stopping = true;
    await withTimeout(this.client.destroy(), DESTROY_TIMEOUT_MS, 'Discord did not let go in time').catch(
      (error: unknown) => this.log.warn({ err: error }, 'disconnecting'),
    );
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
