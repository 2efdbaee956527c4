import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify';
import { ZodError } from 'zod';
import { InputError } from '../interactions/input-error.js';
import { type LeverParts, leverRoutes } from './lever-routes.js';
import { type PeopleParts, peopleRoutes } from './people-routes.js';

/** Registers the user side under /local. */
export function localApi(server: FastifyInstance, parts: PeopleParts & LeverParts): void {
  server.register(
    async (local) => {
      local.addHook('onRequest', (request, reply, done) => {
        if (fromThisServer(request)) done();
        else reply.code(403).send({ error: 'the local Discord only answers its own page' });
      });
      local.setErrorHandler(refuse);
      peopleRoutes(local, parts);
      leverRoutes(local, parts);
    },
    { prefix: '/local' },
  );
}

/** A page from elsewhere in the same browser must not press buttons here: its Origin gives it away. */
function fromThisServer(request: FastifyRequest): boolean {
  const { origin, host } = request.headers;
  return origin === undefined || new URL(origin).host === host;
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
