import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { exchange, type RawRequest } from '../../src/brokers/tastytrade/transport.js';

const LIMITS = { timeoutMs: 10_000, maxBytes: 1_000 };
const WAYS: [string, RawRequest][] = [
  ['a read', { method: 'GET', headers: {} }],
  ['a trial', { method: 'POST', headers: {}, body: '{}', repeatable: true }],
];

let server: Server;
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function serving(answer: RequestListener): Promise<string> {
  server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}/path?a=b%20c`;
}

describe.each(WAYS)('%s', (_, request) => {
  it('gives status and text, whole however it is cut, with nothing followed', async () => {
    const url = await serving(async (asked, answer) => {
      const [first, second] = [Buffer.from('€').subarray(0, 1), Buffer.from('€').subarray(1)];
      answer.writeHead(302, { location: '/elsewhere' }).write(`${asked.url} `);
      answer.write(first);
      await new Promise(setImmediate);
      answer.end(second);
    });
    expect(await exchange(url, request, LIMITS)).toEqual({ status: 302, text: '/path?a=b%20c €' });
  });

  it('takes no word before the answer for the answer', async () => {
    const url = await serving((_asked, answer) => {
      answer.writeEarlyHints({ link: '</style.css>; rel=preload' });
      answer.end('the answer');
    });
    expect(await exchange(url, request, LIMITS)).toEqual({ status: 200, text: 'the answer' });
  });

  it('says what is too large, and hangs up on it', async () => {
    let hungUp: () => void = () => {};
    const gone = new Promise<void>((resolve) => {
      hungUp = resolve;
    });
    const url = await serving((_asked, answer) => {
      answer.on('close', hungUp).write('x'.repeat(LIMITS.maxBytes + 1));
    });
    await expect(exchange(url, request, LIMITS)).rejects.toMatchObject({ kind: 'too-large' });
    await gone;
  });

  it('gives up an answer that stops half way, and one that is cut', async () => {
    const url = await serving((asked, answer) => {
      answer.writeHead(200, { 'content-length': '100' }).write('half');
      if (asked.headers.cut) setImmediate(() => answer.destroy());
    });
    await expect(exchange(url, request, { ...LIMITS, timeoutMs: 100 })).rejects.toMatchObject({
      kind: 'no-answer',
      trouble: { code: 'NO_ANSWER_WITHIN', ms: 100 },
    });
    const cut = exchange(url, { ...request, headers: { cut: 'yes' } }, LIMITS);
    await expect(cut).rejects.toMatchObject({ kind: 'no-answer' });
  });

  it('knows that nothing left where nobody listens', async () => {
    const url = await serving(() => {});
    await new Promise((resolve) => server.close(resolve));
    await expect(exchange(url, request, LIMITS)).rejects.toMatchObject({ kind: 'never-left' });
  });
});
