import type { Browser, BrowserContextOptions } from 'playwright-core';
import { type LocalDiscord, startLocalDiscord } from '../../../src/server.js';
import { buildPage } from './build-page.js';
import { launchChromium, type Visit, visit } from './chromium.js';
import { type ScriptedBot, startScriptedBot } from './scripted-bot.js';

const PANEL = { title: 'Paper market', url: '' };

/** The real server with the page as it is in the sources, a scripted bot on it, and a browser. */
export class Stage {
  private constructor(
    readonly discord: LocalDiscord,
    readonly bot: ScriptedBot,
    private readonly browser: Browser,
    private readonly removePage: () => void,
  ) {}

  static async set(): Promise<Stage> {
    const page = await buildPage();
    const panel = { ...PANEL };
    const discord = await startLocalDiscord({ pageDir: page.dir, panel, rateLimits: false });
    panel.url = `${discord.url}/page/favicon.svg`;
    const bot = await startScriptedBot(discord.apiUrl, discord.token, discord.guildId);
    return new Stage(discord, bot, await launchChromium(), page.remove);
  }

  async strike(): Promise<void> {
    await this.browser.close();
    await this.bot.stop();
    await this.discord.close();
    this.removePage();
  }

  /** A visitor of their own, looking as `who`. */
  visit(who: 'trader' | 'viewer' | 'admin' = 'trader', options: BrowserContextOptions = {}): Promise<Visit> {
    return visit(this.browser, `${this.discord.url}/?user=${who}`, options);
  }

  /** The bot writes into #trading of its own accord. */
  async botSays(message: Parameters<Extract<BotChannel, { send: unknown }>['send']>[0]) {
    const channel = await this.bot.client.channels.fetch(this.discord.channelId);
    if (!channel?.isSendable()) throw new Error('#trading cannot be written to');
    return channel.send(message);
  }

  post(path: string, body: object): Promise<Response> {
    return fetch(`${this.discord.url}${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify(body),
    });
  }
}

type BotChannel = NonNullable<Awaited<ReturnType<ScriptedBot['client']['channels']['fetch']>>>;
