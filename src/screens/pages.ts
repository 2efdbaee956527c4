import type { APIEmbed } from 'discord.js';
import { type Button, MOST_ROWS, PER_ROW, row } from './components.js';
import { LIMITS, type Row, type View } from './view.js';

/**
 * Spreads what is long over as many messages as it takes. Nothing is ever left out: what a trader confirms must
 * have been on the screen, and on it as text: who has embeds switched off sees none.
 */

/** A piece of a message's text, kept whole wherever it fits a message. */
export interface Piece {
  text: string;
  /** What it is about: said again where it goes on on another page, and in short before its details. */
  about?: { title: string; short: string };
  /** It begins something new: an empty line stands above it. */
  apart?: boolean;
  /** What one looks up about it; shown in the embed of the same page. */
  details?: readonly string[];
  /** What can be pressed about it, under the message where it stands; one button that is another piece's too stands there once. */
  buttons?: readonly Button[];
}

export interface Page {
  text: string;
  details: string;
  buttons: readonly Button[][];
}

/** Room is left for what is added to a message later, such as who snoozed it. */
const CONTENT_TEXT = LIMITS.content - 150;
/** Well below an embed's limit: the whole message has one too. */
const DETAILS_TEXT = 3_500;

export function packPieces(pieces: readonly Piece[]): Page[] {
  const pages: Page[] = [];
  let told: Piece['about'];
  for (const piece of pieces.flatMap(fitting)) {
    const last = pages.at(-1);
    const grown = last && joined(last, piece, told);
    if (grown && fits(grown)) pages[pages.length - 1] = grown;
    else pages.push(opened(piece));
    if (piece.details?.length) told = piece.about;
  }
  return pages;
}

/** The same as messages with only their buttons beneath their text. */
export function textPages(pieces: readonly Piece[]): View[] {
  return packPieces(pieces).map(({ text, buttons }) => ({
    content: text,
    embeds: [],
    components: buttons.map(row),
  }));
}

/** What fits one message for sure. */
export function textView(lines: readonly string[], components: Row[] = []): View {
  return { content: unbroken(lines.join('\n')), embeds: [], components };
}

/** The details of a page as its one embed; none where there are none. */
export function detailsEmbed({ details }: Page, color: number): APIEmbed[] {
  return details === '' ? [] : [{ description: details, color }];
}

/** No line ends between a number and its unit, a sign and its dollars, or within a day such as `18 Dec 26`. */
export function unbroken(text: string): string {
  return text
    .replaceAll(UNITS, '\u00a0')
    .replaceAll(SIGNS, `$&${WORD_JOINER}`)
    .replaceAll(DAYS, '$1\u00a0$2\u00a0$3');
}

/** As wide as nothing, and no line ends at it. */
export const WORD_JOINER = '\u2060';
const COUNTED = 'orders?|positions?|days?';
const UNITS = new RegExp(`(?<=\\d) (?=%|DTE|×|(?:${COUNTED})\\b)|(?<=×) (?=\\S)`, 'g');
const SIGNS = /[+−](?=\$)/g;
const DAYS = /\b(\d{1,2}) (Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec) (\d\d)\b/g;

/** @param told what the details before it are about */
function joined({ text, details, buttons }: Page, piece: Piece, told: Piece['about']): Page {
  const more = detailsText(piece, details === '' ? undefined : told);
  const between = details === '' || more === '' ? '' : piece.about === told ? '\n' : '\n\n';
  return {
    text: `${text}${piece.apart ? '\n\n' : '\n'}${piece.text}`,
    details: `${details}${between}${more}`,
    buttons: withButtons(buttons, piece),
  };
}

/** What belongs to one piece stands side by side where a row has room for it. */
function withButtons(rows: Page['buttons'], { buttons = [] }: Piece): Button[][] {
  const there = new Set(rows.flat().map(({ custom_id }) => custom_id));
  const more = buttons.filter(({ custom_id }) => !there.has(custom_id));
  const last = rows.at(-1);
  if (last && last.length + more.length <= PER_ROW) return [...rows.slice(0, -1), [...last, ...more]];
  const own: Button[][] = [];
  for (let at = 0; at < more.length; at += PER_ROW) own.push(more.slice(at, at + PER_ROW));
  return [...rows, ...own];
}

function opened(piece: Piece): Page {
  const goesOn = piece.about !== undefined && !piece.apart;
  return {
    text: goesOn ? `**${unbroken(piece.about?.title ?? '')}** (continued)\n${piece.text}` : piece.text,
    details: detailsText(piece, undefined),
    // What no message has room for can be pressed once some of it is done.
    buttons: withButtons([], piece).slice(0, MOST_ROWS),
  };
}

/** They stay where the text is changed later: so they say themselves what they are about. */
function detailsText({ about, details = [] }: Piece, told: Piece['about']): string {
  const text = details.join('\n');
  return text === '' || about === undefined || about === told
    ? text
    : `**${unbroken(about.short)}** · ${text}`;
}

function fits({ text, details, buttons }: Page): boolean {
  return text.length <= CONTENT_TEXT && details.length <= DETAILS_TEXT && buttons.length <= MOST_ROWS;
}

/** As it will be shown; a text longer than a message goes on in the next, torn between lines or words. */
function fitting(piece: Piece): Piece[] {
  const [first = '', ...more] = torn(unbroken(piece.text), CONTENT_TEXT - 2 * LIMITS.title);
  const { about, details = [] } = piece;
  return [
    {
      ...piece,
      text: first,
      details: torn(unbroken(details.join('\n')), DETAILS_TEXT - LIMITS.title).slice(0, 1),
    },
    ...more.map((text): Piece => ({ text, ...(about === undefined ? {} : { about }) })),
  ];
}

function torn(text: string, room: number): string[] {
  const parts: string[] = [];
  let rest = text;
  while (rest.length > room) {
    const head = rest.slice(0, room);
    const at = [head.lastIndexOf('\n'), head.lastIndexOf(' ')].find((index) => index > room / 2) ?? room;
    parts.push(rest.slice(0, at));
    rest = rest.slice(at).replace(/^\s/, '');
  }
  return rest === '' && parts.length > 0 ? parts : [...parts, rest];
}
