import { readFileSync } from 'node:fs';
import { parseAst } from 'vite';

/** A text of the source that people might read. */
export interface Sentence {
  file: string;
  line: number;
  text: string;
}

/** Errors whose text nobody but a log tells. */
const FOR_THE_LOG = [
  ...['Error', 'RangeError', 'TypeError', 'StoreRefusal', 'DatabaseFailure', 'ArchiveUnreadable'],
  ...['NothingToTellYet', 'NoTurn'],
];

/** What is logged, asked of a database, compared with others' words, or describes a command to Discord. */
const CALLS = [
  /\b(?:log|logger)\??\.(?:trace|debug|info|warn|error|fatal)$/,
  /\.(?:query|where|andWhere|orWhere|addSelect|set)$/,
  /\.(?:includes|startsWith|endsWith)$/,
  /\.setDescription$/,
  /^super$/,
];

const SQL = /^\s*(?:SELECT|INSERT|UPDATE|DELETE|CREATE|ALTER|DROP|SET|PRAGMA|BEGIN|NOT EXISTS|EXISTS|CASE)\b/;

interface Node {
  type: string;
  start: number;
  end: number;
  [key: string]: unknown;
}

/** English in the string literals and templates of a file, but for what no person is told. */
export function sentencesIn(file: string, source = readFileSync(file, 'utf8')): Sentence[] {
  const found: Sentence[] = [];
  const visit = (node: unknown, parents: readonly Node[]): void => {
    if (Array.isArray(node)) for (const each of node) visit(each, parents);
    if (!isNode(node) || node.type === 'ImportDeclaration') return;
    const text = textOf(node);
    if (text !== null && isSentence(text) && !isExempt(file, node, parents, source)) {
      found.push({ file, line: source.slice(0, node.start).split('\n').length, text });
    }
    for (const [key, child] of Object.entries(node)) if (key !== 'type') visit(child, [...parents, node]);
  };
  visit(parseAst(source, { lang: 'ts' }), []);
  return found;
}

function isNode(value: unknown): value is Node {
  return typeof value === 'object' && value !== null && 'type' in value && 'start' in value;
}

/** A literal's text, with ‘…’ where a template has a value. */
function textOf(node: Node): string | null {
  if (node.type === 'Literal') return typeof node.value === 'string' ? node.value : null;
  if (node.type !== 'TemplateLiteral') return null;
  return (node.quasis as { value: { cooked: string } }[]).map(({ value }) => value.cooked).join('…');
}

/** Four words, or three with a full stop behind: names, titles and codes have fewer. */
export function isSentence(text: string): boolean {
  if (SQL.test(text)) return false;
  const words = text.split(/\s+/).filter((piece) => /^["“(]?[A-Za-z][a-z'’]*[,.;:!?)”"]*$/.test(piece));
  return words.length >= 4 || (words.length === 3 && /[a-z)][.!?]$/.test(text.trim()));
}

/** By the nearest call, error or comparison around it; a function in between is something else's text. */
function isExempt(file: string, node: Node, parents: readonly Node[], source: string): boolean {
  const textAt = ({ start, end }: Node) => source.slice(start, end).replace(/\s+/g, '');
  let child = node;
  for (const parent of parents.toReversed()) {
    if (/Function|Method/.test(parent.type)) return false;
    if (parent.type === 'Property' && isNamed(parent, 'msg')) return true;
    if (parent.type === 'Property' && isNamed(parent, 'description') && /^src\/commands\//.test(file))
      return true;
    if (parent.type === 'BinaryExpression' && /^[!=]==$/.test(String(parent.operator))) return true;
    if (parent.type === 'NewExpression') {
      return FOR_THE_LOG.includes(textAt(parent.callee as Node));
    }
    if (parent.type === 'CallExpression' && child !== parent.callee) {
      const callee = textAt(parent.callee as Node);
      if (CALLS.some((call) => call.test(callee))) return true;
    }
    child = parent;
  }
  return false;
}

/** `msg` is what a line of the log says, `description` what Discord is told of a command or its option. */
function isNamed({ key }: Node, name: 'msg' | 'description'): boolean {
  return isNode(key) && key.name === name;
}
