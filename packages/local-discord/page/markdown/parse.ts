import type { Block, ListItem } from './ast.js';
import { parseInline } from './inline.js';

const HEADING = /^(#{1,3})\s+(\S.*)$/;
const SUBTEXT = /^-#\s+(\S.*)$/;
const QUOTE = /^>\s(.*)$/;
const ITEM = /^(\s*)(?:([-*])|(\d{1,9})\.)\s+(\S.*)$/;
const MAX_LIST_DEPTH = 5;

/** Reads a whole Discord message text. Never throws; what is no markup stays text. */
export function parseMarkdown(text: string): Block[] {
  return splitCode(text.replaceAll('\r\n', '\n')).flatMap((part) =>
    typeof part === 'string' ? parseLines(part) : [part],
  );
}

/** Code blocks first: nothing inside them is markup. An unclosed fence is plain text. */
function splitCode(text: string): (string | Block)[] {
  const parts: (string | Block)[] = [];
  const fence = /```(?:([\w+-]{1,20})\n)?\n?([\s\S]*?)```\n?/g;
  let from = 0;
  for (const match of text.matchAll(fence)) {
    if (match[2] === '') continue;
    const before = text.slice(from, match.index).replace(/\n$/, '');
    if (before !== '') parts.push(before);
    parts.push({ kind: 'codeblock', lang: match[1] ?? '', text: (match[2] ?? '').replace(/\n+$/, '') });
    from = match.index + match[0].length;
  }
  if (from < text.length) parts.push(text.slice(from));
  return parts;
}

/**
 * Reads lines that hold no code block; consecutive plain lines are one paragraph with breaks. Quotes do
 * not nest: inside one, `>` is text, as in Discord.
 */
function parseLines(text: string, quoted = false): Block[] {
  const lines = text.split('\n');
  const blocks: Block[] = [];
  let plain: string[] = [];
  const flush = (): void => {
    if (plain.length > 0) blocks.push({ kind: 'paragraph', children: parseInline(plain.join('\n')) });
    plain = [];
  };
  let at = 0;
  while (at < lines.length) {
    const [block, used] = blockAt(lines, at, quoted);
    if (block) {
      flush();
      blocks.push(block);
    } else plain.push(lines[at] ?? '');
    at += used;
  }
  flush();
  return blocks;
}

function blockAt(lines: string[], at: number, quoted: boolean): [Block | null, number] {
  const line = lines[at] ?? '';
  const heading = HEADING.exec(line);
  if (heading) {
    const level = (heading[1]?.length ?? 1) as 1 | 2 | 3;
    return [{ kind: 'heading', level, children: parseInline(heading[2] ?? '') }, 1];
  }
  const subtext = SUBTEXT.exec(line);
  if (subtext) return [{ kind: 'subtext', children: parseInline(subtext[1] ?? '') }, 1];
  if (!quoted && line.startsWith('>>> ')) {
    const rest = [line.slice(4), ...lines.slice(at + 1)];
    return [{ kind: 'quote', children: parseLines(rest.join('\n'), true) }, rest.length];
  }
  if (!quoted && QUOTE.test(line)) return quoteAt(lines, at);
  if (ITEM.test(line)) return listAt(lines, at, 0);
  return [null, 1];
}

function quoteAt(lines: string[], at: number): [Block, number] {
  const inner: string[] = [];
  while (at + inner.length < lines.length) {
    const match = QUOTE.exec(lines[at + inner.length] ?? '');
    if (!match) break;
    inner.push(match[1] ?? '');
  }
  return [{ kind: 'quote', children: parseLines(inner.join('\n'), true) }, inner.length];
}

/** Reads the list starting at line `at`; items indented deeper than its first become nested lists. */
function listAt(lines: string[], at: number, depth: number): [Block, number] {
  const first = ITEM.exec(lines[at] ?? '');
  const indent = first?.[1]?.length ?? 0;
  const ordered = first?.[3] !== undefined;
  const items: ListItem[] = [];
  let used = 0;
  while (at + used < lines.length) {
    const match = ITEM.exec(lines[at + used] ?? '');
    if (!match) break;
    const deeper = (match[1]?.length ?? 0) - indent;
    const last = items.at(-1);
    if (deeper >= 2 && last && depth < MAX_LIST_DEPTH) {
      const [nested, count] = listAt(lines, at + used, depth + 1);
      last.nested.push(nested);
      used += count;
      continue;
    }
    if (deeper < 0 && depth > 0) break;
    if ((match[3] !== undefined) !== ordered) break;
    items.push({ children: parseInline(match[4] ?? ''), nested: [] });
    used++;
  }
  return [{ kind: 'list', ordered, start: Number(first?.[3] ?? 1), items }, Math.max(used, 1)];
}

/**
 * The text a reader would see, marks removed; used for reply previews and labels.
 * @param names of those it mentions, by id
 */
export function plainText(text: string, names: ReadonlyMap<string, string> = new Map()): string {
  return text
    .replace(/<@!?(\d+)>/g, (_mention, id: string) => `@${names.get(id) ?? 'unknown-user'}`)
    .replace(/```(?:[\w+-]{1,20}\n)?/g, '')
    .replace(/[*_~|`]{2,}/g, '')
    .replace(/\s+/g, ' ')
    .trim();
}
