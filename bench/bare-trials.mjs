import { request } from 'undici';

// The price of the protocol: the least that trying so many orders at the broker can cost a process, each a request of its own.
const BODY = JSON.stringify({
  'time-in-force': 'GTC',
  'order-type': 'Limit',
  price: '1.25',
  'price-effect': 'Debit',
  legs: Array.from({ length: 4 }, (_, index) => ({
    'instrument-type': 'Equity Option',
    symbol: `SPXW  270115P0${4_000 + index}000`,
    quantity: 1,
    action: index % 2 ? 'Sell to Close' : 'Buy to Close',
  })),
});

// The probe lets go of the channel; this process lives by it.
process.channel.ref();
process.on('message', async ({ url, count, atOnce, everyMs }) => {
  if (!url) return;
  for (let sent = 0; sent < count; sent += atOnce) {
    if (sent > 0) await new Promise((resolve) => setTimeout(resolve, everyMs));
    const some = Array.from({ length: Math.min(atOnce, count - sent) }, () => trial(url));
    await Promise.all(some);
  }
  process.send('done');
});

async function trial(url) {
  const headers = { 'content-type': 'application/json', authorization: 'Bearer a.bench.token' };
  const { body } = await request(url, { method: 'POST', headers, body: BODY });
  JSON.parse(await body.text());
}

process.send('done');
