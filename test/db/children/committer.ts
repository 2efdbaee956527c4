import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { ACCOUNT, at, legsOf, newIntent, newPlan, rememberOne } from '../support/builders.js';

/** Claims one plan of two orders after another and says each plan's id once its claim is committed. */
const [, , url = '', prefix = ''] = process.argv;
const store = await openStore(url, { logger: pino({ level: 'silent' }) });
const positionId = await rememberOne(store);
for (let n = 0; ; n++) {
  const planId = `${prefix}-${n}`;
  await store.createPlan(newPlan(planId));
  const legs = legsOf(`short ${planId}`, `long ${planId}`);
  const intents = ['puts:1', 'puts:2'].map((targetKey) => newIntent(planId, positionId, { targetKey, legs }));
  const result = await store.claimPlan({ planId, now: at(1_000), intents, state: 'submitting' });
  if (result.kind !== 'claimed') throw new Error(`${ACCOUNT} ${planId}: ${result.kind}`);
  console.log(planId);
}
