import type { Logger } from 'pino';
import { UserError } from '../../domain/errors.js';
import type { BotState } from '../../ports/bot-state.js';
import { type AccessRules, type Actor, isTrader, permission } from './access.js';

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
 * messages only traders and viewers who are named by their id are answered.
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

  /** @throws UserError `WRONG_SERVER`, `SERVER_NOT_KNOWN`, `NOT_A_VIEWER` */
  async assertAdmitted(actor: Actor): Promise<void> {
    const { access, named } = this.deps;
    if (actor.guildId === null) {
      if (permission(access, actor, 'look') === 'ok') return;
      throw new UserError('NOT_A_VIEWER', { where: 'direct-message' });
    }
    if (named === null && access.channelIds.length > 0) return;
    const home = named ?? (await this.#home());
    if (home === actor.guildId) return;
    if (home !== null) throw new UserError('WRONG_SERVER', {});
    if (!isTrader(access, actor)) throw new UserError('SERVER_NOT_KNOWN', {});
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
      throw new UserError('WRONG_SERVER', {});
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
