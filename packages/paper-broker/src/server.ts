import { randomBytes } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import { adminRoutes } from './admin/routes.js';
import { createWorlds } from './create-world.js';
import { createApp } from './http/app.js';
import type { Context } from './http/context.js';
import { PUBLISHED_CEILINGS, RateLimiter } from './http/rate.js';
import { accountRoutes } from './http/routes-accounts.js';
import { instrumentRoutes, marketDataRoutes } from './http/routes-instruments.js';
import { loginRoutes } from './http/routes-login.js';
import { marketTimeRoutes } from './http/routes-market-time.js';
import { orderRoutes } from './http/routes-orders.js';
import { transactionRoutes } from './http/routes-transactions.js';
import type { PaperBroker, PaperBrokerOptions } from './options.js';
import { purgeClosed, settleExpired } from './orders/settlement.js';
import { nextDue, pumpOrders } from './orders/venue.js';
import { AccountStream, STREAM_PATH } from './stream.js';
import type { World } from './world.js';

export type { PaperBroker, PaperBrokerOptions, RateCeilings } from './options.js';

/** A market whose last weeks were kind to the standard book. */
const DEFAULT_SEED = 628;
/** The market is looked at this often, real ms, even if nothing is due. */
const HEARTBEAT_MS = 250;

/**
 * Starts a local broker that speaks tastytrade's protocol over a simulated market.
 * @returns once it listens; addresses and the credentials it accepts.
 * @throws Error if the scenario is unknown, the state file damaged or the port taken.
 */
export async function startPaperBroker(options: PaperBrokerOptions = {}): Promise<PaperBroker> {
  const host = options.host ?? '127.0.0.1';
  const clientSecret = options.clientSecret ?? randomBytes(20).toString('hex');
  const refreshToken = options.refreshToken ?? randomBytes(32).toString('base64url');
  let stream: AccountStream | undefined;
  const worlds = await createWorlds(worldOptions(options), (world, change) => stream?.publish(world, change));
  const [world] = worlds;
  const pulse = new Pulse(worlds);
  const context: Context = {
    world,
    worlds,
    clientSecret,
    refreshToken,
    limiter: limiterOf(options),
    counts: new Map(),
    pump: () => pulse.beat(),
  };
  const app = createApp(context);
  const started = new AccountStream(app.server, worlds);
  stream = started;
  loginRoutes(app, context);
  accountRoutes(app, context);
  instrumentRoutes(app, context);
  marketDataRoutes(app, context);
  marketTimeRoutes(app, context);
  orderRoutes(app, context);
  transactionRoutes(app, context);
  adminRoutes(app, context, started);
  await app.listen({ host, port: options.port ?? 0 });
  pulse.beat();
  const { port } = app.server.address() as AddressInfo;
  const origin = `${host.includes(':') ? `[${host}]` : host}:${port}`;
  return {
    url: `http://${origin}`,
    streamerUrl: `ws://${origin}${STREAM_PATH}`,
    adminUrl: `http://${origin}/admin/`,
    accountNumber: world.accountNumber,
    accountNumbers: worlds.map((each) => each.accountNumber),
    clientSecret,
    refreshToken,
    async close() {
      pulse.stop();
      started.close();
      await app.close();
      await world.store.close();
    },
  };
}

function worldOptions(options: PaperBrokerOptions) {
  const startAt = options.startAt === undefined ? Date.now() : new Date(options.startAt).getTime();
  if (Number.isNaN(startAt)) throw new Error(`startAt is not an instant: ${String(options.startAt)}`);
  return {
    seed: options.seed ?? DEFAULT_SEED,
    scenario: options.scenario ?? 'standard',
    iraScenario: options.iraScenario,
    startAt,
    speed: options.speed ?? 1,
    alwaysOpen: options.alwaysOpen ?? true,
    stateFile: options.stateFile,
  };
}

function limiterOf({ rateCeilings }: PaperBrokerOptions): RateLimiter | undefined {
  return rateCeilings === false ? undefined : new RateLimiter({ ...PUBLISHED_CEILINGS, ...rateCeilings });
}

/** Keeps the broker up to the present: beats when something is due, and regularly for the market's sake. */
class Pulse {
  #timer: NodeJS.Timeout | undefined;
  #stopped = false;

  constructor(private readonly worlds: readonly [World, ...World[]]) {}

  beat(): void {
    if (this.#stopped) return;
    clearTimeout(this.#timer);
    for (const world of this.worlds) {
      pumpOrders(world);
      settleExpired(world);
      purgeClosed(world);
    }
    const { clock } = this.worlds[0];
    const waits = this.worlds.map(nextDue).map((due) => due && Math.ceil(clock.realUntilVenue(due)));
    this.#timer = setTimeout(
      () => this.beat(),
      Math.min(HEARTBEAT_MS, ...waits.filter((wait) => wait !== undefined)),
    );
    this.#timer.unref();
  }

  stop(): void {
    this.#stopped = true;
    clearTimeout(this.#timer);
  }
}
