/** What `parseLossless` gives: like JSON, but every number is its literal text. */
export type Json = string | boolean | null | Json[] | { [key: string]: Json };

/** A JSON number, whole. */
const NUMBER = /^-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?$/;

/**
 * Parses JSON without ever making a JS number: `1.10` arrives as `"1.10"`, a 19-digit order id keeps its last
 * digits. tastytrade sends the same field now as a number, now as a string; after this there is one form.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseLossless(text: string): Json {
  return JSON.parse(withQuotedNumbers(text)) as Json;
}

/** Goes from number to number and passes over strings, so that the parser sees every other character as it came. */
function withQuotedNumbers(text: string): string {
  let quoted = '';
  let copied = 0;
  for (let at = 0; at < text.length; at += 1) {
    const code = text.charCodeAt(at);
    if (code === QUOTE) at = endOfString(text, at);
    else if (code === MINUS || isDigit(code)) {
      const end = endOfNumber(text, at);
      const token = text.slice(at, end);
      // What only looks like a number is left for the parser to refuse.
      if (NUMBER.test(token)) {
        quoted += `${text.slice(copied, at)}"${token}"`;
        copied = end;
      }
      at = end - 1;
    }
  }
  return quoted + text.slice(copied);
}

const [QUOTE, BACKSLASH, PLUS, MINUS, POINT] = [0x22, 0x5c, 0x2b, 0x2d, 0x2e];
const [ZERO, NINE, UPPER_E, LOWER_E] = [0x30, 0x39, 0x45, 0x65];

/** Where the quote is that ends the string begun at `start`; the end of the text if none does. */
function endOfString(text: string, start: number): number {
  let at = text.indexOf('"', start + 1);
  while (at >= 0 && isEscaped(text, at, start)) at = text.indexOf('"', at + 1);
  return at < 0 ? text.length : at;
}

/** An odd number of backslashes before it. */
function isEscaped(text: string, at: number, start: number): boolean {
  let from = at;
  while (from - 1 > start && text.charCodeAt(from - 1) === BACKSLASH) from -= 1;
  return (at - from) % 2 === 1;
}

function endOfNumber(text: string, start: number): number {
  let at = start + 1;
  while (at < text.length && isOfNumber(text.charCodeAt(at))) at += 1;
  return at;
}

function isOfNumber(code: number): boolean {
  return (
    isDigit(code) || code === POINT || code === PLUS || code === MINUS || code === UPPER_E || code === LOWER_E
  );
}

function isDigit(code: number): boolean {
  return code >= ZERO && code <= NINE;
}
