/** Discord counts its ids' milliseconds from here (2015). */
const DISCORD_EPOCH = 1_420_070_400_000n;

/** The smallest id a message of this instant can have. */
export function idAt(at: Date): string {
  const since = BigInt(at.getTime()) - DISCORD_EPOCH;
  return String((since < 0n ? 0n : since) << 22n);
}
