import type { Logger } from 'pino';
import { createBroker, readOnly, TASTYTRADE_HOSTS } from '../brokers/index.js';
import type { Broker } from '../ports/broker.js';
import type { Clock } from '../ports/clock.js';
import { Secrets } from '../ports/secrets.js';
import { Secret } from '../settings/secret.js';
import type { Settings } from '../settings/settings.js';
import { lockPaperState } from './paper-state-lock.js';
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
 * The broker the settings name. `paper` starts one in this process unless a running one is named.
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
    ? await paperLogin(paperState === 'file' ? settings.PAPER_STATE_FILE : null)
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

/** Loaded only where it is wanted: a bot for the real broker never loads the simulated one. */
async function paperLogin(stateFile: string | null): Promise<{ login: Login; close: () => Promise<void> }> {
  const { startPaperBroker } = await import('../paper-broker/server.js');
  const unlock = stateFile === null ? async () => {} : await lockPaperState(stateFile);
  try {
    const paper = await startPaperBroker(stateFile === null ? {} : { stateFile });
    return {
      login: {
        apiUrl: paper.url,
        streamerUrl: paper.streamerUrl,
        clientSecret: new Secret(paper.clientSecret),
        refreshToken: new Secret(paper.refreshToken),
      },
      close: () => paper.close().finally(unlock),
    };
  } catch (error) {
    await unlock();
    throw error;
  }
}
