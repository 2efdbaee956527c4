import { DefaultRestOptions, GatewayIntentBits, type RESTOptions } from 'discord.js';
import type { Secrets } from '../secrets.js';
import { LastingClient } from './lasting-client.js';

const PAUSE_AFTER_429_S = '5';

/**
 * The Discord client: only the GUILDS intent (interactions need none; it fills the channel cache), and no
 * mention ever notifies anybody unless a message asks for it.
 * @param apiUrl another REST base than Discord's own, such as a local server's; null for Discord
 * @param secrets never posted, whatever text of the broker a message repeats
 */
export function createClient(apiUrl: string | null, secrets: Secrets): LastingClient {
  return new LastingClient({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [], repliedUser: false },
    rest: { ...(apiUrl ? { api: apiUrl } : {}), makeRequest: requests(secrets) },
  });
}

/** The one way out to Discord, so that no single message has to be remembered. */
function requests(secrets: Secrets): RESTOptions['makeRequest'] {
  return async (url, init) => {
    const { body } = init;
    const clean = typeof body === 'string' ? { ...init, body: secrets.scrubJson(body) } : init;
    const answer = await DefaultRestOptions.makeRequest(url, clean);
    // A page of whatever stands before Discord: the library knows limits by headers only, and asked at once again.
    if (answer.status === 429 && !answer.headers.has('retry-after')) {
      answer.headers.set('retry-after', PAUSE_AFTER_429_S);
    }
    return answer;
  };
}
