import { Client, GatewayIntentBits } from 'discord.js';

/**
 * The Discord client: only the GUILDS intent (interactions need none; it fills the channel cache), and no
 * mention ever notifies anybody unless a message asks for it.
 * @param apiUrl another REST base than Discord's own, such as a local server's; null for Discord
 */
export function createClient(apiUrl: string | null): Client {
  return new Client({
    intents: [GatewayIntentBits.Guilds],
    allowedMentions: { parse: [], repliedUser: false },
    ...(apiUrl ? { rest: { api: apiUrl } } : {}),
  });
}
