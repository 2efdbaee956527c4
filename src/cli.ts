import './settings/env.js';
import { createInterface } from 'node:readline/promises';
import { parseArgs } from 'node:util';
import { plainPreview, plainReport } from './cli-text.js';
import { failureOf } from './commands/failure.js';
import { composeServices } from './compose.js';
import { createLogger } from './log.js';
import { UserError } from './services/errors.js';
import { parseOverrides } from './services/overrides.js';
import type { Announcer } from './services/ports/announcer.js';
import type { Report } from './services/report.js';
import { type Environment, environmentOf, readSettings, SettingsError } from './settings/settings.js';

const USAGE = `Usage: npm run cli -- targets --position <id>|all [options]

  --position 37      the position's id, or "all" for every position without targets
  --percent 50       instead of the strategy's own rule
  --price 1.25       set the limit price yourself (must be on the price grid)
  --ladder 40,60     split the quantity over several targets
  --dry-run          show everything, send nothing
  --yes              don't ask before sending`;

const ME = { userId: 'cli', roleIds: [], guildId: null, channelId: 'cli' };

/** The command line stands on the same services as the bot, so preview, checks and the at-most-once rule are the same. */
async function main(): Promise<number> {
  const { positionals, values } = parseArgs({
    allowPositionals: true,
    options: {
      position: { type: 'string' },
      percent: { type: 'string' },
      price: { type: 'string' },
      ladder: { type: 'string' },
      'dry-run': { type: 'boolean', default: false },
      yes: { type: 'boolean', default: false },
      help: { type: 'boolean', short: 'h', default: false },
    },
  });
  if (values.help || positionals[0] !== 'targets' || !values.position) {
    console.log(USAGE);
    return values.help ? 0 : 2;
  }
  const settings = readSettings(process.env, { withDiscord: false });
  // Whoever can run this on the machine holds the broker's keys anyway; READ_ONLY still binds.
  const log = createLogger(settings.LOG_LEVEL === 'info' ? 'warn' : settings.LOG_LEVEL);
  const services = await composeServices(
    { ...settings, TRADER_USER_IDS: [ME.userId], CHANNEL_IDS: [] },
    log,
    {
      announcer: screen(environmentOf(settings)),
      gateway: () => ({ connected: false, state: 'not used', pingMs: null }),
    },
  );
  try {
    await services.settle.settleLeftovers();
    const preview = await services.preview.create({
      actor: ME,
      which: parsePosition(values.position),
      overrides: parseOverrides(values),
      dryRun: values['dry-run'],
    });
    console.log(plainPreview(preview, services.environment));
    if (values['dry-run']) return 0;
    if (preview.orders === 0) return 1;
    if (!values.yes && !(await confirmed(preview.orders, services.environment))) {
      await services.preview.cancel(preview.planId, ME);
      console.log('Nothing was sent.');
      return 0;
    }
    const report = await services.submit.submit({ planId: preview.planId, actor: ME, onProgress: () => {} });
    // An unknown outcome is looked for to the end: nobody else would tell of it.
    await services.settle.followed(preview.planId);
    return report.lines.every(({ state }) => state === 'placed') ? 0 : 1;
  } finally {
    await services.close();
  }
}

function screen(environment: Environment): Announcer {
  const show = (report: Report) => console.log(`\n${plainReport(report, environment)}`);
  return {
    async post(_plan, report) {
      show(report);
      return 'screen';
    },
    update: async (_plan, _posted, report) => show(report),
  };
}

function parsePosition(text: string): number | 'all' {
  if (text === 'all') return 'all';
  const match = /^#?(\d+)$/.exec(text);
  if (match) return Number(match[1]);
  throw new UserError('POSITION_UNKNOWN', `"${text}" is not a position id.`, 'Example: --position 37');
}

/** Silence, or no terminal to ask at, means no. */
async function confirmed(orders: number, environment: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log('There is no terminal to ask at; add --yes to send.');
    return false;
  }
  const terminal = createInterface({ input: process.stdin, output: process.stdout });
  const answer = await terminal.question(`Submit ${orders} GTC order(s) at ${environment}? [y/N] `);
  terminal.close();
  return /^y(es)?$/i.test(answer.trim());
}

main()
  .then((code) => process.exit(code))
  .catch((error: unknown) => {
    if (error instanceof SettingsError) console.error(error.message);
    else {
      const { title, text } = failureOf(error, false);
      console.error(`${title}: ${text}`);
    }
    process.exit(1);
  });
