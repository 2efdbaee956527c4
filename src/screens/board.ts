import { ButtonStyle } from 'discord.js';
import type { AccountName } from '../domain/account-names.js';
import { dte } from '../domain/dates.js';
import type { Environment } from '../domain/environment.js';
import { sumExact } from '../domain/exact.js';
import { isAllOver } from '../domain/expiration.js';
import type { Decimal } from '../domain/money.js';
import { isOurClose } from '../domain/position-life.js';
import { countText, priceText } from '../domain/text.js';
import type { Book, OpenPosition } from '../services/accounts/positions.js';
import { type BoardWords, turnOf } from '../services/noticing/board-projector.js';
import {
  type BoardLine,
  type BoardNews,
  MENDABLE,
  type Standing,
} from '../services/noticing/board-reader.js';
import { accountList, whereLine, whichAccount } from './account.js';
import { type Button, button, PER_ROW, positionMenus, row } from './components.js';
import { customId } from './custom-ids.js';
import { firstLine } from './first-line.js';
import { clip, roughPercent, signedUsd, timestamp } from './format.js';
import { oddRowsLine } from './odd-rows.js';
import { textView } from './pages.js';
import { heading, stepText } from './position.js';
import { marksMissingText } from './preview-notes.js';
import { COLOUR, type Row, type View } from './view.js';

/** Of Discord's 2,000 characters, those for the lines of positions. */
const LINES = 1_500;
/** Two of the five rows are left for menus. */
const MOST_BUTTONS = 3 * PER_ROW;
const MOST_IN_MENUS = 50;

const MARK = /^board (\d+)\/(\d+)$/;

/** How boards read on Discord. */
export function boardWords(environment: Environment): BoardWords<View> {
  return {
    page: (news) => boardView(news, environment),
    newsOn({ embeds }, topic) {
      const [, id, turn] = MARK.exec(embeds[0]?.footer?.text ?? '') ?? [];
      return id === topic ? turnOf(Number(turn)) : null;
    },
    begins: () => true,
  };
}

/** An account's positions with their targets in one message, what needs somebody first. */
export function boardView({ board, name, shown }: BoardNews, environment: Environment): View {
  const where = whereLine(environment, name);
  const embeds = [
    {
      color: shown ? colourOf(shown.lines) : COLOUR.quiet,
      footer: { text: `board ${board.id}/${board.turn}` },
    },
  ];
  if (!shown) {
    const down = firstLine(['**This board was taken down**', whichAccount(name)]);
    return { ...textView([down, '`/board` puts one up again.', where]), embeds };
  }
  const { book, lines } = shown;
  const { texts, left } = fitting(lines, book);
  const odd = oddRowsLine(book.odd);
  const content = [
    firstLine([`**Board** · ${countText(lines.length, 'position')}`, openText(lines), whichAccount(name)]),
    ...countsText(lines),
    ...texts,
    ...(left > 0 ? [`… and ${countText(left, 'position')} more: \`/positions\``] : []),
    ...(odd ? [clip(odd, 200)] : []),
    ...(book.marksMissing ? [`-# ${clip(marksMissingText(book.marksMissing), 120)}`] : []),
    `${where} · as of ${timestamp(book.readAt)}`,
  ];
  return { ...textView(content, rowsOf(lines, book)), embeds };
}

/** Said to who put boards up, or took them down. */
export function boardPlacedView(
  names: readonly AccountName[],
  placed: boolean,
  environment: Environment,
): View {
  const none = names.length === 0;
  const what = placed ? 'The board comes below' : none ? 'No board stands here' : 'The board is taken down';
  return textView([
    `**${what}**${none ? '' : ` · account ${accountList(names)}`}`,
    ...(placed
      ? [
          'I keep it up to date there. `/board` again posts it anew at the end of the channel; `off:True` takes it down.',
        ]
      : []),
    `-# **${environment}**`,
  ]);
}

function openText(lines: readonly BoardLine[]): string {
  const profits = lines.flatMap(({ view }) => view.profit.dollars ?? []);
  return lines.length > 0 && profits.length === lines.length
    ? `**${signedUsd(sumExact(profits))}** open`
    : '';
}

const MARKS: Record<Standing, string> = {
  stale: '🟥',
  missing: '🟥',
  part: '🟨',
  unsure: '⏳',
  reserved: '🟨',
  elsewhere: '🟩',
  matched: '🟩',
  protects: '⬜',
};

const COUNTED: Partial<Record<Standing, string>> = {
  stale: 'stale',
  missing: 'without targets',
  part: 'partly covered',
  reserved: 'with other closing orders',
  unsure: 'not known now',
};

