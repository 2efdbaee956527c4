import { createHash } from 'node:crypto';
import { type Client, type RESTPostAPIChannelMessageJSONBody, Routes } from 'discord.js';
import type { Logger } from 'pino';
import { reportViews } from '../commands/views/report.js';
import type { View } from '../commands/views/view.js';
import type { Announcer } from '../services/ports/announcer.js';
import type { Plan } from '../services/ports/store.js';
import type { Report } from '../services/report.js';
import type { Environment } from '../settings/settings.js';
import { within } from './within.js';

/** A trader who doesn't see the ids within this time is told them directly meanwhile. */
const CHANNEL_PATIENCE_MS = 4_000;
const DIRECT_PATIENCE_MS = 8_000;
const SNOWFLAKE = /^\d{17,20}$/;

/**
 * Posts results into the plan's channel with the trader's mention; where the bot may not write there, or the channel
 * lets it wait, by direct message. Works without any interaction, so also hours later or after a restart. A posted result is
 * referred to as `channel/message`, pages joined by commas.
 */
export class DiscordAnnouncer implements Announcer {
  constructor(
    private readonly client: Client,
    private readonly token: string,
    private readonly environment: Environment,
    private readonly log: Logger,
  ) {}

  /** Plans of the command line too: what its process couldn't tell is at least logged here. */
  reaches(): boolean {
    return true;
  }

  async post(plan: Plan, report: Report): Promise<string | null> {
    if (!this.#onDiscord(plan, report)) return plan.channelId;
    const references: string[] = [];
    for (const [page, view] of reportViews(report, this.environment).entries()) {
      const message = { ...body(view, plan.userId), nonce: nonceOf(report, page), enforce_nonce: true };
      const reference = await this.#send(plan, message);
      if (!reference) return null;
      references.push(reference);
    }
    return references.join(',');
  }

  async update(plan: Plan, posted: string, report: Report): Promise<void> {
    if (!this.#onDiscord(plan, report)) return;
    const views = reportViews(report, this.environment);
    for (const [page, reference] of posted.split(',').entries()) {
      const view = views[page];
      const [channelId = '', messageId = ''] = reference.split('/');
      if (!view) continue;
      try {
        await this.client.rest.patch(Routes.channelMessage(channelId, messageId), {
          body: { ...body(view, plan.userId), content: placed(plan, channelId, view.content) },
        });
      } catch (error) {
        this.log.warn({ err: error, planId: plan.id }, 'could not update a result message');
      }
    }
  }

  /** Discord counts requests that make no sense, and shuts out who sends many. */
  #onDiscord(plan: Plan, report: Report): boolean {
    if (SNOWFLAKE.test(plan.channelId)) return true;
    this.log.info({ planId: plan.id, report }, 'result of a plan that was not made on Discord');
    return false;
  }

  /** In the channel, or where that is refused by direct message. */
  async #send(plan: Plan, message: RESTPostAPIChannelMessageJSONBody): Promise<string | null> {
    try {
      // Late, it comes all the same; its nonce keeps whoever tries again from making a second one.
      return await within(CHANNEL_PATIENCE_MS, this.#post(plan.channelId, message));
    } catch (error) {
      this.log.warn(
        { err: error, planId: plan.id, channel: plan.channelId },
        'channel took no result message',
      );
    }
    try {
      return await within(DIRECT_PATIENCE_MS, this.#direct(plan, message));
    } catch (error) {
      this.log.error({ err: error, planId: plan.id }, 'could not tell the trader a result');
      return null;
    }
  }

  async #direct(plan: Plan, message: RESTPostAPIChannelMessageJSONBody): Promise<string> {
    const { id } = await this.client.users.createDM(plan.userId);
    return this.#post(id, { ...message, content: placed(plan, id, message.content ?? '') });
  }

  async #post(channelId: string, message: RESTPostAPIChannelMessageJSONBody): Promise<string> {
    // A single 401 makes the client forget its token for good; results must not depend on that.
    this.client.rest.setToken(this.token);
    const sent = (await this.client.rest.post(Routes.channelMessages(channelId), { body: message })) as {
      id: string;
    };
    return `${channelId}/${sent.id}`;
  }
}

/**
 * Discord gives back the earlier message for a nonce it has seen within minutes, so a repeated request (after a lost
 * answer or a crash) makes no second message. The nonce stands for what is told, which orders were placed and which
 * not, and not for its words: after a restart the same news reads a little differently. Other news has another nonce.
 */
function nonceOf({ planId, lines }: Report, page: number): string {
  const news = lines.map(({ state, orderId }) => [state, orderId]);
  const digest = createHash('sha256')
    .update(JSON.stringify([planId, page, news]))
    .digest('base64url');
  return digest.slice(0, 25);
}

/** What is told elsewhere may turn up in the channel too, and must not be taken for other orders then. */
function placed(plan: Plan, channelId: string, content: string): string {
  if (channelId === plan.channelId || content === '') return content;
  return `${content}\n-# Told here because <#${plan.channelId}> took no message from me. If it turns up there too, these are the same orders.`;
}

function body({ content, embeds, components }: View, userId: string): RESTPostAPIChannelMessageJSONBody {
  return { content, embeds, components, allowed_mentions: { users: [userId] } };
}
