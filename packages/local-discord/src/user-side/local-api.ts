import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { InputError } from '../interactions/input-error.js';
import { type LeverParts, leverRoutes } from './lever-routes.js';
import { type PeopleParts, peopleRoutes } from './people-routes.js';

/** Registers the user side under /local. */
export function localApi(server: FastifyInstance, parts: PeopleParts & LeverParts & { host: string }): void {
  server.register(
    async (local) => {
      local.addHook('onRequest', (request, reply, done) => {
        if (isLocal(request, parts.host)) done();
        else reply.code(403).send({ error: 'the local Discord only answers its own page' });
      });
      local.setErrorHandler(refuse);
      peopleRoutes(local, parts);
      leverRoutes(local, parts);
    },
    { prefix: '/local' },
  );
}

const LOOPBACK = ['127.0.0.1', 'localhost', '[::1]'];
const ANY_HOST = ['0.0.0.0', '::'];

/**
 * A page from elsewhere in the same browser must not press buttons here. Its Origin gives it away, and where a
 * foreign name was pointed at this machine (DNS rebinding) the Host header does.
 */
function isLocal(request: FastifyRequest, listening: string): boolean {
  const { origin, host } = request.headers;
  const name = URL.canParse(`http://${host}`) ? new URL(`http://${host}`).hostname : '';
  const hostFits = ANY_HOST.includes(listening) || name === listening || LOOPBACK.includes(name);
  return hostFits && (origin === undefined || origin === `http://${host}`);
}

function refuse(error: unknown, _request: FastifyRequest, reply: FastifyReply): void {
  if (error instanceof InputError) reply.code(error.status).send({ error: error.message });
  else if (error instanceof ZodError) {
    const text = error.issues.map((one) => `${one.path.join('.') || 'body'}: ${one.message}`).join('; ');
    reply.code(400).send({ error: text });
  } else if (error instanceof RangeError) reply.code(400).send({ error: error.message });
  else {
    const status = (error as { statusCode?: number }).statusCode ?? 500;
    reply.code(status).send({ error: String(error) });
  }
}
