import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import type { FastifyInstance, FastifyReply } from 'fastify';
import type { AttachmentStore } from './messages/attachments.js';

const TYPES: Readonly<Record<string, string>> = {
  '.html': 'text/html; charset=utf-8',
  '.js': 'text/javascript; charset=utf-8',
  '.mjs': 'text/javascript; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.png': 'image/png',
  '.ico': 'image/x-icon',
  '.json': 'application/json',
  '.map': 'application/json',
  '.woff2': 'font/woff2',
};

const NOT_BUILT = 'The page is not built yet. Run "npm run build", then reload.\n';

/** Serves the page's files at `/` and `/page/*`, and attachments at `/cdn/attachments/*`. */
export function staticFiles(server: FastifyInstance, pageDir: string, attachments: AttachmentStore): void {
  server.get('/', async (_request, reply) => sendFile(reply, pageDir, 'index.html'));

  server.get('/page/*', async (request, reply) => {
    const { '*': path } = request.params as { '*': string };
    return sendFile(reply, pageDir, path);
  });

  server.get('/cdn/attachments/:channel/:id/:name', async (request, reply) => {
    const { id } = request.params as { id: string };
    const file = attachments.get(id);
    if (!file) return reply.code(404).type('text/plain').send('This content is no longer available.');
    // Whatever was uploaded is shown as a file, never run as part of the page.
    reply.header('content-security-policy', "default-src 'none'; sandbox");
    return reply.type(file.contentType).header('x-content-type-options', 'nosniff').send(file.bytes);
  });
}

async function sendFile(reply: FastifyReply, root: string, path: string): Promise<FastifyReply> {
  const clean = normalize(path);
  if (clean.startsWith('..') || clean.startsWith('/'))
    return reply.code(404).type('text/plain').send('Not found\n');
  const bytes = await readFile(join(root, clean)).catch(() => null);
  if (bytes === null) {
    const missing = clean === 'index.html' ? NOT_BUILT : 'Not found\n';
    return reply.code(404).type('text/plain').send(missing);
  }
  reply.header('cache-control', 'no-cache');
  return reply.type(TYPES[extname(clean)] ?? 'application/octet-stream').send(bytes);
}
