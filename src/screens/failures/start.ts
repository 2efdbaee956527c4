import type { Failures, ProfitTargetsFault, SettingFault, SettingsProblem } from '../../domain/failures.js';
import type { WordsOf } from './words.js';

/** What keeps the bot from starting. */
export const START_WORDS: WordsOf<
  | 'DATABASE_OF_ANOTHER_ENVIRONMENT'
  | 'DATABASE_NEWER'
  | 'DATABASE_NOT_DURABLE'
  | 'DATABASE_UNREACHABLE'
  | 'DATABASE_URL_INVALID'
  | 'SETTINGS_INVALID'
  | 'PAPER_STATE_IN_USE'
  | 'LOCAL_SERVER_FAILED'
  | 'PROFIT_TARGETS_INVALID'
  | 'BROKER_URL_REFUSED'
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
  DATABASE_UNREACHABLE: ({ name, said }) => ({
    what: `The database (${name}) can't be opened: ${said}`,
    hint: 'Check DATABASE_URL, and that the bot may read and write there.',
  }),
  DATABASE_URL_INVALID: ({ why }) => ({
    what: `DATABASE_URL can't be used: ${DATABASE_URL_FAULTS[why]}.`,
    hint: 'Examples: sqlite:./data/bot.sqlite, postgres://bot@localhost/bot',
  }),
  SETTINGS_INVALID: ({ problems }) => ({
    what: [
      'These settings need attention (nothing was started):',
      ...problems.map((problem) => `  - ${settingsProblemText(problem)}`),
      'They are read from the file .env in this folder (cp .env.example .env makes one) and from the environment.',
    ].join('\n'),
  }),
  PAPER_STATE_IN_USE: ({ stateFile }) => ({
    what: `Another process runs a paper broker on ${stateFile}, and a second one would overwrite its orders. Nothing was started.`,
    hint:
      'Stop the other one, or let both use one broker: run a paper broker of its own and name it in TASTYTRADE_API_URL ' +
      'and TASTYTRADE_STREAMER_URL. A separate account needs another PAPER_STATE_FILE.',
  }),
  LOCAL_SERVER_FAILED: ({ name, said, exit }) => ({
    what: said ?? `The ${name} ended at its start (${exit ?? 'killed'}).`,
  }),
  PROFIT_TARGETS_INVALID: (fault) => ({
    what: `${profitTargetsFaultText(fault)}.`,
    hint: 'Example: senex-trident=40/60/50,credit-vertical=50',
  }),
  BROKER_URL_REFUSED: (facts) => {
    const { what, hint } = brokerUrlFault(facts);
    return { what: `The broker's address ${what}.`, hint };
  },
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

/** One line: which variable, what is wrong with it, and how it may be set. */
export function settingsProblemText(problem: SettingsProblem): string {
  if (problem.fault === 'pair') {
    const { names, examples } = problem;
    return `${names.join(' and ')} go together: set both or neither. Example: ${examples.join(' and ')}`;
  }
  const { name, fault, example } = problem;
  if (fault.is === 'address-refused') {
    const { what, hint } = START_WORDS.BROKER_URL_REFUSED(fault.refusal);
    return `${name} can't be used. ${what} ${hint} Example: ${example}`;
  }
  if (fault.is === 'of-the-other') {
    const money = fault.other === 'production' ? 'real money' : 'play money';
    return `${name} ${faultText(fault)}. Example for ${money}: ${example}, and leave ${name} empty`;
  }
  return `${name} ${faultText(fault)}. Example: ${example}${SECRETS[name] ?? ''}`;
}

/** What stands where a secret would, by its variable: whence it is. */
const SECRETS: Readonly<Record<string, string>> = {
  DISCORD_TOKEN: '<the token from the Bot page of your Discord application>',
  TASTYTRADE_CLIENT_SECRET: '<the client secret of your tastytrade OAuth application>',
  TASTYTRADE_REFRESH_TOKEN: '<a refresh token, from "Create Grant" at your OAuth application>',
};

