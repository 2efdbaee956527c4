import { DefaultRestOptions, GatewayIntentBits, Partials, type RESTOptions } from 'discord.js';
import type { Secrets } from '../ports/secrets.js';
import { LastingClient } from './lasting-client.js';

const PAUSE_AFTER_429_S = '5';
const MOST_UNCLEAR = 1_000;

/**
 * The Discord client: only the GUILDS intent (interactions need none; it fills the channel cache), and no
 * mention ever notifies anybody unless a message asks for it.
 * @param apiUrl another REST base than Discord's own, such as a local server's; null for Discord
 * @param secrets never posted, whatever text of the broker a message repeats
 */
export function createClient(apiUrl: string | null, secrets: Secrets): LastingClient {
  const unclear = new Set<string>();
  const options = {
    intents: [GatewayIntentBits.Guilds],
    // A thread the bot never heard of, such as a private one, is known from the interaction's own payload then.
    partials: [Partials.Channel],
    allowedMentions: { parse: [], repliedUser: false },
    rest: { ...(apiUrl ? { api: apiUrl } : {}), makeRequest: requests(secrets, unclear) },
  };
  return new LastingClient(options, unclear);
}

/** The one way out to Discord, so that no single message has to be remembered. */
function requests(secrets: Secrets, unclear: Set<string>): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const { body } = init;
    const told = (json: string) => wellFormed(secrets.scrubJson(json));
    if (body instanceof FormData) mendForm(body, told);
    const clean = typeof body === 'string' ? { ...init, body: told(body) } : init;
    const answer = await DefaultRestOptions.makeRequest(url, clean).catch((error: unknown) => {
      remember(url, unclear);
      throw error;
    });
    if (answer.status >= 500) remember(url, unclear);
    // A page of whatever stands before Discord: the library knows limits by headers only, and asked at once again.
    if (answer.status === 429 && !answer.headers.has('retry-after')) {
      answer.headers.set('retry-after', PAUSE_AFTER_429_S);
    }
    return answer;
  };
}

/** What is said beside files. */
function mendForm(form: FormData, told: (json: string) => string): void {
  const said = form.get('payload_json');
  if (typeof said === 'string') form.set('payload_json', told(said));
}

/**
 * Half an emoji, as a text cut at a limit can end with, is no text to Discord: of a custom id it is known to be answered with
 * 500, at each try. In JSON that `stringify` made, only halves are written as escapes.
 * @see https://github.com/discord/discord-api-docs/issues/6561
 */
function wellFormed(json: string): string {
  return json.replaceAll(/\\\\|\\ud[89a-f][0-9a-f]{2}/g, (found) =>
    found.startsWith('\\u') ? '\ufffd' : found,
  );
}

/** The latest only: an interaction's answer is a matter of seconds. */
function remember(url: string, unclear: Set<string>): void {
  const [, id] = /\/interactions\/(\d+)\//.exec(url) ?? [];
  if (id === undefined) return;
  unclear.add(id);
  const [oldest] = unclear;
  if (unclear.size > MOST_UNCLEAR && oldest !== undefined) unclear.delete(oldest);
}
