/** Gateway opcodes, close codes and intents of Discord's v10 (official docs). */
export const Op = {
  dispatch: 0,
  heartbeat: 1,
  identify: 2,
  presence: 3,
  voiceState: 4,
  resume: 6,
  reconnect: 7,
  requestMembers: 8,
  invalidSession: 9,
  hello: 10,
  heartbeatAck: 11,
} as const;

export const Close = {
  unknownError: 4000,
  unknownOp: 4001,
  decodeError: 4002,
  notAuthenticated: 4003,
  authenticationFailed: 4004,
  alreadyAuthenticated: 4005,
  rateLimited: 4008,
  sessionTimedOut: 4009,
  invalidShard: 4010,
  invalidVersion: 4012,
  invalidIntents: 4013,
  disallowedIntents: 4014,
} as const;

export const Intent = {
  guilds: 1 << 0,
  guildMembers: 1 << 1,
  guildPresences: 1 << 8,
  guildMessages: 1 << 9,
  guildTyping: 1 << 11,
  directMessages: 1 << 12,
  directTyping: 1 << 14,
  messageContent: 1 << 15,
} as const;

/** Bits 0-16, 20, 21, 24 and 25 exist; anything else closes with 4013. */
const KNOWN_INTENTS = ((1 << 17) - 1) | (1 << 20) | (1 << 21) | (1 << 24) | (1 << 25);

const PRIVILEGED = {
  GUILD_MEMBERS: Intent.guildMembers,
  GUILD_PRESENCES: Intent.guildPresences,
  MESSAGE_CONTENT: Intent.messageContent,
} as const;

export type PrivilegedIntent = keyof typeof PRIVILEGED;

/** The close code an identify's intents earn, or null when they are fine. */
export function intentsFault(intents: unknown, switchedOn: readonly PrivilegedIntent[]): number | null {
  if (!Number.isInteger(intents) || ((intents as number) & ~KNOWN_INTENTS) !== 0) return Close.invalidIntents;
  const asked = intents as number;
  const refused = Object.entries(PRIVILEGED).some(
    ([name, bit]) => (asked & bit) !== 0 && !switchedOn.includes(name as PrivilegedIntent),
  );
  return refused ? Close.disallowedIntents : null;
}
