import { type Client, Events, Status } from 'discord.js';
import { gatewayClosedText } from '../screens/gateway.js';

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
    if (code !== 1000) tell(gatewayClosedText(code));
  });
}

function words(name: string): string {
  return name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
}
