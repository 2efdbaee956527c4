import type { Inline } from './ast.js';

type Rule = { pattern: RegExp; build(match: RegExpExecArray, depth: number): Inline | null };

/** Beyond this nesting, marks are shown as they were typed (a message cannot make the parser recurse on). */
const MAX_DEPTH = 8;

const SPAN = (kind: 'bold' | 'italic' | 'underline' | 'strike' | 'spoiler', pattern: RegExp): Rule => ({
  pattern,
  build: (match, depth) => ({ kind, children: parseInline(match[1] ?? '', depth + 1) }),
});

/** Tried in this order at each position; every pattern is sticky (`y`) and must consume something. */
const RULES: Rule[] = [
  { pattern: /\\([^\sA-Za-z0-9])/y, build: (m) => ({ kind: 'text', text: m[1] ?? '' }) },
  {
    pattern: /(`+)([^`]|[^`][\s\S]*?[^`])\1(?!`)/y,
    build: (m) => ({ kind: 'code', text: trimCode(m[2] ?? '') }),
  },
  { pattern: /\n/y, build: () => ({ kind: 'break' }) },
  SPAN('bold', /\*\*((?:\\[\s\S]|[^\\])+?)\*\*(?!\*)/y),
  SPAN('underline', /__((?:\\[\s\S]|[^\\])+?)__(?!_)/y),
  SPAN('italic', /\*(?![\s*])((?:\*\*|\\[\s\S]|[^*\\])+?)(?<!\s)\*(?!\*)/y),
  SPAN('italic', /_(?!_)((?:__|\\[\s\S]|[^_\\])+?)_(?![_A-Za-z0-9])/y),
  SPAN('strike', /~~((?:\\[\s\S]|[^\\])+?)~~(?!~)/y),
  SPAN('spoiler', /\|\|((?:\\[\s\S]|[^\\])+?)\|\|/y),
  { pattern: /<@!?(\d{15,20})>/y, build: (m) => ({ kind: 'user', id: m[1] ?? '' }) },
  { pattern: /<@&(\d{15,20})>/y, build: (m) => ({ kind: 'role', id: m[1] ?? '' }) },
  { pattern: /<#(\d{15,20})>/y, build: (m) => ({ kind: 'channel', id: m[1] ?? '' }) },
  { pattern: /@(everyone|here)\b/y, build: (m) => ({ kind: 'everyone', text: m[0] }) },
  {
    pattern: /<\/([^:>]{1,100}):(\d{1,20})>/y,
    build: (m) => ({ kind: 'command', name: m[1] ?? '', id: m[2] ?? '' }),
  },
  { pattern: /<a?:(\w{2,32}):\d{15,20}>/y, build: (m) => ({ kind: 'emoji', name: m[1] ?? '' }) },
  { pattern: /<t:(-?\d{1,13})(?::([tTdDfFRsS]))?>/y, build: (m) => time(m[1] ?? '', m[2] ?? 'f') },
  { pattern: /\[((?:\\[\s\S]|[^[\]\\])+)\]\(<?(https?:\/\/[^\s()<>]+)>?\)/y, build: maskedLink },
  { pattern: /<(https?:\/\/[^\s<>]+)>/y, build: (m) => link(m[1] ?? '') },
  { pattern: /https?:\/\/[^\s<>]*[^\s<>.,:;"')\]!?*_~|`]/y, build: (m) => link(m[0]) },
];

/** Characters at which some rule may start; everything else is plain text and is skipped in one go. */
const PLAIN = /[^\\`\n*_~|<@[h]+/y;

/**
 * Reads Discord's inline markdown. Never throws; what is no markup stays text. Links become nodes only
 * for http and https.
 */
export function parseInline(text: string, depth = 0): Inline[] {
  if (depth >= MAX_DEPTH) return text === '' ? [] : [{ kind: 'text', text }];
  const out: Inline[] = [];
  let at = 0;
  while (at < text.length) {
    const [node, length] = plainAt(text, at) ?? ruleAt(text, at, depth) ?? charAt(text, at);
    push(out, node);
    at += length;
  }
  return out;
}

type Step = [Inline, number];

function plainAt(text: string, at: number): Step | null {
  PLAIN.lastIndex = at;
  const match = PLAIN.exec(text);
  return match ? [{ kind: 'text', text: match[0] }, match[0].length] : null;
}

function ruleAt(text: string, at: number, depth: number): Step | null {
  for (const rule of RULES) {
    // `_` inside a word (buy_to_close) is no markup, as in Discord.
    if (text[at] === '_' && at > 0 && /[A-Za-z0-9]/.test(text[at - 1] ?? '')) return null;
    rule.pattern.lastIndex = at;
    const match = rule.pattern.exec(text);
    const node = match && rule.build(match, depth);
    if (match && node) return [node, match[0].length];
  }
  return null;
}

function charAt(text: string, at: number): Step {
  return [{ kind: 'text', text: text[at] ?? '' }, 1];
}

function push(out: Inline[], node: Inline): void {
  const last = out.at(-1);
  if (node.kind === 'text' && last?.kind === 'text') last.text += node.text;
  else out.push(node);
}

/** One space inside each fence is padding that lets code begin or end with a backtick. */
function trimCode(code: string): string {
  return /^ .*` $|^ `.* $/s.test(code) ? code.slice(1, -1) : code;
}

/** The widest instant a Date can hold, in seconds. */
const MAX_UNIX = 8_640_000_000_000;

function time(seconds: string, style: string): Inline | null {
  const unix = Number(seconds);
  return Math.abs(unix) <= MAX_UNIX ? { kind: 'time', unix, style } : null;
}

function link(url: string): Inline | null {
  return safeUrl(url) ? { kind: 'link', url, children: [{ kind: 'text', text: url }] } : null;
}

function maskedLink(match: RegExpExecArray, depth: number): Inline | null {
  const url = match[2] ?? '';
  return safeUrl(url) ? { kind: 'link', url, children: parseInline(match[1] ?? '', depth + 1) } : null;
}

/** The address if it is an absolute http(s) one, else null: nothing else ever becomes a link or a source. */
export function safeUrl(url: string | null | undefined): string | null {
  if (!url) return null;
  try {
    const { protocol } = new URL(url);
    return protocol === 'http:' || protocol === 'https:' ? url : null;
  } catch {
    return null;
  }
}
