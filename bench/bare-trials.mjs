import { request } from 'undici';

// The price of the protocol: the least that trying so many orders at the broker can cost a process, each a request of its own.
// The probe lets go of the channel; this process lives by it.
process.channel.ref();
process.on('message', async ({ url, body, count, atOnce, everyMs }) => {
  if (!url) return;
  for (let sent = 0; sent < count; sent += atOnce) {
    if (sent > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    const some = Array.from({ length: Math.min(atOnce, count - sent) }, () => trial(url, body));
    await Promise.all(some);
  }
  process.send('done');
});

async function trial(url, sent) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer a.bench.token' };
  const { body } = await request(url, { method: 'POST', headers, body: sent });
  JSON.parse(await body.text());
}

process.send('done');
