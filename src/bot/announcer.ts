import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Environment } from '../domain/environment.js';
import type { Announcer, Edited, Moved, Posted } from '../ports/announcer.js';
import { type Channel, ChannelRefused, type Posting } from '../ports/channel.js';
import type { Telling } from '../ports/errands.js';
import type { Report, ReportLine } from '../ports/report.js';
import type { Plan } from '../ports/store.js';
import { closedView } from '../screens/preview.js';
import { beginsResult, reportViews } from '../screens/report.js';
import type { View } from '../screens/view.js';
import { putPages } from '../services/telling/pages.js';
import { newsOf } from '../services/telling/report.js';
import { isOfPlan, offersButtons, tellingsAmong } from './plan-messages.js';
import { within } from './within.js';

/** A trader who doesn't see the ids within this time is told them directly meanwhile. */
const CHANNEL_PATIENCE_MS = 4_000;
const DIRECT_PATIENCE_MS = 8_000;
/** Clocks of this machine and Discord may differ by this much. */
const CLOCK_SKEW_MS = 60_000;
const SNOWFLAKE = /^\d{17,20}$/;

/**
 * Posts results into the plan's channel with the trader's mention; where the bot may not write there, or the channel
 * lets it wait, by direct message. Works without any interaction, so also hours later or after a restart. A posted result is
 * referred to as `channel/message`, pages joined by commas.
 */
export class DiscordAnnouncer implements Announcer {
  constructor(
    private readonly channel: Channel<View>,
    private readonly environment: Environment,
    private readonly log: Logger,
  ) {}

  /** Plans of the command line too: what its process couldn't tell is at least logged here. */
  reaches(): boolean {
    return true;
  }

