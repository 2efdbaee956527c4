import type { Environment } from '../../domain/environment.js';
import { countText } from '../../domain/text.js';
import { isOfUnderlying } from '../../domain/underlyings.js';
import type { Book, OpenPosition } from '../../services/accounts/positions.js';
import type { ReminderContent, ReminderPart } from '../../services/reminders/content.js';
import { decodeOptions } from '../../services/reminders/options.js';
import { accountText, whichAccount } from '../account.js';
import { whyText } from '../failures/index.js';
import { firstLine } from '../first-line.js';
import { clip, timestamp } from '../format.js';
import { oddRowsLine } from '../odd-rows.js';
import { type Piece, textPages } from '../pages.js';
import { marksMissingText } from '../preview-notes.js';
import { unheldText } from '../underlying.js';
import { COLOUR, type View } from '../view.js';
import { type AccountPreviews, actionRows } from './actions.js';
import { kindTitle } from './kind-words.js';
import { tellingOf } from './kinds.js';
import { isOnce } from './schedule.js';
import type { Telling } from './telling.js';

/** A part in words; without a telling there was nothing to tell. */
interface Told {
  part: ReminderPart;
  telling: Telling;
}

/** The messages of a reminder, as many as it takes; the last one carries the buttons. */
export function reminderViews(content: ReminderContent, environment: Environment, now: Date): View[] {
  const told = toldOf(content.parts, now);
  const pages = textPages([
    { text: headlines(content, told) },
    ...told.flatMap((each) => piecesOf(each, told.length > 1)),
    ...accountLines(told, environment),
  ]);
  const which = { description: unique(told.map(whichText), (text) => text).join('\n'), color: worst(told) };
  for (const page of pages) page.embeds = [which];
  const last = pages.at(-1);
  if (last) {
    const orders = unique(
      told.flatMap(({ telling }) => telling.orders),
      (id) => id,
    );
    last.components = actionRows(previewsOf(told), orders, content.leadId, now);
  }
  return pages;
}

/** The mention and the news, for those who only see the notification. */
function headlines({ leadId, userId, late, parts }: ReminderContent, told: readonly Told[]): string {
  const news = told.flatMap(({ part, telling: { headline, about = [] } }) => [
    `**${headline}**`,
    accountOf(part),
    ...about,
  ]);
  if (leadId === null) return `${firstLine(news)}\n-# This is what it would say now.`;
  const line = firstLine(news, `<@${userId}> `);
  if (!late) return line;
  // Of several accounts each is a part of the same run.
  const runs = new Set(parts.map(({ reminder, dueAt }) => `${reminder.id} ${dueAt.getTime()}`)).size;
  const due = runs === 1 ? 'This was due' : `${countText(runs, 'reminder')} came due`;
  const oldest = new Date(Math.min(...parts.map(({ dueAt }) => dueAt.getTime())));
  const since = runs === 1 ? timestamp(oldest, 'f') : `since ${timestamp(oldest, 'f')}`;
  return `${line}\n⏰ **Late.** ${due} ${since}; what follows is as of now.`;
}

/** Each part in words, and of each reminder what its filter fits in none of the accounts it looked at. */
function toldOf(parts: readonly ReminderPart[], now: Date): Told[] {
  const told = parts.map((part) => ({ part, telling: tellingFor(part, now) }));
  return told.map(({ part, telling }) => {
    const same = told.filter((other) => other.part.reminder.id === part.reminder.id);
    const books = same.flatMap((other) => other.telling.book ?? []);
    const unheld = telling.book ? unheldBlock(part.reminder, books) : [];
    return { part, telling: { ...telling, blocks: [...unheld, ...telling.blocks] } };
  });
}

/** `…1111 (Margin)`, where it is one of several. */
function accountOf({ account }: ReminderPart): string {
  return account ? whichAccount(account) : '';
}

/** What to preview, by account. */
function previewsOf(told: readonly Told[]): AccountPreviews[] {
  const accounts = new Map<string, AccountPreviews & { views: OpenPosition[] }>();
  for (const { telling } of told) {
    if (!telling.book) continue;
    const { account, name } = telling.book;
    const known = accounts.get(account) ?? { name, views: [] };
    accounts.set(account, { name, views: unique([...known.views, ...telling.preview], ({ id }) => id) });
  }
  return [...accounts.values()];
}

function tellingFor({ found, reminder }: ReminderPart, now: Date): Telling {
  if (found === null) return plain('Nothing to tell now', 'So it would stay silent.', COLOUR.quiet);
  if ('unreadable' in found) {
    const why = clip(whyText(found.unreadable), 300);
    const text = `❔ ${why}\nHow things stand isn’t known now; \`/remind test\` looks again (reminder ${reminder.id}).`;
    return plain('Not known now', text, COLOUR.warn);
  }
  return tellingOf(found, now);
}

/** A filter that fits nothing held would look like all being well. */
function unheldBlock({ options }: ReminderPart['reminder'], books: readonly Book[]): string[] {
  const { underlying } = decodeOptions(options);
  if (!underlying) return [];
  const positions = books.flatMap((book) => book.positions);
  const fits = positions.some(({ position }) => isOfUnderlying(underlying, position));
  return fits ? [] : [`⚠️ ${unheldText(underlying, positions)}`];
}

function plain(headline: string, text: string, colour: number): Telling {
  return { headline, blocks: [text], colour, book: null, preview: [], orders: [] };
}

/** @param several the news has to stand over what follows from it, so that it is clear whose it is */
function piecesOf({ part, telling }: Told, several: boolean): Piece[] {
  const odd = oddRowsLine(telling.book?.odd ?? []);
  const account = accountOf(part) && ` · ${accountOf(part)}`;
  const title = `**${kindTitle(part.reminder.kind)}${account}**: ${telling.headline}`;
  const blocks = [...telling.blocks, ...(odd ? [odd] : []), ...missedBlock(part)];
  return [...(several ? [title] : []), ...blocks].map((block) =>
    typeof block === 'string' ? { text: block, apart: true } : block,
  );
}

function missedBlock({ alsoMissed }: ReminderPart): string[] {
  return alsoMissed.length > 0
    ? [`-# Stands for ${countText(alsoMissed.length, 'earlier run')} as well, missed while I was away.`]
    : [];
}

/** Where all of it is, each account once, and why its marks are missing. */
function accountLines(told: readonly Told[], environment: Environment): Piece[] {
  const lines = told.map(({ telling: { book } }) => {
    const account = book ? ` · account ${accountText(book.name)}` : '';
    return `-# **${environment}**${account}${book?.marksMissing ? ` · ${marksMissingText(book.marksMissing)}` : ''}`;
  });
  return [...new Set(lines)].map((text, index) => ({ text, apart: index === 0 }));
}

function whichText({ part: { reminder } }: Told): string {
  return `Reminder ${reminder.id}${isOnce(reminder.when) ? '' : ` · ${reminder.when}`}`;
}

function worst(told: readonly Told[]): number {
  const colours = told.map(({ telling }) => telling.colour);
  return [COLOUR.bad, COLOUR.warn].find((colour) => colours.includes(colour)) ?? colours[0] ?? COLOUR.calm;
}

function unique<T>(items: readonly T[], key: (item: T) => unknown): T[] {
  return [...new Map(items.map((item) => [key(item), item])).values()];
}
