import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseLossless } from '../../src/brokers/tastytrade/json.js';

/**
 * The plain way, by one pattern for strings and numbers and a function for every match. It says what is right, to the
 * letter of the text that the parser is given.
 */
function plainly(text: string): unknown {
  const token = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;
  return JSON.parse(text.replace(token, (each) => (each.startsWith('"') ? each : `"${each}"`)));
}

function outcome(parse: (text: string) => unknown, text: string): unknown {
  try {
    return { value: parse(text) };
  } catch (error) {
    return (error as Error).name;
  }
}

/** The same value with every number as its literal text. */
function stringified(value: unknown): unknown {
  if (typeof value === 'number') return JSON.stringify(value);
  if (Array.isArray(value)) return value.map(stringified);
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).map(([key, inner]) => [key, stringified(inner)] as const);
  const copy = Object.create(null) as Record<string, unknown>;
  for (const [key, inner] of entries) copy[key] = inner;
  return copy;
}

describe('parseLossless', () => {
  it('keeps the literal text of a number, however long', () => {
    expect(parseLossless('{"p":1.10,"id":9007199254740993123,"z":-0.050,"e":1E-7}')).toEqual({
      p: '1.10',
      id: '9007199254740993123',
      z: '-0.050',
      e: '1E-7',
    });
  });

  it('leaves digits, escapes and quotes inside strings and keys alone', () => {
    const text = String.raw`{"a 1\"2": "x\\", "b": "\u0031 -5 \\\" 6", "7": [true, null, "8"]}`;
    expect(parseLossless(text)).toEqual(JSON.parse(text));
  });

  it('agrees with JSON.parse on every value but for numbers being text', () => {
    fc.assert(
      fc.property(fc.json({ maxDepth: 4 }), (text) => {
        expect(parseLossless(text)).toEqual(stringified(JSON.parse(text)));
      }),
    );
  });

  it('says the same as a plain reading by pattern of any text, JSON or a little off', () => {
    const piece = fc.constantFrom(
      ...[
        '{',
        '}',
        '[',
        ']',
        ':',
        ',',
        '"',
        '\\',
        '\\"',
        ' ',
        '\n',
        '-',
        '+',
        '.',
        'e',
        'E',
        '0',
        '01',
        '12',
        '3.50',
      ],
      ...['1e5', '-0.1', '1-2', '1.2.3', 'true', 'null', 'NaN', '"a"', '"1,2"', '"\\\\"', '"a":', '\u00e9'],
    );
    const soup = fc.array(piece, { maxLength: 14 }).map((pieces) => pieces.join(''));
    const cut = fc
      .tuple(fc.json({ maxDepth: 3 }), fc.nat(), fc.nat({ max: 3 }), piece)
      .map(([text, at, length, put]) => {
        const from = at % (text.length + 1);
        return text.slice(0, from) + put + text.slice(from + length);
      });
    fc.assert(
      fc.property(fc.oneof(soup, cut), (text) => {
        expect(outcome(parseLossless, text)).toEqual(outcome(plainly, text));
      }),
      { numRuns: 5_000 },
    );
  });

  it('refuses what is not JSON, numbers with leading zeros or a plus included', () => {
    for (const text of [
      '',
      '<html>',
      '{"a":01}',
      '{"a":+1}',
      '{"a":1.}',
      '{"a":.5}',
      '{"a":NaN}',
      '{"a":"',
      '{1:2}x',
    ]) {
      expect(() => parseLossless(text), text).toThrow(SyntaxError);
    }
  });

  // Quadratic matching of this takes minutes, far beyond the test's own limit.
  it('takes linear time on an unterminated string', () => {
    expect(() => parseLossless(`"${'\\"'.repeat(200_000)}`)).toThrow(SyntaxError);
  });
});
