import { createInterface } from 'node:readline';
import pino from 'pino';
import { openStore } from '../../../src/db/index.js';
import { DatabaseFailure } from '../../../src/domain/errors.js';
import type { ClaimRequest, ClaimResult } from '../../../src/ports/store.js';
import { at, legsOf, newIntent } from '../support/builders.js';

/** One press: the plan, its position and the two contracts its order is about. */
export interface Press {
  planId: string;
  positionId: number;
  symbols: [string, string];
}

/**
 * Opens the database of its first argument and says `ready`; presses everything a line of JSON lists at
 * once and answers with the results in order; ends when its input does.
 */
const store = await openStore(process.argv[2] ?? '', { logger: pino({ level: 'silent' }) });
console.log('ready');
for await (const line of createInterface({ input: process.stdin })) {
  const presses = JSON.parse(line) as Press[];
  const results = await Promise.all(presses.map((press) => claimed(requestFor(press))));
  console.log(JSON.stringify(results.map(({ kind }) => kind)));
}
await store.close();

/** On a crowded machine another process may have the file for longer than the store waits: nothing was claimed, so press again. */
async function claimed(request: ClaimRequest): Promise<ClaimResult> {
  for (;;) {
    try {
      return await store.claimPlan(request);
    } catch (error) {
      if (!(error instanceof DatabaseFailure && error.trouble === 'locked')) throw error;
    }
  }
}

function requestFor({ planId, positionId, symbols }: Press): ClaimRequest {
  const legs = legsOf(...symbols);
  const externalIdentifier = `${planId} by ${process.pid}`;
  const intents = [newIntent(planId, positionId, { legs, externalIdentifier })];
  return { planId, now: at(1_000), intents, state: 'submitting' };
}
