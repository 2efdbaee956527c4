import type { APIEmbed } from 'discord.js';
import type { Environment } from '../../domain/environment.js';
import { countText } from '../../domain/text.js';
import { isOfUnderlying } from '../../domain/underlyings.js';
import type { ReminderContent, ReminderPart } from '../../services/reminders/content.js';
import { decodeOptions } from '../../services/reminders/options.js';
import { clip, maskAccount, timestamp } from '../format.js';
import { oddRowsLine } from '../odd-rows.js';
import { packBlocks, packEmbeds } from '../pages.js';
import { unheldText } from '../underlying.js';
import { COLOUR, LIMITS, type View } from '../view.js';
import { actionRows } from './actions.js';
import { tellingOf } from './kinds.js';
import { isOnce, kindTitle } from './schedule.js';
import type { Telling } from './telling.js';

/** A part in words; without a telling there was nothing to tell. */
interface Told {
  part: ReminderPart;
  telling: Telling;
}

/** The messages of a reminder, as many as it takes; the last one carries the buttons. */
export function reminderViews(content: ReminderContent, environment: Environment, now: Date): View[] {
  const told = content.parts.map((part) => ({ part, telling: tellingFor(part, now) }));
  const embeds = told.flatMap((each) => embedsOf(each, told.length > 1, environment));
  const pages = packEmbeds(embeds).map((page): View => ({ content: '', embeds: page, components: [] }));
  const [first] = pages;
  const last = pages.at(-1);
  if (first) first.content = headlines(content, told);
  if (last) {
    const preview = unique(
      told.flatMap(({ telling }) => telling.preview),
      ({ id }) => id,
    );
    const orders = unique(
      told.flatMap(({ telling }) => telling.orders),
      (id) => id,
    );
    last.components = actionRows(preview, orders, content.leadId, now);
  }
  return pages;
}

/** The mention and the news, for those who only see the notification. */
function headlines({ leadId, userId, late, parts }: ReminderContent, told: readonly Told[]): string {
  const news = told.map(({ telling }) => `**${telling.headline}**`).join(' · ');
  if (leadId === null) return `This is what it would say now.\n${clip(news, 1500)}`;
  if (!late) return `<@${userId}> ${clip(news, 1500)}`;
  const due = parts.length === 1 ? 'This was due' : `${countText(parts.length, 'reminder')} came due`;
  const oldest = new Date(Math.min(...parts.map(({ dueAt }) => dueAt.getTime())));
  const since = parts.length === 1 ? timestamp(oldest, 'f') : `since ${timestamp(oldest, 'f')}`;
  return `<@${userId}> ⏰ **Late.** ${due} ${since}; what follows is as of now.\n${clip(news, 1500)}`;
}

function tellingFor({ found, reminder }: ReminderPart, now: Date): Telling {
  if (found === null) return plain('Nothing to tell now', 'So it would stay silent.', COLOUR.quiet);
  if ('unreadable' in found) {
    const why = clip(found.unreadable, 300);
    const text = `❔ ${why}\nHow things stand isn’t known now; \`/remind test\` looks again (reminder ${reminder.id}).`;
    return plain('Not known now', text, COLOUR.warn);
  }
  const telling = tellingOf(found, now);
  const unheld = unheldBlock(reminder, telling);
  return { ...telling, blocks: [...unheld, ...telling.blocks] };
}

/** A filter that fits nothing held would look like all being well. */
function unheldBlock({ options }: ReminderPart['reminder'], { book }: Telling): string[] {
  const { underlying } = decodeOptions(options);
  const fits = book?.positions.some(({ position }) => underlying && isOfUnderlying(underlying, position));
  return underlying && book && !fits ? [`⚠️ ${unheldText(underlying, book.positions)}`] : [];
}

function plain(headline: string, text: string, colour: number): Telling {
  return { headline, blocks: [text], colour, book: null, preview: [], orders: [] };
}

/** @param several the news has to stand in the title too, so that it is clear whose it is */
function embedsOf({ part, telling }: Told, several: boolean, environment: Environment): APIEmbed[] {
  const odd = oddRowsLine(telling.book?.odd ?? []);
  const blocks = [...telling.blocks, ...(odd ? [odd] : []), ...missedBlock(part)];
  const footer = { text: footerText(part, telling, environment) };
  const title = kindTitle(part.reminder.kind);
  const descriptions = packBlocks(blocks);
  return (descriptions.length > 0 ? descriptions : ['']).map((description, index, all) => ({
    ...(index === 0 ? { title: clip(several ? `${title}: ${telling.headline}` : title, LIMITS.title) } : {}),
    ...(description ? { description } : {}),
    color: telling.colour,
    ...(index === all.length - 1 ? { footer } : {}),
  }));
}

function missedBlock({ alsoMissed }: ReminderPart): string[] {
  return alsoMissed.length > 0
    ? [`-# Stands for ${countText(alsoMissed.length, 'earlier run')} as well, missed while I was away.`]
    : [];
}

function footerText({ reminder }: ReminderPart, { book }: Telling, environment: Environment): string {
  const account = book ? ` · account ${maskAccount(book.account)}` : '';
  const marks = book?.marksMissing ? ` · ${book.marksMissing}` : '';
  const when = isOnce(reminder.when) ? '' : ` · ${reminder.when}`;
  return `${environment}${account} · reminder ${reminder.id}${when}${marks}`;
}

function unique<T>(items: readonly T[], key: (item: T) => unknown): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
