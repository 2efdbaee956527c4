import type { Clock } from './clock.js';

/** 2015-01-01T00:00:00Z, where Discord's ids begin to count. */
const DISCORD_EPOCH_MS = 1_420_070_400_000;
const INCREMENTS_PER_MS = 4096;

/** Hands out ids that only grow: (ms since 2015) << 22, the low 12 bits counting within one millisecond. */
export class SnowflakeMaker {
  private lastMs = 0;
  private increment = 0;

  constructor(private readonly clock: Clock) {}

  next(): string {
    const ms = Math.max(this.clock.now() - DISCORD_EPOCH_MS, this.lastMs);
    this.increment = ms === this.lastMs ? this.increment + 1 : 0;
    this.lastMs = ms;
    if (this.increment === INCREMENTS_PER_MS) {
      this.lastMs += 1;
      this.increment = 0;
    }
    return ((BigInt(this.lastMs) << 22n) | BigInt(this.increment)).toString();
  }
}

/** Whether the text can be a Discord id. 17 to 20 digits: clients derive rate-limit buckets from that length. */
export function isSnowflake(text: unknown): text is string {
  return typeof text === 'string' && /^\d{17,20}$/.test(text);
}

/** Which of `count` shards serves a guild: Discord's published formula. */
export function shardOf(guildId: string, count: number): number {
  return Number((BigInt(guildId) >> 22n) % BigInt(count));
}
