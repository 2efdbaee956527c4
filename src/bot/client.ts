import { Client, DefaultRestOptions, GatewayIntentBits, type RESTOptions } from 'discord.js';
import type { Secrets } from '../secrets.js';

/**
 * The Discord client: only the GUILDS intent (interactions need none; it fills the channel cache), and no
 * mention ever notifies anybody unless a message asks for it.
 * @param apiUrl another REST base than Discord's own, such as a local server's; null for Discord
 * @param secrets never posted, whatever text of the broker a message repeats
 */
export function createClient(apiUrl: string | null, secrets: Secrets): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [], repliedUser: false },
    rest: { ...(apiUrl ? { api: apiUrl } : {}), makeRequest: withoutSecrets(secrets) },
  });
}

/** The one way out to Discord, so that no single message has to be remembered. */
function withoutSecrets(secrets: Secrets): RESTOptions['makeRequest'] {
  return (url, init) => {
    const { body } = init;
    const clean = typeof body === 'string' ? { ...init, body: secrets.scrubJson(body) } : init;
    return DefaultRestOptions.makeRequest(url, clean);
  };
}
