import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { at, claimOne } from '../support/builders.js';

/** Claims a plan, takes its topic, says so, and waits to be killed. */
const [, , url = ''] = process.argv;
const store = await openStore(url, { logger: pino({ level: 'silent' }) });
await claimOne(store, 'p1');
const { self: owner } = store.processes;
await store.outbox.hold({ kind: 'result', topic: 'p1', owner, now: at(0), until: at(10_000) });
console.log(owner);
setInterval(() => {}, 60_000);
