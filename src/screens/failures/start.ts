import type { WordsOf } from './words.js';

/** What keeps the bot from starting. */
export const START_WORDS: WordsOf<
  | 'DATABASE_OF_ANOTHER_ENVIRONMENT'
  | 'DATABASE_NEWER'
  | 'DATABASE_NOT_DURABLE'
  | 'DISCORD_TOKEN_REFUSED'
  | 'DISCORD_GATEWAY_REFUSED'
  | 'DISCORD_GUILD_REFUSED'
  | 'DISCORD_COMMANDS_REFUSED'
> = {
  DATABASE_OF_ANOTHER_ENVIRONMENT: ({ owner, environment }) => ({
    what: `This database belongs to ${owner}, and the settings say ${environment}. Nothing was started.`,
    hint: `Give ${environment} a database of its own, such as DATABASE_URL=sqlite:./data/${environment.toLowerCase()}.sqlite`,
  }),
  DATABASE_NEWER: ({ migrations }) => ({
    what: `The database was written by a newer version of this bot (it has ${migrations.join(', ')}).`,
    hint: 'Start the newer version, or restore a backup made before it ran.',
  }),
  DATABASE_NOT_DURABLE: () => ({
    what: 'PostgreSQL answers before commits are on disk (synchronous_commit is off).',
    hint: 'Run: ALTER DATABASE <name> SET synchronous_commit = on',
  }),
  DISCORD_TOKEN_REFUSED: () => ({
    what: 'Discord refuses the token in DISCORD_TOKEN.',
    hint: 'Bot page of your application > Reset Token, and put the new one into DISCORD_TOKEN.',
  }),
  DISCORD_GATEWAY_REFUSED: ({ said }) => ({
    what: `Discord closed the gateway for good: ${said.toLowerCase()}.`,
    hint: 'Bot page of your application > Privileged Gateway Intents; the bot itself needs none of them.',
  }),
  DISCORD_GUILD_REFUSED: () => ({
    what: 'Discord takes no commands for the server of DISCORD_GUILD_ID: the bot is not in it.',
    hint:
      'Correct DISCORD_GUILD_ID (Developer Mode > right-click the server > Copy Server ID), or invite the bot with ' +
      'the scopes bot and applications.commands.',
  }),
  DISCORD_COMMANDS_REFUSED: ({ said }) => ({
    what: `Discord takes none of the commands: ${said}`,
    hint: 'Run `npm run doctor`, and see whether there is a newer version of the bot.',
  }),
};
