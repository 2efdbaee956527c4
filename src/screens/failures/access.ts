import { haltText } from '../halt.js';
import type { WordsOf } from './words.js';

const ASK = 'Ask whoever runs the bot to add you or one of your roles.';
const NAME_TRADERS = 'Whoever runs it names the traders in TRADER_USER_IDS or TRADER_ROLE_IDS.';
const NAME_SERVER = 'Whoever runs me can name your server in DISCORD_GUILD_ID.';

/** Who may ask, where, and how much at once. */
export const ACCESS_WORDS: WordsOf<
  | 'HALTED'
  | 'HALTED_MEANWHILE'
  | 'READ_ONLY'
  | 'NOBODY_MAY_TRADE'
  | 'NOT_A_TRADER'
  | 'NOT_A_VIEWER'
  | 'WRONG_CHANNEL'
  | 'WRONG_SERVER'
  | 'SERVER_NOT_KNOWN'
  | 'TOO_MUCH_AT_ONCE'
> = {
  HALTED: ({ halt }) => ({
    title: 'Sending is halted',
    what: `Sending was ${haltText(halt)}. This press sent nothing.`,
    hint: '`/resume` lets orders be sent again; this preview can be submitted then while it lasts.',
    saysSent: true,
  }),
  HALTED_MEANWHILE: ({ halt }) => ({
    title: 'Sending is halted',
    what: `While I checked this press, sending was ${haltText(halt)}. Nothing was sent, and this preview is over.`,
    hint: 'After `/resume`, make a fresh preview.',
    saysSent: true,
  }),
  READ_ONLY: () => ({
    title: 'Read-only',
    what: 'This bot is in read-only mode, so nothing was sent.',
    hint: 'Whoever runs it can set READ_ONLY=false and restart it.',
    saysSent: true,
  }),
  NOBODY_MAY_TRADE: ({ to }) => ({
    title: 'No traders set up yet',
    hint: NAME_TRADERS,
    ...(to === 'trade'
      ? { what: 'Nobody may place orders with this bot yet, so nothing was sent.', saysSent: true }
      : { what: 'Nobody may set up reminders or notices with this bot yet.' }),
  }),
  NOT_A_TRADER: ({ to }) => ({ title: 'Traders only', ...NOT_A_TRADER[to] }),
  NOT_A_VIEWER: ({ where }) => ({
    title: 'Traders and viewers only',
    ...NOT_A_VIEWER[where],
    saysSent: true,
  }),
  WRONG_CHANNEL: ({ channelIds }) => ({
    title: 'Not here',
    what: 'I don’t answer in this channel.',
    hint: `Ask me in ${channelIds.map((id) => `<#${id}>`).join(' or ')}.`,
  }),
  WRONG_SERVER: () => ({
    title: 'Not here',
    what: 'I belong to another server and tell nothing here. Nothing was sent.',
    hint: NAME_SERVER,
    saysSent: true,
  }),
  SERVER_NOT_KNOWN: () => ({
    title: 'Not here yet',
    what: 'I don’t know yet which server I belong to. Nothing was sent.',
    hint: 'The first one where a trader asks me something is it; DISCORD_GUILD_ID names one for good.',
    saysSent: true,
  }),
  TOO_MUCH_AT_ONCE: ({ underWay }) => ({
    title: 'One moment',
    what: `I am still working on ${underWay} requests of yours, so I left this one out. Nothing was sent.`,
    hint: 'Wait for their answers, then ask again.',
    saysSent: true,
  }),
};

const NOT_A_TRADER = {
  trade: {
    what: 'Placing orders is for this server’s traders, so nothing was sent.',
    hint: ASK,
    saysSent: true,
  },
  schedule: { what: 'Reminders and notices are for this server’s traders.', hint: ASK },
} as const;

const NOT_A_VIEWER = {
  server: {
    what: 'This account is shown to its traders and viewers only. Nothing was sent.',
    hint: 'Whoever runs the bot can name you in VIEWER_USER_IDS, or one of your roles in VIEWER_ROLE_IDS.',
  },
  'direct-message': {
    what: 'In direct messages I answer named traders and viewers only. Nothing was sent.',
    hint: 'Whoever runs the bot can name you in TRADER_USER_IDS or VIEWER_USER_IDS.',
  },
} as const;
