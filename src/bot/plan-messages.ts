import { type APIMessage, type Client, ComponentType, DiscordAPIError, Routes } from 'discord.js';
import type { Telling } from '../ports/errands.js';
import type { Plan } from '../ports/store.js';
import { readCustomId } from '../screens/custom-ids.js';
import { resultMark } from '../screens/report.js';
import { idAt } from './message-marks.js';

const CALL_MS = 10_000;
const PAGE = 100;
/** So far back messages are looked for. */
const MOST_PAGES = 5;
/** The only part that a preview which ended may still offer. */
const FRESH = 'refresh';

/** Our own messages in the plan's channel from its first moment on, oldest first. */
export async function messagesSince(client: Client, plan: Plan): Promise<APIMessage[]> {
  const found: APIMessage[] = [];
  let after = idAt(new Date(plan.createdAt.getTime() - CALL_MS));
  for (let page = 0; page < MOST_PAGES; page += 1) {
    const query = new URLSearchParams({ limit: String(PAGE), after });
    const messages = (await client.rest.get(Routes.channelMessages(plan.channelId), {
      query,
      signal: AbortSignal.timeout(CALL_MS),
    })) as APIMessage[];
    // Of each page the newest comes first.
    found.push(...messages.reverse());
    if (messages.length < PAGE) break;
    after = found.at(-1)?.id ?? after;
  }
  return found.filter(({ author }) => author.id === client.user?.id);
}

export async function messageOf(client: Client, channelId: string, messageId: string): Promise<APIMessage> {
  const signal = AbortSignal.timeout(CALL_MS);
  return (await client.rest.get(Routes.channelMessage(channelId, messageId), { signal })) as APIMessage;
}

/** Messages that tell the plan's result, with the news each says of itself; its pages belong to the first. */
export function tellingsAmong(messages: readonly APIMessage[], plan: Plan): Telling[] {
  const tellings: Telling[] = [];
  const mark = resultMark(plan.id);
  for (const { id, content, embeds } of messages) {
    const [, news] = embeds.at(-1)?.footer?.text.split(mark) ?? [];
    if (news === undefined) continue;
    const ref = `${plan.channelId}/${id}`;
    const last = tellings.at(-1);
    if (content === '' && last) last.ref = `${last.ref},${ref}`;
    else tellings.push({ ref, direct: false, posted: news, says: '' });
  }
  return tellings;
}

/** Whether a message offers to do something with this very plan. */
export function offersButtons({ components = [] }: APIMessage, planId: string): boolean {
  const ids = components.flatMap((row) =>
    row.type === ComponentType.ActionRow
      ? row.components.flatMap((each) => ('custom_id' in each ? each.custom_id : []))
      : [],
  );
  return ids.map(readCustomId).some(({ command, part, argument }) => {
    return command === 'targets' && part !== FRESH && argument.split(':')[0] === planId;
  });
}

/** Discord's no that stays: the message or the channel is gone, or may not be touched any more. */
export function isForGood(error: unknown): boolean {
  return error instanceof DiscordAPIError && (error.status === 403 || error.status === 404);
}
