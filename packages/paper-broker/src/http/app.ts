import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { ApiError, notFound } from '../errors.js';
import type { Fault } from '../faults.js';
import type { World } from '../world.js';
import type { Context } from './context.js';
import { applyAfter, applyBefore } from './mishaps.js';
import { Query } from './query.js';
import { isPlacing, noteReceived } from './received.js';
import { requireToken } from './tokens.js';
import { requireKnownVersion } from './versions.js';

declare module 'fastify' {
  interface FastifyRequest {
    /** Faults that hit this request. */
    faults: Fault[];
    /** The parsed query. */
    search: Query;
    /** What a handler leaves for the faults to write its fate on. */
    receivedLog: World['state']['received'][number] | undefined;
  }
}

/** Path without the query. */
export function pathOf(request: FastifyRequest): string {
  return request.url.split('?')[0] ?? request.url;
}

function isBrokerRoute(request: FastifyRequest): boolean {
  return !pathOf(request).startsWith('/admin');
}

function requireUserAgent(request: FastifyRequest): void {
  const agent = request.headers['user-agent']?.trim();
  if (!agent || !/^[A-Za-z0-9]/.test(agent)) {
    throw new ApiError(
      401,
      'unauthorized',
      'A User-Agent header of the form <product>/<version> is required',
    );
  }
}

/** An HTTP server that speaks like the broker: its guards, envelopes, errors, and the mishaps asked for. */
export function createApp(context: Context): FastifyInstance {
  const app = fastify({
    forceCloseConnections: true,
    bodyLimit: 1_000_000,
    routerOptions: { maxParamLength: 200 },
  });
  app.decorateRequest('faults');
  app.decorateRequest('search');
  app.decorateRequest('receivedLog');
  acceptJson(app);
  app.setErrorHandler(answerError);
  app.setNotFoundHandler(async (request) => {
    throw notFound(`route ${request.method} ${pathOf(request)}`);
  });
  app.addHook('onRequest', async (request) => {
    request.faults = [];
    request.search = new Query(request.url.split('?')[1] ?? '');
    context.pump();
    if (isBrokerRoute(request)) guard(context, request);
  });
  app.addHook('preHandler', async (request, reply) => {
    if (!isBrokerRoute(request)) return undefined;
    const path = pathOf(request);
    if (isPlacing(request.method, path)) request.receivedLog = noteReceived(context.world, path, request);
    request.faults = context.world.faults.forRequest(request.method, path);
    return applyBefore(request, reply);
  });
  app.addHook('onResponse', async () => context.pump());
  app.addHook('onSend', async (request, reply, payload) => {
    // What an answer tells is on file first. Placing an order sees to that itself, and fails if it can't be done.
    const saved = request.receivedLog !== undefined || !isBrokerRoute(request);
    if (!saved) await context.world.store.flush().catch(() => undefined);
    return applyAfter(context, request, reply, payload);
  });
  return app;
}

function guard(context: Context, request: FastifyRequest): void {
  const path = pathOf(request);
  context.counts.set(`${request.method} ${path}`, (context.counts.get(`${request.method} ${path}`) ?? 0) + 1);
  requireUserAgent(request);
  requireKnownVersion(request);
  if (path !== '/oauth/token') requireToken(context.world, request.headers.authorization);
  context.limiter?.check(request.method, path);
}

/** JSON only; an empty body with a JSON content type is no body. */
function acceptJson(app: FastifyInstance): void {
  app.removeAllContentTypeParsers();
  app.addContentTypeParser('application/json', { parseAs: 'string' }, (_request, body, done) => {
    if (body === '') return done(null, undefined);
    try {
      done(null, JSON.parse(String(body)));
    } catch {
      done(new ApiError(400, 'bad_request', 'The body is not valid JSON'));
    }
  });
}

function answerError(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof ApiError) {
    const errors = error.issues.length > 0 ? { errors: error.issues } : {};
    reply.code(error.status).send({ error: { code: error.code, message: error.message, ...errors } });
    return;
  }
  const status = (error as { statusCode?: number }).statusCode ?? 500;
  const message = error instanceof Error ? error.message : String(error);
  reply
    .code(status)
    .send({ error: { code: status < 500 ? 'bad_request' : 'internal_server_error', message } });
}
