import './settings/env.js';
import { composeServices, type Services } from './app/compose.js';
import { createLogger } from './app/log.js';
import {
  type CancelRequest,
  type LookRequest,
  type MendRequest,
  type PreviewRequest,
  readArguments,
  UsageError,
} from './cli/arguments.js';
import { atMost } from './cli/at-most.js';
import { confirmed } from './cli/confirm.js';
import { looked } from './cli/looks.js';
import { mendingOf } from './cli/mending.js';
import { ME, Screen } from './cli/screen.js';
import {
  plainCancelNews,
  plainCancelOffer,
  plainFailure,
  plainPreview,
  plainReport,
  plainViews,
} from './cli/text.js';
import { isFailure } from './domain/errors.js';
import { Secrets } from './ports/secrets.js';
import { CronTicker } from './scheduler/cron-ticker.js';
import {
  cancelQuestion,
  mendQuestion,
  NO_STOP,
  NO_TERMINAL,
  NOTHING_CANCELLED,
  NOTHING_CHANGED,
  NOTHING_SENT,
  submitQuestion,
  USAGE,
} from './screens/command-line.js';
import { wordsOf } from './screens/failures/index.js';
import { AccountNames } from './services/accounts/account-names.js';
import { canSubmit, type Preview } from './services/previews/preview.js';
import type { PreviewedTarget } from './services/previews/pricing.js';
import { hiddenIn } from './settings/hidden.js';
import { environmentOf, readSettings } from './settings/schema.js';

/** By then the venue has taken or killed a fresh order; with a broker that can't be read, `orders` tells later. */
const LOOKS_WITHIN_MS = 60_000;

/** What this process must not print; it learns more as it goes. */
let secrets = new Secrets();

/**
 * The command line stands on the same services as the bot, so preview, checks and the at-most-once rule are the same,
 * and both may work on one database at a time.
 */
async function main(): Promise<number> {
  const request = readArguments(process.argv.slice(2));
  if (!request) {
    console.log(USAGE);
    return 0;
  }
  const settings = readSettings(process.env, { withDiscord: false });
  const environment = environmentOf(settings);
  secrets = hiddenIn(settings);
  const names = new AccountNames();
  const screen = new Screen((report) =>
    say(`\n${plainReport(report, environment, names.of(report.account))}`),
  );
  // Whoever can run this on the machine holds the broker's keys anyway; READ_ONLY still binds.
  const allowed = { ...settings, TRADER_USER_IDS: [ME.userId], CHANNEL_IDS: [] };
  const log = createLogger(settings.LOG_LEVEL === 'info' ? 'warn' : settings.LOG_LEVEL, secrets);
  const services = await composeServices(allowed, log, {
    channel: screen,
    surface: screen.surface,
    words: screen.words,
    secrets,
    names,
    gateway: () => ({ connected: false, state: 'not used', pingMs: null }),
  });
  // A bot on the same database must not take this for the leftovers of a crash.
  const ticker = new CronTicker(log);
  ticker.start(() => {
    services.settle.renew().catch((error: unknown) => log.warn({ err: error }, 'could not renew a lease'));
  });
  try {
    await services.settle.settleLeftovers();
    if (request.command === 'cancel') return await cancel(request, services);
    if (request.command === 'mend') return await mended(request, services, screen);
    if (!('dryRun' in request)) return await seen(request, services);
    return await previewed(request, services, screen);
  } finally {
    ticker.stop();
    await services.close();
  }
}

/** @returns the exit code */
async function seen(request: LookRequest, services: Services): Promise<number> {
  const { views, well } = await looked(request, services);
  say(plainViews(views));
  return well ? 0 : 1;
}

