import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { at, newCancellation } from '../support/builders.js';

/** Claims a cancel, says so, and waits to be killed. */
const [, , url = ''] = process.argv;
const store = await openStore(url, { logger: pino({ level: 'silent' }) });
await store.offerCancel(newCancellation('c1', '701'));
console.log((await store.claimCancel('c1', at(1_000))).kind);
setInterval(() => {}, 60_000);
