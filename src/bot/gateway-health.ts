import { type Client, Events, Status } from 'discord.js';

/** The gateway as it really is: after a fatal close discord.js goes on calling the client ready. */
export type GatewayHealth = { connected: boolean; state: string; pingMs: number | null };

export function gatewayHealth(client: Client): GatewayHealth {
  const shards = [...client.ws.shards.values()];
  const worst = shards.find(({ status }) => status !== Status.Ready) ?? shards[0];
  const ping = client.ws.ping;
  return {
    connected: shards.length > 0 && shards.every(({ status }) => status === Status.Ready),
    state: worst ? words(Status[worst.status] ?? 'unknown') : 'not connected',
    pingMs: ping >= 0 ? Math.round(ping) : null,
  };
}

/**
 * Calls back when Discord closed a shard for good (bad token, disallowed intents, …): discord.js emits
 * `shardDisconnect` only for closes it won't recover from.
 */
export function onFatalClose(client: Client, tell: (reason: string) => void): void {
  client.on(Events.ShardDisconnect, ({ code }) => {
    // 1000 is our own goodbye.
    if (code !== 1000)
      tell(`Discord closed the gateway for good: ${CLOSE_REASONS[code] ?? 'no reason known'} (${code})`);
  });
}

/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const CLOSE_REASONS: Record<number, string> = {
  4004: 'the token in DISCORD_TOKEN is not valid',
  4010: 'invalid shard',
  4011: 'sharding is required for this many servers',
  4012: 'this gateway version is no longer served',
  4013: 'invalid intents',
  4014: 'an intent is not allowed for this application',
};

function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
