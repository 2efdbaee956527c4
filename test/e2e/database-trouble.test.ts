import { join } from 'node:path';
import sqlite3 from 'sqlite3';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import { buttonsOf, type Desk, textOf, until } from './support/desk.js';
import type { BrokerProxy } from './support/proxy.js';
import {
  arrivals,
  arrived,
  deskBehindProxy,
  expectIds,
  ids,
  PLACING,
  resultFor,
  tidy,
} from './support/scenes.js';

let desk: Desk;
let proxy: BrokerProxy;
let other: sqlite3.Database;
beforeAll(async () => {
  ({ desk, proxy } = await deskBehindProxy());
  other = new sqlite3.Database(join(desk.folder, 'bot.sqlite'));
  await run('PRAGMA busy_timeout = 20000');
});
afterEach(async () => {
  await run('ROLLBACK').catch(() => {});
  await tidy(desk);
});
afterAll(async () => {
  await new Promise((resolve) => other?.close(resolve));
  await desk?.close();
  proxy?.close();
});

/** What another program does on the bot's database. */
function run(sql: string): Promise<void> {
  return new Promise((resolve, reject) => other.run(sql, (error) => (error ? reject(error) : resolve())));
}

test('locked before the press: it is told that nothing was sent, by /status too, and looking goes on', async () => {
  const news = await arrivals(desk);
  const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
  await run('BEGIN IMMEDIATE');
  await desk.trader.press(preview, 'Submit');
  const told = await desk.trader.waitForEdit(preview, (each) => textOf(each).includes('database'), 20_000);
  expect(textOf(told)).toContain('I can’t write to my database: another program holds it');
  expect(textOf(told)).toContain('othing was sent');
  expect(textOf(await desk.ask('status'))).toContain(
    '🔴 **Database**: I can’t write to my database: another program holds it.',
  );
  expect(textOf(await desk.ask('positions'))).toContain('SPX');
  expect(textOf(await desk.ask('orders'))).toBeTruthy();
  const refused = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
  expect(textOf(refused)).toContain(
    'I can’t write to my database: another program holds it. Nothing was sent.',
  );
  expect(await news()).toHaveLength(0);
  await run('ROLLBACK');
  expect(textOf(await desk.ask('status'))).toContain('🟢 **Database**');
  expect(buttonsOf(await desk.preview(await desk.positionId('SPX', 'Bull put')))).toContain(
    'Submit 1 GTC order',
  );
});

test('locked as the orders leave: each id is shown and posted meanwhile, and recorded once it is free', async () => {
  const news = await arrivals(desk);
  const position = await desk.positionId('QQQ', 'Senex Trident');
  const preview = await desk.preview(position);
  const answers = proxy.hold('answer', 'POST', PLACING);
  await desk.trader.press(preview, 'Submit');
  await until(async () => answers.caught === 3);
  await run('BEGIN IMMEDIATE');
  answers.release();
  const orders = await arrived(news, 3);
  await desk.trader.waitForEdit(preview, (each) =>
    ids(orders).every((id) => each.content.includes(String(id))),
  );
  expectIds(await resultFor(desk, position, preview), orders);
  // Still nothing of it could be written.
  expect(await placedIds()).not.toContain(String(ids(orders)[0]));
  await run('ROLLBACK');
  await until(async () => {
    const recorded = await placedIds();
    return ids(orders).every((id) => recorded.includes(String(id)));
  }, 60_000);
  expect(await news()).toHaveLength(3);
});

async function placedIds(): Promise<string[]> {
  return new Promise((resolve, reject) =>
    other.all(`SELECT broker_order_id AS id FROM order_intents WHERE state = 'placed'`, (error, rows) =>
      error ? reject(error) : resolve((rows as { id: string }[]).map(({ id }) => id)),
    ),
  );
}
