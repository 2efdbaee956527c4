import type { Logger } from 'pino';
import { createBroker, readOnly, TASTYTRADE_HOSTS } from '../brokers/index.js';
import { isFailure, UserError } from '../domain/errors.js';
import type { Broker } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import { Secrets } from '../ports/secrets.js';
import type { Settings } from '../settings/schema.js';
import { Secret } from '../settings/secret.js';
import { type PaperAddresses, startLocalServer } from './local-server.js';
import { VERSION } from './version.js';

interface Login {
  apiUrl: string;
  streamerUrl: string;
  clientSecret: Secret;
  refreshToken: Secret;
}

export interface BrokerSetup {
  broker: Broker;
  close(): Promise<void>;
}

/**
 * The broker the settings name. `paper` starts one beside this process unless a running one is named.
 *
 * @param secrets learns the tokens and account numbers it comes to know
 * @param paperState `memory` leaves PAPER_STATE_FILE alone: for a look beside a bot that may be running
 * @throws UserError `PAPER_STATE_IN_USE`, `BROKER_URL_REFUSED`
 */
export async function setUpBroker(
  settings: Settings,
  clock: Clock,
  logger: Logger,
  {
    secrets = new Secrets(),
    paperState = 'file',
  }: { secrets?: Secrets; paperState?: 'file' | 'memory' } = {},
): Promise<BrokerSetup> {
  const startPaper = settings.BROKER === 'paper' && settings.TASTYTRADE_API_URL === undefined;
  const { login, close } = startPaper
    ? await paperLogin(paperState === 'file' ? settings.PAPER_STATE_FILE : null, logger)
    : { login: configuredLogin(settings), close: async () => {} };
  const broker = createBroker({
    name: settings.BROKER,
    apiUrl: login.apiUrl,
    streamerUrl: login.streamerUrl,
    clientSecret: login.clientSecret.reveal(),
    refreshToken: login.refreshToken.reveal(),
    ...(settings.TASTYTRADE_ALLOW_HOST ? { allowHost: settings.TASTYTRADE_ALLOW_HOST } : {}),
    userAgent: `profit-target-bot/${VERSION}`,
    pinVersion: settings.BROKER === 'paper' || settings.TASTYTRADE_ENV === 'production',
    clock,
    logger,
    secrets,
  });
  return { broker: settings.READ_ONLY ? readOnly(broker) : broker, close };
}

function configuredLogin(settings: Settings): Login {
  const hosts = TASTYTRADE_HOSTS[settings.TASTYTRADE_ENV];
  return {
    apiUrl: settings.TASTYTRADE_API_URL ?? hosts.apiUrl,
    streamerUrl: settings.TASTYTRADE_STREAMER_URL ?? hosts.streamerUrl,
    // Present whenever a login is needed: the settings' cross-checks saw to that.
    clientSecret: settings.TASTYTRADE_CLIENT_SECRET ?? new Secret(''),
    refreshToken: settings.TASTYTRADE_REFRESH_TOKEN ?? new Secret(''),
  };
}

/** A process of its own, so that its work is not this one's and nothing of it is known here. */
async function paperLogin(
  stateFile: string | null,
  logger: Logger,
): Promise<{ login: Login; close: () => Promise<void> }> {
  const paper = await startLocalServer<PaperAddresses>(
    'paper-broker',
    stateFile === null ? {} : { stateFile },
  ).catch((error: unknown) => {
    throw isFailure(error, 'LOCAL_SERVER_FAILED') && error.facts.named === 'STATE_IN_USE'
      ? inUse(String(stateFile))
      : error;
  });
  let closing = false;
  void paper.ended.then((code) => closing || logger.error({ code }, 'the paper broker has ended'));
  const { url, streamerUrl, clientSecret, refreshToken } = paper.addresses;
  return {
    login: {
      apiUrl: url,
      streamerUrl,
      clientSecret: new Secret(clientSecret),
      refreshToken: new Secret(refreshToken),
    },
    close: () => {
      closing = true;
      return paper.close();
    },
  };
}

function inUse(stateFile: string): UserError {
  return new UserError('PAPER_STATE_IN_USE', { stateFile });
}
