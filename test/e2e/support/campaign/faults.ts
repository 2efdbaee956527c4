import type { PaperFault } from '@profit-target/paper-broker/client';
import sqlite3 from 'sqlite3';
import { type Stage, type Step, wait } from './stage.js';

/* What breaks. Each says itself how long it lasts, or ends when all is made whole. */

const PLACING = { method: 'POST', path: '[-/]orders$' };
const CANCELLING = { method: 'DELETE', path: '[-/]orders/' };
const BROKER: readonly PaperFault[] = [
  { kind: 'drop-before-commit', ...PLACING },
  { kind: 'drop-after-commit', ...PLACING },
  { kind: 'error-after-commit', ...PLACING, status: 502 },
  { kind: 'error-after-commit', ...PLACING, status: 500 },
  { kind: 'status', ...PLACING, status: 503 },
  { kind: 'status', ...PLACING, status: 422, reason: 'not today' },
  { kind: 'status', ...PLACING, status: 429, code: 'too_many_requests' },
  { kind: 'garbage', ...PLACING },
  { kind: 'hang-after-commit', ...PLACING },
  { kind: 'slow-answer', ...PLACING, ms: 2_500 },
  { kind: 'latency', ...PLACING, ms: 1_500 },
  { kind: 'drop-before-commit', ...CANCELLING },
  { kind: 'drop-after-commit', ...CANCELLING },
  { kind: 'error-after-commit', ...CANCELLING, status: 500 },
  { kind: 'status', ...CANCELLING, status: 503 },
  { kind: 'status', ...CANCELLING, status: 429, code: 'too_many_requests' },
  { kind: 'garbage', ...CANCELLING },
  { kind: 'hang-after-commit', ...CANCELLING },
  { kind: 'latency', ...CANCELLING, ms: 1_500 },
  { kind: 'status', method: 'GET', path: '/orders', status: 503 },
  { kind: 'status', method: 'GET', path: '/orders/\\d+$', status: 404, code: 'record_not_found' },
  { kind: 'drop-before-commit', method: 'GET', path: '/positions$' },
  {
    kind: 'status',
    method: 'GET',
    path: '/(positions|transactions)',
    status: 429,
    code: 'too_many_requests',
  },
  { kind: 'latency', method: 'GET', path: '/(positions|orders)', ms: 1_000 },
];
const VENUE: readonly PaperFault[] = [
  { kind: 'venue-reject' },
  { kind: 'slow-legs', ms: 2_000 },
  { kind: 'late-fill', ms: 2_000 },
  { kind: 'split-fill', parts: 2, ms: 1_500 },
  { kind: 'lost-frame' },
  { kind: 'twice-frame' },
  { kind: 'late-frame', ms: 700 },
  { kind: 'late-frame', ms: 3_000 },
];
const DISCORD_ROUTES = [
  'POST /channels/',
  'PATCH /channels/',
  'PATCH /webhooks/',
  'POST /webhooks/',
  'POST /interactions/',
];
const DISCORD = [
  '5xx',
  '5xx-after-commit',
  'reset',
  'reset-after-commit',
  '429-user',
  '429-page',
  'slow',
  'slow-after-commit',
];

export const FAULTS: readonly Step[] = [
  { weight: 4, take: (stage) => breakBroker(stage, BROKER, 3) },
  { weight: 3, take: (stage) => breakBroker(stage, VENUE, 6) },
  { weight: 4, take: breakDiscord },
  { weight: 1, take: breakGateway },
  { weight: 1, take: cutStream },
  { weight: 1, take: lagLists },
  { weight: 1, take: lagLedger },
  { weight: 1, take: lockDatabase },
];

/** All that still breaks is made whole. */
export async function mend({ desk }: Stage): Promise<void> {
  await desk.admin.clearFaults();
  await desk.admin.holdLists(false);
  await desk.admin.holdLedger(false);
  await desk.trader.faults.clear();
  await desk.admin.stream('drop');
  await desk.admin.stream('resume');
}

async function breakBroker(stage: Stage, faults: readonly PaperFault[], most: number): Promise<string> {
  const fault = { ...stage.oneOf(faults), times: 1 + stage.below(most) };
  await stage.desk.admin.fault(fault);
  return `broker ${fault.kind} ${fault.method ?? ''} ${fault.path ?? ''} ${fault.status ?? ''}×${fault.times}`;
}

async function breakDiscord(stage: Stage): Promise<string> {
  const fault = {
    kind: stage.oneOf(DISCORD),
    route: stage.oneOf(DISCORD_ROUTES),
    times: 1 + stage.below(6),
    ms: 3_000,
    retry_after: 1,
  };
  await stage.desk.trader.faults.add(fault);
  return `discord ${fault.kind} ${fault.route} ×${fault.times}`;
}

async function breakGateway(stage: Stage): Promise<string> {
  const what = stage.oneOf(['drop', 'reconnect', 'invalidSession'] as const);
  await stage.desk.trader.gateway[what]();
  return `gateway ${what}`;
}

async function cutStream(stage: Stage): Promise<string> {
  const action = stage.oneOf(['drop', 'mute', 'silence', 'resume'] as const);
  await stage.desk.admin.stream(action);
  return `stream ${action}`;
}

async function lagLists(stage: Stage): Promise<string> {
  const ms = 1_000 + stage.below(5_000);
  await stage.desk.admin.holdLists(true);
  stage.beside(wait(ms).then(() => stage.desk.admin.holdLists(false)));
  return `lists lag ${ms} ms`;
}

async function lagLedger(stage: Stage): Promise<string> {
  await stage.desk.admin.holdLedger(true);
  return 'the ledger is late';
}

async function lockDatabase(stage: Stage): Promise<string> {
  const ms = 200 + stage.below(4_000);
  stage.beside(lockFor(stage.database, ms));
  return `lock ${ms} ms`;
}

async function lockFor(file: string, ms: number): Promise<void> {
  const other = new sqlite3.Database(file);
  const run = (sql: string) => new Promise<void>((resolve) => other.run(sql, () => resolve()));
  await run('PRAGMA busy_timeout = 5000');
  await run('BEGIN IMMEDIATE');
  await wait(ms);
  await run('ROLLBACK');
  await new Promise<void>((resolve) => other.close(() => resolve()));
}
