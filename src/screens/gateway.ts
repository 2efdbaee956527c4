/** https://docs.discord.com/developers/topics/opcodes-and-status-codes#gateway-gateway-close-event-codes */
const CLOSE_REASONS: Record<number, string> = {
  4004: 'the token in DISCORD_TOKEN is not valid',
  4010: 'invalid shard',
  4011: 'sharding is required for this many servers',
  4012: 'this gateway version is no longer served',
  4013: 'invalid intents',
  4014: 'an intent is not allowed for this application',
};

/** That Discord won't have the bot any more, by the gateway's close code. */
export function gatewayClosedText(code: number): string {
  return `Discord closed the gateway for good: ${CLOSE_REASONS[code] ?? 'no reason known'} (${code})`;
}
