import { createHash } from 'node:crypto';
import {
  type APIMessage,
  type Client,
  type RESTPatchAPIChannelMessageJSONBody,
  type RESTPostAPIChannelMessageJSONBody,
  Routes,
} from 'discord.js';
import type { Logger } from 'pino';
import type { Environment } from '../domain/environment.js';
import type { Announcer, Edited, Posted } from '../ports/announcer.js';
import type { Telling } from '../ports/errands.js';
import type { Report, ReportLine } from '../ports/report.js';
import type { Plan } from '../ports/store.js';
import { closedView } from '../screens/preview.js';
import { reportViews } from '../screens/report.js';
import type { View } from '../screens/view.js';
import { newsOf } from '../services/telling/report.js';
import { isForGood, messageOf, messagesSince, offersButtons, tellingsAmong } from './plan-messages.js';
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

  async post(plan: Plan, report: Report, where: 'channel' | 'anywhere'): Promise<Posted | null> {
    if (!this.#onDiscord(plan, report)) return { ref: plan.channelId, direct: false };
    const messages = reportViews(report, this.environment).map((view, page) => ({
      ...body(view, plan.userId),
      nonce: nonceOf(report, page),
      enforce_nonce: true,
    }));
    const inChannel = await this.#pages(messages, plan.channelId, CHANNEL_PATIENCE_MS).catch(
      (error: unknown) => {
        const channel = plan.channelId;
        this.log.warn({ err: error, planId: plan.id, channel }, 'channel took no result message');
        return null;
      },
    );
    if (inChannel) return { ref: inChannel, direct: false };
    if (where === 'channel') return null;
    const direct = await this.#direct(plan, messages).catch((error: unknown) => {
      this.log.error({ err: error, planId: plan.id }, 'could not tell the trader a result');
      return null;
    });
    return direct ? { ref: direct, direct: true } : null;
  }

  async update(plan: Plan, posted: string, report: Report): Promise<Edited> {
    if (!this.#onDiscord(plan, report)) return 'done';
    const views = reportViews(report, this.environment);
    let worst: Edited = 'done';
    for (const [page, reference] of posted.split(',').entries()) {
      const view = views[page];
      const [channelId = '', messageId = ''] = reference.split('/');
      if (!view) continue;
      const content = placed(plan, channelId, view.content);
      const edited = await this.#edit(plan, channelId, messageId, { ...body(view, plan.userId), content });
      if (edited === 'later' || worst === 'done') worst = edited;
    }
    return worst;
  }

  async find(plan: Plan): Promise<Telling[] | null> {
    if (!SNOWFLAKE.test(plan.channelId)) return [];
    this.client.rest.setToken(this.token);
    try {
      return tellingsAmong(await messagesSince(this.client, plan), plan);
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not look for messages of a former run');
      return isForGood(error) ? [] : null;
    }
  }

  async closePreview(plan: Plan, lines: readonly ReportLine[]): Promise<Edited> {
    if (!SNOWFLAKE.test(plan.channelId)) return 'gone';
    this.client.rest.setToken(this.token);
    try {
      const last = plan.messageIds.at(-1);
      const messages = last
        ? [await messageOf(this.client, plan.channelId, last)]
        : await messagesSince(this.client, plan);
      let worst: Edited = 'done';
      const closed = closedView(plan, lines);
      for (const message of messages) {
        if (!offersButtons(message, plan.id) && !(last && isOutdated(message, plan, closed))) continue;
        const edited = await this.#edit(plan, plan.channelId, message.id, closed);
        if (edited === 'later' || worst === 'done') worst = edited;
      }
      return worst;
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not look at a preview that ended');
      return isForGood(error) ? 'gone' : 'later';
    }
  }

  async #edit(
    plan: Plan,
    channelId: string,
    messageId: string,
    change: RESTPatchAPIChannelMessageJSONBody,
  ): Promise<Edited> {
    this.client.rest.setToken(this.token);
    try {
      await this.client.rest.patch(Routes.channelMessage(channelId, messageId), { body: change });
      return 'done';
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not update a message');
      return isForGood(error) ? 'gone' : 'later';
    }
  }

  /** Discord counts requests that make no sense, and shuts out who sends many. */
  #onDiscord(plan: Plan, report: Report): boolean {
    if (SNOWFLAKE.test(plan.channelId)) return true;
    this.log.info({ planId: plan.id, report }, 'result of a plan that was not made on Discord');
    return false;
  }

  /** All pages in one place, or none that counts. Late, they come all the same; their nonces keep them from doubling. */
  async #pages(
    messages: readonly RESTPostAPIChannelMessageJSONBody[],
    channelId: string,
    patienceMs: number,
  ): Promise<string> {
    const references: string[] = [];
    for (const message of messages) {
      references.push(await within(patienceMs, this.#post(channelId, message)));
    }
    return references.join(',');
  }

  async #direct(plan: Plan, messages: readonly RESTPostAPIChannelMessageJSONBody[]): Promise<string> {
    const { id } = await within(DIRECT_PATIENCE_MS, this.#openDirect(plan.userId));
    const here = messages.map((each) => ({ ...each, content: placed(plan, id, each.content ?? '') }));
    return this.#pages(here, id, DIRECT_PATIENCE_MS);
  }

  /** By REST alone: the client's own way needs to be logged in, and a result is told without the gateway too. */
  async #openDirect(userId: string): Promise<{ id: string }> {
    this.client.rest.setToken(this.token);
    return (await this.client.rest.post(Routes.userChannels(), { body: { recipient_id: userId } })) as {
      id: string;
    };
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
 * answer or a crash) makes no second message. The nonce stands for what is told (see `newsOf`): other news
 * has another nonce.
 */
function nonceOf(report: Report, page: number): string {
  const digest = createHash('sha256')
    .update(JSON.stringify([report.planId, page, newsOf(report)]))
    .digest('base64url');
  return digest.slice(0, 25);
}

/** It has no buttons any more, and says still what was true before its orders' fate was known. */
function isOutdated({ content, components }: APIMessage, { status }: Plan, closed: Partial<View>): boolean {
  return status === 'done' && (components ?? []).length === 0 && content !== closed.content;
}

/** What is told elsewhere may turn up in the channel too, and must not be taken for other orders then. */
function placed(plan: Plan, channelId: string, content: string): string {
  if (channelId === plan.channelId || content === '') return content;
  return `${content}\n-# Told here because <#${plan.channelId}> took no message from me. If it turns up there too, these are the same orders.`;
}

function body({ content, embeds, components }: View, userId: string): RESTPostAPIChannelMessageJSONBody {
  return { content, embeds, components, allowed_mentions: { users: [userId] } };
}
