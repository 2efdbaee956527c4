import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ApiError, apiError } from '../base/api-error.js';
import { timestamp } from '../base/clock.js';
import { Answers } from '../interactions/answers.js';
import { checkParts } from '../rules/message-rules.js';
import { acceptBodies } from './body.js';
import { faultAfter, faultBefore } from './fault-answers.js';
import { limitHeaders, refuseByLimit } from './limit-headers.js';
import type { RestParts } from './parts.js';
import { RouteTable } from './route-table.js';
import { channelRoutes } from './routes/channels.js';
import { commandRoutes } from './routes/commands.js';
import { guildRoutes } from './routes/guilds.js';
import { interactionRoutes } from './routes/interactions.js';
import { messageRoutes } from './routes/messages.js';
import { userRoutes } from './routes/users.js';
import { bodyOf, setTrace, type Trace, traceOf } from './trace.js';

const PREFIX = '/api/v10';

type Done = (error?: Error) => void;

/** Registers Discord's REST API under /api/v10: log, token, rate limit, faults, schema, then the routes. */
export function restApi(server: FastifyInstance, parts: RestParts): void {
  server.register(
    async (api) => {
      const table = new RouteTable();
      acceptBodies(api);
      api.addHook('onRoute', (route) => table.add(route));
      api.addHook('onRequest', (request, reply, done) => begin(parts, request, reply, done));
      api.addHook('preHandler', (request, _reply, done) => {
        check(parts, request);
        done();
      });
      if (parts.checkReplies) {
        api.addHook('preSerialization', async (request, reply, payload) => {
          checkReply(parts, request, reply, payload);
          return payload;
        });
      }
      api.addHook('onSend', (request, reply, payload, done) => {
        const trace = traceOf(request);
        limitHeaders(trace, request.method, parts.core.clock.now(), reply);
        faultAfter(trace, request, reply, payload, (sent) => {
          // Closed before the answer leaves, so that whoever has the answer finds it in the log.
          parts.log.close(trace.entry, reply.statusCode, trace.scope);
          done(null, sent);
        });
      });
      api.setErrorHandler((error, request, reply) => refuse(parts, error, request, reply));
      api.setNotFoundHandler((request) => {
        throw apiError(table.knows(pathOf(request, '')) ? 'methodNotAllowed' : 'notFound');
      });
      const answers = new Answers(parts.core);
      for (const add of [userRoutes, guildRoutes, channelRoutes, messageRoutes, commandRoutes])
        add(api, parts);
      interactionRoutes(api, parts, answers);
    },
    { prefix: PREFIX },
  );
}

function begin(parts: RestParts, request: FastifyRequest, reply: FastifyReply, done: Done): void {
  const path = pathOf(request, PREFIX);
  const template = templateOf(request);
  const entry = parts.log.open(timestamp(parts.core.clock.now()), request.method, path, template);
  const fault = parts.faults.take(request.method, path);
  const trace: Trace = { entry, template, app: null, fault, charge: null, scope: null, retryAfter: null };
  setTrace(request, trace);
  if (fault) entry.fault = fault.kind;
  const refused = authorise(parts, request, trace);
  if (!refused) charge(parts, request, trace);
  const struck = refused ?? faultBefore(trace, request, reply);
  if (struck === 'done') return;
  if (struck !== 'go on') done(struck);
  else if (trace.charge?.refused) done(refuseByLimit(trace));
  else if (fault?.kind === 'slow') setTimeout(done, fault.ms);
  else done();
}

/** Interaction callbacks and token webhooks carry no bot token: the token in their URL is the authority. */
function authorise(parts: RestParts, request: FastifyRequest, trace: Trace): ApiError | null {
  const byUrl = /^\/(interactions|webhooks)\//.test(trace.template ?? '');
  if (byUrl) return null;
  const [scheme, token] = (request.headers.authorization ?? '').split(' ');
  const app = scheme === 'Bot' && token ? parts.core.world.appByToken(token) : undefined;
  if (!app) return apiError('unauthorized');
  trace.app = app;
  trace.entry.app = app.id;
  return null;
}

function charge(parts: RestParts, request: FastifyRequest, trace: Trace): void {
  // Callbacks have no bucket: three seconds leave no room for waiting.
  if (!parts.limiter || !trace.template || trace.template.startsWith('/interactions/')) return;
  const params = request.params as Record<string, string | undefined>;
  const { channel_id: channel, guild_id: guild, webhook_id: hook, webhook_token: token } = params;
  const major = channel ?? guild ?? (hook ? `${hook}/${token}` : '');
  trace.charge = parts.limiter.charge(trace.app?.id ?? hook ?? '', request.method, trace.template, major);
}

function check(parts: RestParts, request: FastifyRequest): void {
  const { entry, template } = traceOf(request);
  const body = bodyOf(request);
  if (body.json !== undefined) entry.body = body.json;
  if (body.uploads.length > 0) {
    entry.files = body.uploads.map((file) => ({
      name: file.part,
      filename: file.filename,
      size: file.bytes.length,
    }));
  }
  checkParts(body.uploads);
  if (template) parts.validator?.checkRequest(request.method, template, body.json, request.query);
}

function checkReply(parts: RestParts, request: FastifyRequest, reply: FastifyReply, payload: unknown): void {
  const { entry, template } = traceOf(request);
  if (!template || reply.statusCode >= 300) return;
  const faults = parts.validator?.checkResponse(request.method, template, reply.statusCode, payload) ?? [];
  if (faults.length > 0) entry.reply_faults = faults;
}

function refuse(parts: RestParts, error: unknown, request: FastifyRequest, reply: FastifyReply): void {
  const known = toApiError(error);
  parts.log.refuse(traceOf(request).entry, known);
  reply.code(known.status).header('content-type', 'application/json').send(known.body());
}

function toApiError(error: unknown): ApiError {
  if (error instanceof ApiError) return error;
  const { statusCode } = error as { statusCode?: number };
  if (statusCode === 413) return apiError('requestTooLarge');
  if (statusCode !== undefined && statusCode < 500) return new ApiError(statusCode, 0, String(error));
  return new ApiError(500, 0, `500: Internal Server Error (local Discord: ${String(error)})`);
}

function pathOf(request: FastifyRequest, prefix: string): string {
  return (request.url.split('?')[0] ?? '').slice(prefix.length);
}

/** `/api/v10/channels/:channel_id` to `/channels/{channel_id}`, the OpenAPI file's spelling; null on a 404. */
function templateOf(request: FastifyRequest): string | null {
  const url = request.is404 ? undefined : request.routeOptions.url;
  return url ? url.slice(PREFIX.length).replace(/:(\w+)/g, '{$1}') : null;
}