/** `2 without targets · 1 partly covered`, or that nothing is amiss. */
function countsText(lines: readonly BoardLine[]): string[] {
  if (lines.length === 0) return ['No open option positions.'];
  const counts = (Object.entries(COUNTED) as [Standing, string][]).flatMap(([standing, words]) => {
    const count = lines.filter((line) => line.standing === standing).length;
    return count > 0 ? `**${count}** ${words}` : [];
  });
  return [counts.length > 0 ? counts.join(' · ') : 'Every position has its targets.'];
}

function fitting(lines: readonly BoardLine[], { readAt }: Book): { texts: string[]; left: number } {
  const texts: string[] = [];
  let length = 0;
  for (const line of lines) {
    const text = lineText(line, readAt);
    length += text.length + 1;
    if (length > LINES) break;
    texts.push(text);
  }
  return { texts, left: lines.length - texts.length };
}

/** `🟩 **#37 QQQ Senex Trident** · 25 DTE · **+$65.00** (27 %)`, and beneath how its targets stand, where there are any. */
function lineText(line: BoardLine, now: Date): string {
  const { view, standing } = line;
  const [state, below] =
    standing === 'missing' ? [standingText(line), []] : ['', [`-# ${standingText(line)}`]];
  const name = `${MARKS[standing]} **${clip(heading(view), 60)}**`;
  const facts = [name, state, stepText(view), daysText(view, now), profitText(view)].filter(
    (each) => each !== '',
  );
  return [facts.join(' · '), ...below].join('\n');
}

/** Of several expirations the first. */
function daysText({ position, ends }: OpenPosition, now: Date): string {
  if (isAllOver(position, ends, now)) return 'expired';
  const days = position.legs.flatMap(({ held, instrument: { option } }) =>
    held > 0 && option ? dte(now, option.expiration) : [],
  );
  return days.length > 0 ? `${Math.min(...days)} DTE` : '';
}

function profitText({ profit: { dollars, percent } }: OpenPosition): string {
  if (!dollars) return 'no mark';
  return `**${signedUsd(dollars)}**${percent ? ` (${roughPercent(percent)})` : ''}`;
}

function standingText({ view, standing, targets, gone, toTarget }: BoardLine): string {
  const ids = targets.slice(0, 4).join(', ') + (targets.length > 4 ? ', …' : '');
  const works = targets.length > 0 ? `${ids}${distanceText(toTarget)}` : '';
  const parts = view.working.filter(({ flaws }) => flaws.length > 0);
  const others = parts.map(({ order }) => order.id);
  switch (standing) {
    case 'stale':
      return ['stale: the broker no longer lists', gone.join(', '), works && `· works: ${works}`]
        .filter(Boolean)
        .join(' ');
    case 'missing':
      return 'no targets';
    case 'part':
      return `partly covered: ${works}`;
    case 'reserved':
      if (parts.length > 0 && parts.every(isOurClose)) return `closing: ${others.slice(0, 4).join(', ')}`;
      return `no targets: reserved by ${others.slice(0, 4).join(', ') || 'other orders'}`;
    case 'unsure':
      return 'what works for it can’t be told now';
    case 'protects':
      return 'protects what else is held';
    case 'elsewhere':
      return `covered, placed elsewhere: ${works}`;
    case 'matched':
      return `covered: ${works}`;
  }
}

/** How far the mark has to go to the nearest target. */
function distanceText(toTarget: Decimal | null): string {
  if (!toTarget) return '';
  return toTarget.lte(0) ? ' · ⚡ at its target' : ` · ${priceText(toTarget)} to go`;
}

function colourOf(lines: readonly BoardLine[]): number {
  if (lines.some(({ standing }) => MENDABLE.includes(standing))) return COLOUR.warn;
  return lines.length > 0 ? COLOUR.good : COLOUR.quiet;
}

/** A button for each position that a preview mends, and menus for all. */
function rowsOf(lines: readonly BoardLine[], { readAt }: Book): Row[] {
  const mend = lines.filter(({ standing }) => MENDABLE.includes(standing)).slice(0, MOST_BUTTONS);
  const buttons = mend.map(
    ({ view: { id } }): Button =>
      button(customId('targets', 'again', id), `Targets #${id}`, ButtonStyle.Primary),
  );
  const rows = Array.from({ length: Math.ceil(buttons.length / PER_ROW) }, (_, index) =>
    row(buttons.slice(index * PER_ROW, (index + 1) * PER_ROW)),
  );
  return [
    ...rows,
    ...positionMenus(
      lines.slice(0, MOST_IN_MENUS).map(({ view }) => view),
      readAt,
    ),
  ];
}
