/** What `parseLossless` gives: like JSON, but every number is its literal text. */
export type Json = string | boolean | null | Json[] | { [key: string]: Json };

/**
 * A JSON string, or a JSON number. Strings are matched first so that digits inside them stay untouched.
 * The string part always matches once begun (a missing end is left for the parser to refuse) and has no nested
 * repetition, so hostile text costs linear time.
 */
const TOKEN = /"[^"\\]*(?:\\.[^"\\]*)*"?|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/g;

/**
 * Parses JSON without ever making a JS number: `1.10` arrives as `"1.10"`, a 19-digit order id keeps its last
 * digits. tastytrade sends the same field now as a number, now as a string; after this there is one form.
 *
 * @throws SyntaxError if the text is not JSON
 */
export function parseLossless(text: string): Json {
  return JSON.parse(text.replace(TOKEN, (token) => (token.startsWith('"') ? token : `"${token}"`))) as Json;
}
