import type { PaperAdmin } from '@profit-target/paper-broker/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { Desk, textOf, until } from './support/desk.js';
import { postedBy, scheduled, soon } from './support/reminders.js';
import { arrivals, arrived, expectIds, resultFor, tidy, working } from './support/scenes.js';

/*
 * A margin account and an IRA under one login, with the very same positions on the very same contracts: what keeps them
 * apart is nothing but the account. TASTYTRADE_ACCOUNT is empty, so all that are open are served.
 */

const MARGIN = '…0001 (Paper account)';
const IRA = '…0003 (Paper IRA)';

let desk: Desk;
let ira: PaperAdmin;
let numbers: { margin: string; ira: string };
beforeAll(async () => {
  desk = await Desk.open({ settings: { TASTYTRADE_ACCOUNT: '' }, paper: { iraScenario: 'standard' } });
  const [margin = '', other = ''] = desk.paper.accountNumbers;
  numbers = { margin, ira: other };
  ira = desk.admin.of(other);
  // The option is registered once the broker has told that there are two.
  await until(async () => JSON.stringify(await desk.trader.waitForCommand('targets')).includes('"account"'));
  await until(
    async () => (await desk.admin.streamClients()).clients.flatMap((one) => one.accounts).length === 2,
  );
});
afterEach(async () => {
  await tidy(desk);
  for (const { id, status, ...order } of await ira.orders()) {
    const placed = order['external-identifier']?.startsWith('ptb-');
    if (placed && !['Filled', 'Cancelled', 'Rejected', 'Expired'].includes(status)) await ira.end(id);
  }
});
afterAll(() => desk?.close());

/** The id of a position in one of the accounts. */
async function positionIn(account: string, typed: string): Promise<string> {
  const found = await until(async () => {
    const choices = await desk.trader.autocomplete('targets', 'position', typed, { account });
    return choices.find(({ name }) => name.includes(typed));
  });
  return String(found.value);
}

/** Everything shown since a message, private or not. */
function shownWith(words: string, after: Awaited<ReturnType<Desk['ask']>>) {
  return desk.trader.waitForMessage((each) => textOf(each).includes(words), { after, timeoutMs: 60_000 });
}

describe('two accounts of one login', () => {
  test('positions of both, each under the name of its account, with ids of their own', async () => {
    const first = await desk.ask('positions');
    expect(textOf(first)).toContain(MARGIN);
    await until(async () => (await desk.trader.messages()).some((each) => textOf(each).includes(IRA)));
    expect(await positionIn('0001', 'Senex Trident')).not.toBe(await positionIn('0003', 'Senex Trident'));
    expect(textOf(await desk.ask('positions', { account: '0003' }))).toContain(IRA);
    expect(textOf(await desk.ask('positions', { account: '0003' }))).not.toContain(MARGIN);
    const status = textOf(await desk.ask('status'));
    expect(status).toContain(MARGIN);
    expect(status).toContain(IRA);
  });

  test('targets in one never touch the other, and preview and result name theirs', async () => {
    const news = await arrivals(desk);
    const before = (await working(desk)).map(({ id }) => id);
    const position = await positionIn('0003', 'IWM');
    const preview = await desk.preview(position);
    expect(textOf(preview)).toContain(IRA);
    expect(textOf(preview)).not.toContain(MARGIN);
    await desk.trader.press(preview, 'Submit');
    const result = await resultFor(desk, position, preview);
    const orders = await arrived(news, 1);
    expect(orders.map(({ accountNumber }) => accountNumber)).toEqual(orders.map(() => numbers.ira));
    expectIds(result, orders);
    expect(textOf(result)).toContain(IRA);
    expect(textOf(result)).not.toContain(MARGIN);
    expect((await working(desk)).map(({ id }) => id)).toEqual(before);

    // The same position of the other account still has none, and gets its own.
    const other = await positionIn('0001', 'IWM');
    const again = await desk.preview(other);
    expect(textOf(again)).toContain(MARGIN);
    await desk.trader.press(again, 'Submit');
    const there = await resultFor(desk, other, again);
    const more = (await arrived(news, orders.length + 1)).slice(orders.length);
    expect(more.map(({ accountNumber }) => accountNumber)).toEqual(more.map(() => numbers.margin));
    expectIds(there, more);
    expect(textOf(there)).toContain(MARGIN);
    const twice = await desk.preview(position);
    expect(textOf(twice)).toContain('working');
    expect(await news()).toHaveLength(orders.length + more.length);
  });

  test('"all" asks which account is meant, and sends nothing', async () => {
    const news = await arrivals(desk);
    const answer = textOf(await desk.preview('all'));
    expect(answer).toContain('Which account?');
    expect(answer).toContain(MARGIN);
    expect(answer).toContain(IRA);
    expect(await news()).toEqual([]);
  });

  test('a reminder names each account it tells of, or only the one it is for', async () => {
    const when = soon(4_000);
    const both = await scheduled(desk, { kind: 'missing-targets', when });
    const one = await scheduled(desk, { kind: 'missing-targets', when: soon(6_000), account: '0003' });
    expect(textOf(await postedBy(desk.trader, both))).toMatch(/…000[13] \(Paper/);
    await until(async () => {
      const told = (await desk.trader.messages(desk.discord.channelIds.trading, 1000)).map(textOf).join('\n');
      return told.includes(MARGIN) && told.includes(IRA);
    });
    const its = textOf(await postedBy(desk.trader, one));
    expect(its).toContain(IRA);
    expect(its).not.toContain(MARGIN);
  });

  test('an account that is not ours, and a position said to be in another, are refused', async () => {
    const news = await arrivals(desk);
    const position = await positionIn('0003', 'IWM');
    for (const account of ['9999', numbers.ira.replace('5WT', '6XX')]) {
      expect(textOf(await desk.preview(position, { account }))).toContain('none of the accounts I work for');
    }
    expect(textOf(await desk.preview(position, { account: '0001' }))).toMatch(/is in account …0003/);
    expect(await news()).toEqual([]);
  });

  test.each([403, 500])('one account answered with %d: told so, and the other goes on', async (status) => {
    const path = `/accounts/${numbers.ira}/positions`;
    await desk.admin.fault({ kind: 'status', path, times: null, status, code: 'not_permitted' });
    const position = await positionIn('0001', 'IWM');
    const answer = await desk.ask('positions');
    expect(textOf(answer)).toContain(MARGIN);
    await shownWith('can’t be read now', answer);
    const preview = await desk.preview(position);
    expect(textOf(preview)).toContain(MARGIN);
    const news = await arrivals(desk);
    await desk.trader.press(preview, 'Submit');
    expectIds(await resultFor(desk, position, preview), await arrived(news, 1));
  });

  test('a press on the plan of an account that is served no more is refused; one account is not named', async () => {
    const position = await positionIn('0003', 'IWM');
    const preview = await desk.preview(position);
    await desk.bot.stop();
    await desk.startBot({ TASTYTRADE_ACCOUNT: numbers.margin });
    const news = await arrivals(desk);
    await desk.trader.press(preview, 'Submit');
    const no = await desk.trader.waitForEdit(preview, (each) => textOf(each).includes('Nothing was sent'));
    expect(textOf(no)).toContain('Account …0003 is none that I work for now');
    expect(await news()).toEqual([]);
    await until(
      async () => !JSON.stringify(await desk.trader.waitForCommand('targets')).includes('"account"'),
    );
    for (const shown of [await desk.ask('positions'), await desk.ask('status')]) {
      expect(textOf(shown)).not.toMatch(/Paper account|Paper IRA|…0003/);
    }
  });
});
