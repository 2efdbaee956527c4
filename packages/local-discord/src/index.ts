export { OffsetClock } from './base/clock.js';
export { PERMISSION_BITS, permissionsIn } from './base/permissions.js';
export { type LocalDiscord, type LocalDiscordOptions, startLocalDiscord } from './server.js';
