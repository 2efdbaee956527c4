import type { Logger } from 'pino';
import { UserError } from '../../domain/errors.js';
import type { BotState } from '../../ports/bot-state.js';
import { type AccessRules, type Actor, mayTrade } from './access.js';

export interface HomeDeps {
  state: BotState;
  access: AccessRules;
  /** The server that the settings name; null if they name none. */
  named: string | null;
  log: Logger;
}

/**
 * Which server may ask at all: a bot can be invited to any, and whoever is there could read the account. The one that
 * is named; else the first one whose trader asked, for good; where channels are named, these say it all. In direct
 * messages only named traders are answered.
 */
export class HomeServer {
  #remembered: Promise<string | null> | null = null;
  #known: string | null;

  constructor(private readonly deps: HomeDeps) {
    this.#known = deps.named;
  }

  /** The server as far as known; null while there is none. */
  get known(): string | null {
    return this.#known;
  }

  /** @throws UserError `WRONG_SERVER`, `SERVER_NOT_KNOWN`, `NOT_A_TRADER` */
  async assertAdmitted(actor: Actor): Promise<void> {
    const { access, named } = this.deps;
    const trader = mayTrade(access, actor);
    if (actor.guildId === null) {
      if (!trader) throw refusal('NOT_A_TRADER', 'In direct messages I answer named traders only.');
      return;
    }
    if (named === null && access.channelIds.length > 0) return;
    const home = named ?? (await this.#home());
    if (home === actor.guildId) return;
    if (home !== null) throw refusal('WRONG_SERVER', 'I belong to another server and tell nothing here.');
    const nobodyNamed = access.traderUserIds.length + access.traderRoleIds.length === 0;
    if (!trader && !nobodyNamed) {
      throw refusal(
        'SERVER_NOT_KNOWN',
        'I don’t know yet which server I belong to.',
        'The first one where a trader asks me something is it; DISCORD_GUILD_ID names one for good.',
      );
    }
    await this.#settle(actor.guildId);
  }

  /** Read once; a failed read is tried again by the next to ask. */
  async #home(): Promise<string | null> {
    if (this.#known !== null) return this.#known;
    this.#remembered ??= this.deps.state.recall('home-server').finally(() => {
      this.#remembered = null;
    });
    this.#known = await this.#remembered;
    return this.#known;
  }

  async #settle(guildId: string): Promise<void> {
    const { state, log } = this.deps;
    // Two at the same moment: the first one in this process has it.
    if (this.#known !== null && this.#known !== guildId) {
      throw refusal('WRONG_SERVER', 'I belong to another server and tell nothing here.');
    }
    this.#known = guildId;
    try {
      await state.remember('home-server', guildId);
    } catch (error) {
      this.#known = null;
      throw error;
    }
    log.warn(
      { guild: guildId },
      'DISCORD_GUILD_ID and CHANNEL_IDS are empty: from now on only this server is answered, the first where somebody asked',
    );
  }
}

function refusal(code: string, what: string, hint?: string): UserError {
  return new UserError(
    code,
    `${what} Nothing was sent.`,
    hint ?? 'Whoever runs me can name your server in DISCORD_GUILD_ID.',
  );
}
