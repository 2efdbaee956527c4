import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Block, Inline } from '../../../page/markdown/ast.js';
import { parseInline, safeUrl } from '../../../page/markdown/inline.js';
import { parseMarkdown, plainText } from '../../../page/markdown/parse.js';

const text = (value: string): Inline => ({ kind: 'text', text: value });

describe('inline markdown', () => {
  it.each<[string, Inline[]]>([
    ['plain', [text('plain')]],
    ['**bold**', [{ kind: 'bold', children: [text('bold')] }]],
    [
      '*it* _it_',
      [{ kind: 'italic', children: [text('it')] }, text(' '), { kind: 'italic', children: [text('it')] }],
    ],
    ['__under__', [{ kind: 'underline', children: [text('under')] }]],
    ['~~gone~~', [{ kind: 'strike', children: [text('gone')] }]],
    ['||secret||', [{ kind: 'spoiler', children: [text('secret')] }]],
    ['`a **b**`', [{ kind: 'code', text: 'a **b**' }]],
    ['``a`b``', [{ kind: 'code', text: 'a`b' }]],
    ['\\*not\\*', [text('*not*')]],
    ['two\nlines', [text('two'), { kind: 'break' }, text('lines')]],
    ['<@843931509428715525>', [{ kind: 'user', id: '843931509428715525' }]],
    ['<@&843931509428715525>', [{ kind: 'role', id: '843931509428715525' }]],
    ['<#843931509428715525>', [{ kind: 'channel', id: '843931509428715525' }]],
    ['</targets:12>', [{ kind: 'command', id: '12', name: 'targets' }]],
    ['<:tick:843931509428715525>', [{ kind: 'emoji', name: 'tick' }]],
    ['<t:1700000000>', [{ kind: 'time', unix: 1_700_000_000, style: 'f' }]],
    ['<t:1700000000:R>', [{ kind: 'time', unix: 1_700_000_000, style: 'R' }]],
    ['<t:1700000000:x>', [text('<t:1700000000:x>')]],
    ['<t:9999999999999:R>', [text('<t:9999999999999:R>')]],
    ['@everyone', [{ kind: 'everyone', text: '@everyone' }]],
  ])('reads %j', (source, expected) => {
    expect(parseInline(source)).toEqual(expected);
  });

  it('nests marks: bold holding italic holding code', () => {
    expect(parseInline('**a *b `c`***')).toEqual([
      {
        kind: 'bold',
        children: [text('a '), { kind: 'italic', children: [text('b '), { kind: 'code', text: 'c' }] }],
      },
    ]);
  });

  it.each(['buy_to_close', '2 * 3 * 4', '**', '* *', '<@12>', 'a|b', '~~', '<t:abc>', '`', '[a](b)'])(
    'leaves %j as it was typed',
    (source) => {
      expect(parseInline(source)).toEqual([text(source)]);
    },
  );

  it('links bare and masked addresses, without the full stop behind them', () => {
    const url = 'https://example.com/a_b?c=1';
    expect(parseInline(`see ${url}.`)).toEqual([
      text('see '),
      { kind: 'link', url, children: [text(url)] },
      text('.'),
    ]);
    expect(parseInline(`[the **page**](${url})`)).toEqual([
      { kind: 'link', url, children: [text('the '), { kind: 'bold', children: [text('page')] }] },
    ]);
  });

  it.each([
    'javascript:alert(1)',
    'data:text/html,x',
    'ftp://example.com/x',
    '//example.com',
    '/local/state',
    'vbscript:x',
    ' https',
    '',
  ])('makes no link of %j', (url) => {
    expect(safeUrl(url)).toBeNull();
    expect(kinds(parseInline(`[x](${url}) <${url}> ${url}`))).not.toContain('link');
  });
});

