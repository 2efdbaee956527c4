import type { FastifyInstance, FastifyReply } from 'fastify';
import type { Context } from './context.js';
import { issueToken, sameSecret, TOKEN_SECONDS } from './tokens.js';

/** Refusals of the grant are nearly those of RFC 6749 section 5.2, but for the name of the code; not the broker's own envelope. */
function refuse(reply: FastifyReply, code: string, description: string) {
  return reply.code(400).send({ error_code: code, error_description: description });
}

/** OAuth: the refresh grant, in JSON or form-encoded. */
export function loginRoutes(app: FastifyInstance, context: Context): void {
  app.addContentTypeParser(
    'application/x-www-form-urlencoded',
    { parseAs: 'string' },
    (_request, body, done) => done(null, Object.fromEntries(new URLSearchParams(String(body)))),
  );
  app.post('/oauth/token', async (request, reply) => {
    const body = (request.body ?? {}) as Record<string, unknown>;
    if (typeof body.grant_type !== 'string') return refuse(reply, 'invalid_request', 'Missing grant_type');
    if (body.grant_type !== 'refresh_token') {
      return refuse(reply, 'unsupported_grant_type', 'Only refresh_token is supported');
    }
    if (!sameSecret(body.client_secret, context.clientSecret)) {
      return refuse(reply, 'invalid_grant', 'Client secret mismatch');
    }
    if (!sameSecret(body.refresh_token, context.refreshToken)) {
      return refuse(reply, 'invalid_grant', 'Invalid JWT');
    }
    return {
      access_token: issueToken(context.world),
      token_type: 'Bearer',
      expires_in: TOKEN_SECONDS,
      scope: 'read trade openid',
    };
  });
}
