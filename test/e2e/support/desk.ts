import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type LocalDiscord, type LocalDiscordOptions, startLocalDiscord } from '@profit-target/local-discord';
import { LocalDiscordUser, type Message } from '@profit-target/local-discord/client';
import type { PaperBrokerOptions } from '@profit-target/paper-broker';
import { type PaperBroker, startPaperBroker } from '@profit-target/paper-broker';
import { PaperAdmin } from '@profit-target/paper-broker/client';
import { BotProcess } from './bot-process.js';

export interface DeskOptions {
  /** More or other settings for the bot. */
  settings?: Record<string, string>;
  paper?: PaperBrokerOptions;
  discord?: LocalDiscordOptions;
  /** The bot is started by the test itself. */
  startBot?: boolean;
}

/**
 * A whole trading desk for one test file: local Discord, paper broker, and the real bot between them as a process of
 * its own. The market stands still unless a test moves it.
 */
export class Desk {
  private constructor(
    readonly discord: LocalDiscord,
    readonly paper: PaperBroker,
    readonly admin: PaperAdmin,
    readonly bot: BotProcess,
    readonly trader: LocalDiscordUser,
    readonly viewer: LocalDiscordUser,
    readonly folder: string,
  ) {}

  static async open(options: DeskOptions = {}): Promise<Desk> {
    const folder = mkdtempSync(join(tmpdir(), 'desk-'));
    const paper = await startPaperBroker({ rateCeilings: false, ...options.paper });
    const admin = new PaperAdmin(paper.adminUrl);
    await admin.freeze();
    const discord = await startLocalDiscord({
      checkRequests: true,
      ...options.discord,
    });
    const bot = new BotProcess({
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_GUILD_ID: discord.guildId,
      TRADER_USER_IDS: discord.users.trader,
      VIEWER_USER_IDS: discord.users.viewer,
      BROKER: 'paper',
      TASTYTRADE_API_URL: paper.url,
      TASTYTRADE_STREAMER_URL: paper.streamerUrl,
      TASTYTRADE_CLIENT_SECRET: paper.clientSecret,
      TASTYTRADE_REFRESH_TOKEN: paper.refreshToken,
      TASTYTRADE_ACCOUNT: paper.accountNumber,
      DATABASE_URL: `sqlite:${join(folder, 'bot.sqlite')}`,
      LOG_LEVEL: 'debug',
      // Most tests are about words and orders, and a drawing for each of their previews would be their dearest part.
      PICTURES: 'off',
      ...options.settings,
    });
    const channel = discord.channelIds.trading;
    const trader = await LocalDiscordUser.join(discord.url, discord.users.trader, channel);
    const viewer = await LocalDiscordUser.join(discord.url, discord.users.viewer, channel);
    const desk = new Desk(discord, paper, admin, bot, trader, viewer, folder);
    if (options.startBot !== false) await desk.startBot();
    return desk;
  }

  /** Starts the bot (again) and waits until it answers. */
  async startBot(settings: Record<string, string> = {}): Promise<void> {
    this.bot.start(settings);
    await this.trader.waitForBot(true, 30_000);
    await this.trader.waitForCommand('targets', 30_000);
    // What follows tests behaviour with a live stream unless it says otherwise.
    await this.#streamLive();
  }

  async #streamLive(): Promise<void> {
    await until(async () =>
      (await this.admin.streamClients()).clients.some(({ accounts }) => accounts.length > 0),
    );
  }

  /** Runs a command as the trader and waits for its answer. */
  async ask(name: string, options: Record<string, string | number | boolean> = {}): Promise<Message> {
    return this.trader.answer(await this.trader.command(name, options), 30_000);
  }

  /** The id shown for the position whose heading contains these words. */
  async positionId(...words: string[]): Promise<string> {
    const choices = await this.choices(words.join(' '));
    const found = choices.find(({ name }) => words.every((word) => name.includes(word)));
    if (!found)
      throw new Error(`no position with ${words.join(' ')}: ${choices.map(({ name }) => name).join(', ')}`);
    return String(found.value);
  }

  /** Autocomplete answers from memory, which may still be filling just after a start. */
  async choices(typed: string): Promise<{ name: string; value: string | number }[]> {
    return until(async () => {
      const choices = await this.trader.autocomplete('targets', 'position', typed);
      return choices.length > 0 ? choices : null;
    });
  }

  async preview(position: string, options: Record<string, string | number | boolean> = {}): Promise<Message> {
    return this.ask('targets', { position, ...options });
  }

  /** The result message with the order ids, which mentions the trader. */
  async result(after: Message, timeoutMs = 30_000): Promise<Message> {
    // What a former test left may be told as lost meanwhile.
    const isLost = ({ embeds }: Message) => embeds.some(({ footer }) => footer?.text?.startsWith('lost '));
    return this.trader.waitForMessage(
      (message) => message.content.includes(`<@${this.trader.id}>`) && !isLost(message),
      { after, timeoutMs },
    );
  }

  async close(): Promise<void> {
    this.trader.leave();
    this.viewer.leave();
    await this.bot.stop();
    this.#assertNothingLeaked();
    const { requests } = await this.trader.log();
    await Promise.all([this.discord.close(), this.paper.close()]);
    rmSync(this.folder, { recursive: true, force: true });
    const refused = requests.filter((request) => request.refused?.code === 50035);
    if (refused.length > 0)
      throw new Error(`Discord's rules were broken: ${JSON.stringify(refused, null, 1).slice(0, 4000)}`);
  }

  /** Holds for every test: others read the channel, so no account number; others read logs, so no secret. */
  #assertNothingLeaked(): void {
    const { accountNumbers, clientSecret, refreshToken } = this.paper;
    const told = this.trader.events.map((event) => JSON.stringify(event)).join('\n');
    for (const number of accountNumbers) {
      if (told.includes(number)) throw new Error('a message shows the whole account number');
      if (this.bot.log.includes(number)) throw new Error('the log shows the whole account number');
    }
    for (const secret of [clientSecret, refreshToken, this.discord.token]) {
      if (this.bot.log.includes(secret) || told.includes(secret))
        throw new Error('a secret was told or logged');
    }
  }
}

/** Looks again and again until something truthy comes back; the deadline is generous, timing decides nothing. */
export async function until<T>(
  look: () => Promise<T | null | undefined | false>,
  timeoutMs = 30_000,
): Promise<T> {
  const deadline = Date.now() + timeoutMs;
  for (;;) {
    const found = await look();
    if (found) return found;
    if (Date.now() > deadline) throw new Error(`waited ${timeoutMs} ms for ${look}`);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}

/** What is left of a message to whoever has embeds switched off; no-break spaces as the spaces they look like. */
export function contentOf({ content }: Message): string {
  return content.replaceAll('\u00a0', ' ').replaceAll('\u2060', '');
}

/** Everything a person reads in a message, as one text, likewise. */
export function textOf({ content, embeds }: Message): string {
  const parts = embeds.flatMap(({ title, description, fields = [], footer }) => [
    title,
    description,
    ...fields.flatMap(({ name, value }) => [name, value]),
    footer?.text,
  ]);
  return [content, ...parts].filter(Boolean).join('\n').replaceAll('\u00a0', ' ').replaceAll('\u2060', '');
}

/** The labels of a message's buttons. */
export function buttonsOf({ components }: Message): string[] {
  return components.flatMap((row) => row.components ?? []).flatMap(({ label }) => label ?? []);
}