describe('markdown blocks', () => {
  it('reads headings, subtext, quotes and paragraphs', () => {
    expect(
      parseMarkdown('# One\n## Two\n### Three\n-# small\n> said\n> more\nlast').map(({ kind }) => kind),
    ).toEqual(['heading', 'heading', 'heading', 'subtext', 'quote', 'paragraph']);
  });

  it('reads everything behind >>> as one quote', () => {
    const [quote, ...rest] = parseMarkdown('>>> a\nb\n- c');
    expect(rest).toEqual([]);
    expect(quote).toMatchObject({ kind: 'quote', children: [{ kind: 'paragraph' }, { kind: 'list' }] });
  });

  it('nests lists by indentation and keeps the first number', () => {
    expect(parseMarkdown('3. a\n4. b\n  - c\n  - d\n5. e')).toEqual([
      {
        kind: 'list',
        ordered: true,
        start: 3,
        items: [
          { children: [text('a')], nested: [] },
          {
            children: [text('b')],
            nested: [
              {
                kind: 'list',
                ordered: false,
                start: 1,
                items: [
                  { children: [text('c')], nested: [] },
                  { children: [text('d')], nested: [] },
                ],
              },
            ],
          },
          { children: [text('e')], nested: [] },
        ],
      },
    ]);
  });

  it('reads nothing inside a code block as markup, and keeps its spaces', () => {
    expect(parseMarkdown('before\n```js\n  # **x**\n```\nafter')).toEqual([
      { kind: 'paragraph', children: [text('before')] },
      { kind: 'codeblock', lang: 'js', text: '  # **x**' },
      { kind: 'paragraph', children: [text('after')] },
    ]);
  });

  it('takes an unclosed code fence as text', () => {
    expect(kinds(flat(parseMarkdown('```js\nabc')))).not.toContain('codeblock');
  });

  it('keeps a dash without a space, and a hash without one, as text', () => {
    expect(parseMarkdown('-1.50\n#37 QQQ')).toEqual([
      { kind: 'paragraph', children: [text('-1.50'), { kind: 'break' }, text('#37 QQQ')] },
    ]);
  });

  it('never throws and never links but to http(s), whatever the text', () => {
    const marks = fc.constantFrom(
      '**',
      '*',
      '_',
      '__',
      '~~',
      '||',
      '`',
      '```',
      '\n',
      '> ',
      '- ',
      '1. ',
      '# ',
      '[',
      '](',
      ')',
      '<',
      '>',
      '\\',
      'http://a.b/',
      'javascript:x',
      '<t:1:R>',
      '<@843931509428715525>',
      ' ',
      'x',
    );
    fc.assert(
      fc.property(fc.array(fc.oneof(marks, fc.string({ maxLength: 4 })), { maxLength: 60 }), (parts) => {
        for (const node of flat(parseMarkdown(parts.join('')))) {
          if (node.kind === 'link') expect(node.url).toMatch(/^https?:\/\//);
        }
      }),
      { numRuns: 400 },
    );
  });

  it('keeps every letter and digit of a text without marks', () => {
    fc.assert(
      fc.property(fc.stringMatching(/^[A-Za-z0-9 ,.$%/=+()-]{0,80}$/), (source) => {
        const shown = flat(parseMarkdown(source)).map((node) => (node.kind === 'text' ? node.text : ''));
        expect(shown.join('').replace(/\W/g, '')).toBe(
          source.replace(/^\s*\d+\.\s+(?=\S)/, '').replace(/\W/g, ''),
        );
      }),
    );
  });

  it('is done with 4,000 characters of opened marks at once', () => {
    for (const mark of ['**', '_', '||', '`', '[', '~~a', '*a', '> ', '- ']) {
      expect(() => parseMarkdown(mark.repeat(4000 / mark.length))).not.toThrow();
    }
  }, 5_000);
});

describe('the plain summary of a text', () => {
  it('drops fences and marks and folds white space', () => {
    expect(plainText('<@7> **1 placed**', new Map([['7', 'Tess']]))).toBe('@Tess 1 placed');
    expect(plainText('**Preview**\n```js\ncode\n```')).toBe('Preview code');
  });
});

/** Every inline node of a tree, at any depth. */
function flat(blocks: Block[]): (Inline | Block)[] {
  return blocks.flatMap((block): (Inline | Block)[] => {
    if (block.kind === 'codeblock') return [block];
    if (block.kind === 'list') {
      return block.items.flatMap((item) => [...inner(item.children), ...flat(item.nested)]);
    }
    return block.kind === 'quote' ? flat(block.children) : inner(block.children);
  });
}

function inner(nodes: Inline[]): Inline[] {
  return nodes.flatMap((node) => ('children' in node ? [node, ...inner(node.children)] : [node]));
}

function kinds(nodes: (Inline | Block)[]): string[] {
  return nodes.map(({ kind }) => kind);
}