  async post(plan: Plan, report: Report, where: 'channel' | 'anywhere'): Promise<Posted | null> {
    if (!this.#onDiscord(plan, report)) return { ref: plan.channelId, direct: false };
    const pages = reportViews(report, this.environment);
    const inChannel = await this.#pages(plan, report, pages).catch((error: unknown) => {
      const channel = plan.channelId;
      this.log.warn({ err: error, planId: plan.id, channel }, 'channel took no result message');
      return null;
    });
    if (inChannel) return { ref: inChannel, direct: false };
    if (where === 'channel') return null;
    const direct = await this.#direct(plan, report, pages).catch((error: unknown) => {
      this.log.error({ err: error, planId: plan.id }, 'could not tell the trader a result');
      return null;
    });
    return direct ? { ref: direct, direct: true } : null;
  }

  async update(plan: Plan, posted: string, report: Report): Promise<Edited | Moved> {
    if (!this.#onDiscord(plan, report)) return 'done';
    const [channelId = ''] = posted.split('/');
    const pages = reportViews(report, this.environment).map((page) => placed(plan, channelId, page));
    const refs = posted.split(',');
    let worst: Edited = 'done';
    for (const [index, page] of pages.slice(0, refs.length).entries()) {
      const edited = await this.#edit(plan, refs[index] ?? '', page);
      if (edited === 'later' || worst === 'done') worst = edited;
    }
    return worst !== 'done' || pages.length === refs.length ? worst : this.#reshape(plan, posted, pages);
  }

  /** What it says takes more or fewer pages than before, or not all of them got out. */
  async #reshape(plan: Plan, posted: string, pages: readonly View[]): Promise<Edited | Moved> {
    const [channelId = ''] = posted.split('/');
    try {
      const begun = await this.#begun(plan, posted, pages.length);
      const nonce = digestOf([plan.id, 'more', begun[0]]);
      const message = { channelId, pages, mentions: [plan.userId], nonce };
      return { ref: (await putPages(this.channel, message, begun)).join(',') };
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not bring a message to its new length');
      return 'later';
    }
  }

  /** The pages of a message that are out; more than is known may be, if it was being continued as a process died. */
  async #begun(plan: Plan, posted: string, wanted: number): Promise<string[]> {
    const refs = posted.split(',');
    if (wanted <= refs.length) return refs;
    const [channelId = ''] = posted.split('/');
    const mine = (page: View) => isOfPlan(page, plan.id);
    const found = tellingsAmong(await this.channel.find(channelId, since(plan), mine), plan.id);
    return found.find(({ ref }) => ref.startsWith(`${posted},`))?.ref.split(',') ?? refs;
  }

  async find(plan: Plan): Promise<Telling[] | null> {
    if (!SNOWFLAKE.test(plan.channelId)) return [];
    const inChannel = await this.#foundIn(plan, async () => plan.channelId);
    const directly = await this.#foundIn(plan, () => this.channel.directWith(plan.userId));
    if (!inChannel || !directly) return null;
    return [...inChannel, ...directly.map((telling) => ({ ...telling, direct: true }))];
  }

  async #foundIn(plan: Plan, place: () => Promise<string>): Promise<Telling[] | null> {
    try {
      const mine = (page: View) => isOfPlan(page, plan.id);
      return tellingsAmong(await this.channel.find(await place(), since(plan), mine), plan.id);
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not look for messages of a former run');
      return isForGood(error) ? [] : null;
    }
  }

  async closePreview(plan: Plan, lines: readonly ReportLine[]): Promise<Edited> {
    if (!SNOWFLAKE.test(plan.channelId)) return 'gone';
    try {
      const last = plan.messageIds.at(-1);
      const messages = last
        ? [await this.channel.look(`${plan.channelId}/${last}`)]
        : await this.channel.find(plan.channelId, since(plan), (page) => offersButtons(page, plan.id));
      let worst: Edited = 'done';
      const closed = closedView(plan, lines);
      for (const { ref, page } of messages) {
        if (!offersButtons(page, plan.id) && !(last && isOutdated(page, plan, closed))) continue;
        const edited = await this.#edit(plan, ref, closed);
        if (edited === 'later' || worst === 'done') worst = edited;
      }
      return worst;
    } catch (error) {
      this.log.warn({ err: error, planId: plan.id }, 'could not look at a preview that ended');
      return isForGood(error) ? 'gone' : 'later';
    }
  }

  async #edit(plan: Plan, ref: string, change: Partial<View>): Promise<Edited> {
    try {
      await this.channel.edit(ref, change);
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

  #pages(plan: Plan, report: Report, pages: readonly View[]): Promise<string> {
    return this.#put(plan, report, { channelId: plan.channelId, pages, patienceMs: CHANNEL_PATIENCE_MS });
  }

  async #direct(plan: Plan, report: Report, pages: readonly View[]): Promise<string> {
    const channelId = await within(DIRECT_PATIENCE_MS, this.channel.directWith(plan.userId));
    const here = pages.map((page) => placed(plan, channelId, page));
    return this.#put(plan, report, { channelId, pages: here, patienceMs: DIRECT_PATIENCE_MS });
  }

  /** All pages in one place, or none that counts. Late, they come all the same; their nonces keep them from doubling. */
  async #put(
    plan: Plan,
    report: Report,
    { channelId, pages, patienceMs }: { channelId: string; pages: readonly View[]; patienceMs: number },
  ): Promise<string> {
    const { channel } = this;
    const patient = {
      post: (page: Posting<View>) => within(patienceMs, channel.post(page)),
      edit: (ref: string, page: Partial<View>) => within(patienceMs, channel.edit(ref, page)),
      remove: (ref: string) => within(patienceMs, channel.remove(ref)),
    };
    const message = { channelId, pages, mentions: [plan.userId], nonce: nonceOf(report) };
    return (await putPages(patient, message)).join(',');
  }
}

/**
 * Discord gives back the earlier message for a nonce it has seen within minutes, so a repeated request (after a lost
 * answer or a crash) makes no second message. The nonce stands for what is told (see `newsOf`): other news
 * has another nonce.
 */
function nonceOf(report: Report): string {
  return digestOf([report.planId, newsOf(report)]);
}

/** Short enough to leave a nonce room for a page's number. */
function digestOf(facts: readonly unknown[]): string {
  return createHash('sha256').update(JSON.stringify(facts)).digest('base64url').slice(0, 22);
}

/** It has no buttons any more, and says still what was true before its orders' fate was known. */
function isOutdated({ content, components }: View, { status }: Plan, closed: Partial<View>): boolean {
  return status === 'done' && components.length === 0 && content !== closed.content;
}

/** What is told elsewhere may turn up in the channel too, and must not be taken for other orders then. */
function placed(plan: Plan, channelId: string, view: View): View {
  if (channelId === plan.channelId || !beginsResult(view)) return view;
  const note = `-# Told here because <#${plan.channelId}> took no message from me. If it turns up there too, these are the same orders.`;
  return { ...view, content: `${view.content}\n${note}` };
}

/** Nothing about a plan is older; the clocks of this machine and Discord may differ. */
function since({ createdAt }: Plan): Date {
  return new Date(createdAt.getTime() - CLOCK_SKEW_MS);
}

/** Discord's no that stays: the message or the channel is gone, or may not be touched any more. */
function isForGood(error: unknown): boolean {
  return error instanceof ChannelRefused && error.fate !== 'odd';
}