/** @returns the exit code */
async function previewed(request: PreviewRequest, services: Services, screen: Screen): Promise<number> {
  const { command: _command, yes: _yes, ...what } = request;
  const preview = await services.preview.create({ actor: ME, ...what });
  say(plainPreview(preview, services.environment));
  const stopless = targetsOf(preview).some((target) => target.stopless !== null);
  const complete =
    preview.orders > 0 && !stopless && targetsOf(preview).every(({ blocked }) => blocked === null);
  if (request.dryRun) return complete ? 0 : 1;
  if (!canSubmit(preview)) {
    console.log(NOTHING_SENT);
    return 1;
  }
  if (stopless && request.yes) {
    // Nobody looks at what is left of what was asked for.
    await services.preview.cancel(preview.planId, ME);
    console.log(`${NO_STOP} ${NOTHING_SENT}`);
    return 1;
  }
  const question = submitQuestion(preview.orders, preview.givingWay.length, services.environment);
  if (!request.yes && !(await agreed(question))) {
    await services.preview.cancel(preview.planId, ME);
    console.log(NOTHING_SENT);
    return 1;
  }
  return (await submitted(preview.planId, services, screen)) && complete ? 0 : 1;
}

/**
 * Adopts or forgets one order; nothing is sent.
 * @returns the exit code
 */
async function mended(request: MendRequest, services: Services, screen: Screen): Promise<number> {
  const { how, orderId, dryRun, yes } = request;
  const { views, mend } = await mendingOf(request, ME, services);
  say(plainViews(views));
  if (dryRun) return 0;
  if (!yes && !(await agreed(mendQuestion(how, orderId, services.environment)))) {
    console.log(NOTHING_CHANGED);
    return 1;
  }
  const { planId, views: after } = await mend();
  if (how === 'adopt') await settled(planId, services);
  say(plainViews(after));
  return how === 'forget' || screen.allWell(planId) ? 0 : 1;
}

/** Sends, and stays until each order's fate is known: nobody else would tell of it here. */
async function submitted(planId: string, services: Services, screen: Screen): Promise<boolean> {
  try {
    await services.submit.submit({ planId, actor: ME, onProgress: () => {} });
  } catch (error) {
    complain(error, true);
  }
  await settled(planId, services);
  return screen.allWell(planId);
}

/** Stays until what a plan's orders came to is told here. */
async function settled(planId: string, services: Services): Promise<void> {
  await services.settle.followed(planId);
  await atMost(LOOKS_WITHIN_MS, services.looks.looked(planId));
}

/**
 * Stays until each order's end is known, or for some minutes.
 * @returns the exit code
 */
async function cancel({ wish, dryRun, yes }: CancelRequest, services: Services): Promise<number> {
  const { cancels, environment } = services;
  const offer = await cancels.offer(wish, ME);
  say(plainCancelOffer(offer, environment));
  const all = offer.orders.length > 0 && offer.stuck.length === 0;
  if (dryRun) return all ? 0 : 1;
  const question = cancelQuestion(offer.orders.length, environment);
  if (offer.orders.length === 0 || !(yes || (await agreed(question)))) {
    if (offer.orders.length > 0) await cancels.withdraw(offer.id, ME);
    console.log(NOTHING_CANCELLED);
    return 1;
  }
  try {
    await cancels.confirm(offer.id, ME);
  } catch (error) {
    complain(error, true);
    return 1;
  }
  const news = await cancels.followed(offer.id);
  if (news) say(`\n${plainCancelNews(news, environment)}`);
  return all && news?.orders.every(({ cancel: { orderState } }) => orderState === 'cancelled') ? 0 : 1;
}

/** Whatever text of the broker's it repeats. */
function say(text: string): void {
  console.log(secrets.scrub(text));
}

async function agreed(question: string): Promise<boolean> {
  if (!process.stdin.isTTY) {
    console.log(NO_TERMINAL);
    return false;
  }
  return confirmed(question, process.stdin, process.stdout);
}

function targetsOf({ positions }: Preview): PreviewedTarget[] {
  return positions.flatMap(({ targets }) => targets);
}

function complain(error: unknown, money: boolean): void {
  const { text, level } = plainFailure(error, money);
  if (level === 'error') createLogger('error', secrets).error({ err: error }, 'the command failed');
  console.error(secrets.scrub(text));
}

main()
  .then((code) => process.exit(code))
  .catch((error: unknown) => {
    if (error instanceof UsageError) console.error(`${error.message}\n\n${USAGE}`);
    else if (isFailure(error, 'SETTINGS_INVALID')) console.error(wordsOf(error).what);
    else complain(error, false);
    process.exit(error instanceof UsageError ? 2 : 1);
  });
