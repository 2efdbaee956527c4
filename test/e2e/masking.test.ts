import type { PaperFault } from '@profit-target/paper-broker/client';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, textOf } from './support/desk.js';
import { runProgram } from './support/program.js';

/*
 * The broker's own words repeat the account's number; channel, log and terminal show its last four digits. (That no
 * message and no log line of any desk holds the whole number is claimed as each desk closes.)
 */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterAll(() => desk?.close());

const refusal = (): PaperFault => ({
  kind: 'status',
  method: 'POST',
  path: '/orders$',
  times: 1,
  status: 422,
  code: 'account_restricted',
  reason: `Account ${desk.paper.accountNumber} may not trade this`,
});

const masked = () => `Account …${desk.paper.accountNumber.slice(-4)} may not trade this`;

test('in a refusal, and in a rejection by the venue', async () => {
  await desk.admin.fault(refusal());
  const refused = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  await desk.trader.press(refused, 'Submit');
  expect(textOf(await desk.result(refused))).toContain(masked());

  const reason = `Venue says no to ${desk.paper.accountNumber}`;
  await desk.admin.fault({ kind: 'venue-reject', reason });
  const rejected = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  await desk.trader.press(rejected, 'Submit');
  const result = await desk.result(rejected);
  const told = await desk.trader.waitForEdit(
    result,
    (each) => textOf(each).includes('Venue says no'),
    30_000,
  );
  expect(textOf(told)).toContain(`Venue says no to …${desk.paper.accountNumber.slice(-4)}`);
});

test('at the command line, and in its log', async () => {
  await desk.admin.fault(refusal());
  const run = await runProgram(
    'cli',
    ['targets', '--position', await desk.positionId('NVDA'), '--yes'],
    { ...desk.bot.settings, LOG_LEVEL: 'debug' },
    desk.folder,
  );
  expect(run.output).toContain(masked());
  expect(run.output).not.toContain(desk.paper.accountNumber);
});
