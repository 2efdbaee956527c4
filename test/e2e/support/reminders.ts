import type { LocalDiscordUser, Message } from '@profit-target/local-discord/client';
import { type Desk, textOf, until } from './desk.js';

type Options = Record<string, string | number | boolean>;

/** Runs `/remind <sub>` and waits for its answer. */
export async function remind(
  desk: Desk,
  sub: string,
  options: Options = {},
  user = desk.trader,
): Promise<Message> {
  return user.answer(await user.command('remind', options, { sub }), 30_000);
}

/** An instant shortly ahead, as `when` takes it. */
export function soon(ms = 1_500): string {
  return new Date(Math.ceil((Date.now() + ms) / 1000) * 1000).toISOString().replace('.000Z', 'Z');
}

/** Schedules a reminder; its id. */
export async function scheduled(desk: Desk, options: Options): Promise<string> {
  const answer = await remind(desk, 'add', options);
  const [, id] = /reminder (\d+)/.exec(textOf(answer)) ?? [];
  if (id === undefined) throw new Error(`not scheduled: ${textOf(answer)}`);
  return id;
}

/** True for the message that a reminder posted (not for what is said about it). */
export function isFrom(message: Message, id: string): boolean {
  return message.content.startsWith('<@') && new RegExp(`reminder ${id}\\b`, 'i').test(textOf(message));
}

/** The message a reminder posted. */
export function postedBy(user: LocalDiscordUser, id: string): Promise<Message> {
  return user.waitForMessage((message) => isFrom(message, id), { timeoutMs: 60_000 });
}

/** All messages a reminder posted, in a channel. */
export async function allPostedBy(desk: Desk, id: string): Promise<Message[]> {
  const messages = await desk.trader.messages(desk.discord.channelIds.trading, 1000);
  return messages.filter((message) => isFrom(message, id));
}

/** Resolves once the bot has nothing due or under way. */
export async function settled(desk: Desk, timeoutMs = 60_000): Promise<void> {
  await until(async () => textOf(await desk.ask('status')).includes('nothing is due'), timeoutMs);
}