const ID = 'a Discord id (17 to 20 digits)';
const LISTED = {
  'account-number': 'an account number',
  id: ID,
  'id-or-everyone': `${ID} or * for everyone in the server`,
};

/** Completes a sentence that begins with the variable’s name. */
function faultText(fault: Exclude<SettingFault, { is: 'address-refused' }>): string {
  switch (fault.is) {
    case 'missing':
      return 'is missing';
    case 'token':
      return 'has a space, a line break or a sign that no token has';
    case 'not-an-id':
      return `is not ${ID}`;
    case 'not-in-list':
      return `has "${fault.item}", which is not ${LISTED[fault.of]}`;
    case 'not-whole':
      return 'is not a whole number';
    case 'out-of-range':
      return `must be from ${fault.least} to ${fault.most}`;
    case 'not-yes-no':
      return 'is neither true nor false';
    case 'not-one-of':
      return `is not one of ${fault.values.join(', ')}`;
    case 'not-a-url':
      return `is not a URL that starts with ${fault.secure}// (${fault.plain}// only on this machine)`;
    case 'more-than-host':
      return 'holds more than host and path';
    case 'not-a-host':
      return 'is not a host or host:port';
    case 'not-an-increment':
      return `has "${fault.entry}", which is not SYMBOL=increment in whole cents, at most 1`;
    case 'not-by-underlying':
      return `has "${fault.entry}", but increments go by underlying: ${fault.underlying} instead of ${fault.symbol}`;
    case 'database-url':
      return `can't be used: ${DATABASE_URL_FAULTS[fault.why]}`;
    case 'profit-targets':
      return profitTargetsFaultText(fault.fault);
    case 'login-needs-it':
      return 'is missing, and the broker login needs it';
    case 'not-local':
      return 'must be on this machine while BROKER=paper';
    case 'of-the-other':
      return `names the ${fault.other} host, and TASTYTRADE_ENV says ${fault.said}`;
  }
}

const DATABASE_URL_FAULTS: Record<Failures['DATABASE_URL_INVALID']['why'], string> = {
  scheme: 'it starts with neither sqlite: nor postgres:',
  'no-file': 'it names no file',
  'sqlite-host': 'sqlite: is followed by a path, not by //',
  'sqlite-query': 'a sqlite path takes no ? or #',
  'no-url': 'it is not a well-formed URL',
  'no-database': 'it names no database',
};

function profitTargetsFaultText(fault: ProfitTargetsFault): string {
  switch (fault.fault) {
    case 'form':
      return `"${fault.part}" is not STRATEGY=PERCENT or STRATEGY=PERCENT/PERCENT`;
    case 'twice':
      return `${fault.id} is named twice`;
    case 'unknown':
      return `"${fault.id}" is no strategy that has targets. Known are ${fault.known.join(', ')}`;
    case 'too-many':
      return `${fault.id} has ${fault.count} percentages, at most ${fault.most} are possible`;
    case 'trident-needs-two':
      return 'senex-trident needs at least two percentages: put verticals first, the call verticals last';
    case 'no-percentage':
      return `${fault.id}: "${fault.piece}" is not a percentage`;
    case 'out-of-range':
      return `${fault.id}: ${fault.piece} must be above 0 and at most ${fault.most}`;
  }
}

function brokerUrlFault(facts: Failures['BROKER_URL_REFUSED']): { what: string; hint: string } {
  switch (facts.fault) {
    case 'no-address':
      return { what: 'is not an address', hint: 'Example: https://api.tastyworks.com' };
    case 'more-than-host':
      return {
        what: 'carries more than a host and a path',
        hint: 'Leave out user, password, query and fragment.',
      };
    case 'scheme':
      return { what: `needs the scheme ${facts.secure}//`, hint: `Write it as ${facts.secure}//host.` };
    case 'plain':
      return {
        what: `is not encrypted (${facts.host})`,
        hint: `Use ${facts.secure}//; ${facts.plain}// is for loopback only.`,
      };
    case 'not-theirs':
      return {
        what: `names ${facts.host}, which is not tastytrade's`,
        hint: 'Credentials go there only when TASTYTRADE_ALLOW_HOST names it.',
      };
  }
}
