import type { AddressInfo } from 'node:net';
import { fileURLToPath } from 'node:url';
import Fastify, { type FastifyInstance } from 'fastify';
import { apiError } from './base/api-error.js';
import { type Clock, OffsetClock } from './base/clock.js';
import { DEFAULT_TOKEN, IDS } from './base/fixed-ids.js';
import { createCore } from './core.js';
import { broadcast } from './gateway/broadcast.js';
import { Gateway } from './gateway/gateway.js';
import type { PrivilegedIntent } from './gateway/protocol.js';
import { People } from './interactions/people.js';
import { MAX_REQUEST_BYTES } from './rest/body.js';
import { Faults } from './rest/faults.js';
import { DEFAULT_RATE_LIMITS, RateLimiter, type RateLimits } from './rest/rate-limits.js';
import { RequestLog } from './rest/request-log.js';
import { restApi } from './rest/rest-api.js';
import { staticFiles } from './static-files.js';
import { WorldBody } from './user-side/bodies.js';
import { localApi } from './user-side/local-api.js';
import { OPEN_API } from './validation/open-api.js';
import { SpecValidator } from './validation/spec-validator.js';
import { changeWorld, makeBot } from './world/changes.js';

export interface LocalDiscordOptions {
  /** 0 (default): any free port. */
  port?: number;
  host?: string;
  /** Bot token of the default application. */
  token?: string;
  clock?: Clock;
  /** Every request is checked against Discord's OpenAPI file. */
  checkRequests?: boolean;
  /** Also check the server's own answers; findings are in the log as `reply_faults`. Needs `checkRequests`. */
  checkReplies?: boolean;
  /** How long an interaction waits for its first answer; default 3 s, as Discord's. More is for a crowd on a small machine. */
  firstAnswerMs?: number;
  /** false: none at all. Otherwise what is named replaces the defaults. */
  rateLimits?: false | Partial<RateLimits>;
  /** What the page shows beside the channel. */
  panel?: { title: string; url: string };
  /** The built page; default: what the build made of `page`. */
  pageDir?: string;
  /** A change of the default world, as POST /local/world takes it. */
  world?: unknown;
  /** Further applications with bots. */
  bots?: { name: string; id?: string; token?: string; public?: boolean }[];
  heartbeatIntervalMs?: number;
  /** Close connections whose beats stay away; default true. */
  requireHeartbeat?: boolean;
  /** Privileged intents switched on in the "developer portal"; default none. */
  privilegedIntents?: PrivilegedIntent[];
}

export interface LocalDiscord {
  /** `http://127.0.0.1:PORT`. */
  url: string;
  /** What a client gets as its REST base: `url` + `/api`. */
  apiUrl: string;
  token: string;
  applicationId: string;
  guildId: string;
  /** #trading, where most happens. */
  channelId: string;
  channelIds: { trading: string; orders: string; general: string };
  users: { trader: string; viewer: string; admin: string };
  bots: { id: string; name: string; token: string }[];
  close(): Promise<void>;
}

/** Discord's own is 41.25 s. */
const HEARTBEAT_MS = 41_250;

/** Starts a local Discord and resolves once it listens. See README.md for what it serves. */
export async function startLocalDiscord(options: LocalDiscordOptions = {}): Promise<LocalDiscord> {
  const clock = options.clock ?? new OffsetClock();
  const host = options.host ?? '127.0.0.1';
  let authority = host;
  const core = createCore(clock, options.token, () => `http://${authority}`, options.firstAnswerMs);
  if (options.world !== undefined) changeWorld(core, WorldBody.parse(options.world));
  const bots = (options.bots ?? []).map((bot) => makeBot(core, bot));
  const gatewayUrl = (): string => `ws://${authority}`;
  const gateway = new Gateway(
    core,
    {
      heartbeatIntervalMs: options.heartbeatIntervalMs ?? HEARTBEAT_MS,
      requireHeartbeat: options.requireHeartbeat ?? true,
      privilegedIntents: options.privilegedIntents ?? [],
    },
    gatewayUrl,
  );
  broadcast(core, gateway);
  const faults = new Faults();
  const log = new RequestLog();
  const server = createServer();
  restApi(server, {
    core,
    log,
    faults,
    limiter: limiterOf(clock, options.rateLimits),
    validator: options.checkRequests ? await SpecValidator.load(OPEN_API) : null,
    checkReplies: options.checkReplies ?? false,
    gatewayUrl,
  });
  const deliver = (appId: string, inGuild: boolean, payload: Record<string, unknown>): void =>
    gateway.dispatch(appId, inGuild, 0, 'INTERACTION_CREATE', payload);
  localApi(server, {
    core,
    gateway,
    faults,
    log,
    people: new People(core, deliver),
    online: (appId) => gateway.online(appId),
    host,
    panel: options.panel ?? null,
    defaultUserId: IDS.users.trader,
  });
  const pageDir = options.pageDir ?? fileURLToPath(new URL('../dist/page/', import.meta.url));
  staticFiles(server, pageDir, core.attachments);
  server.server.on('upgrade', (request, socket, head) => gateway.upgrade(request, socket, head));
  await server.listen({ port: options.port ?? 0, host });
  authority = `${reachable(host)}:${(server.server.address() as AddressInfo).port}`;
  const url = `http://${authority}`;
  return {
    url,
    apiUrl: `${url}/api`,
    token: options.token ?? DEFAULT_TOKEN,
    applicationId: IDS.application,
    guildId: IDS.guild,
    channelId: IDS.channels.trading,
    channelIds: { ...IDS.channels },
    users: { ...IDS.users },
    bots,
    close: async () => {
      gateway.close();
      await server.close();
    },
  };
}

/** The address by which this machine reaches a listener, as it stands in a URL. */
function reachable(host: string): string {
  if (host === '0.0.0.0') return '127.0.0.1';
  if (host === '::') return '[::1]';
  return host.includes(':') ? `[${host}]` : host;
}

function createServer(): FastifyInstance {
  const server = Fastify({
    bodyLimit: MAX_REQUEST_BYTES,
    // Clients percent-encode the @ of @me and @original; routes are written with the plain sign.
    rewriteUrl: (request) => (request.url ?? '/').replaceAll('%40', '@'),
    // Open event streams and kept-alive sockets must not hold close() up.
    forceCloseConnections: true,
    routerOptions: { maxParamLength: 500 },
  });
  server.setNotFoundHandler((request, reply) => {
    const error = /^\/api\/v\d+/.test(request.url) ? apiError('badVersion') : apiError('notFound');
    reply.code(error.status).send(error.body());
  });
  return server;
}

function limiterOf(clock: Clock, limits: false | Partial<RateLimits> | undefined): RateLimiter | null {
  return limits === false ? null : new RateLimiter(clock, { ...DEFAULT_RATE_LIMITS, ...limits });
}
