import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import { allPostedBy, postedBy, remind, scheduled, settled, soon } from './support/reminders.js';
import { arrivals, arrived, expectIds, privately, resultFor, tidy } from './support/scenes.js';

let desk: Desk;
/** Due every minute in a channel that is gone; what comes of it shows while the others run. */
let doomed: { gone: string; later: string };
beforeAll(async () => {
  desk = await Desk.open();
  const { channels } = await desk.trader.changeWorld({ channels: [{ name: 'short-lived' }] });
  const channel = String(channels[0].id);
  const every = { market_days_only: false, when: '* * * * *', channel };
  doomed = {
    gone: await scheduled(desk, { ...every, kind: 'note', text: 'Still there?' }),
    later: await scheduled(desk, { kind: 'missing-targets', when: 'weekdays 9:00', channel }),
  };
  await desk.trader.changeWorld({ delete_channel: channel });
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

describe('what is posted, fresh from the account', () => {
  test('each kind says what it is for, and a reminder with nothing to say is silent', async () => {
    await desk.admin.underlying('AAPL', { nudge: 0.2, pin: true });
    const note = await desk.positionId('SPY');
    const when = soon(4_000);
    const ids: Record<string, string> = {
      'missing-targets': await scheduled(desk, { kind: 'missing-targets', when }),
      expiry: await scheduled(desk, { kind: 'expiry', when }),
      'working-orders': await scheduled(desk, { kind: 'working-orders', when, within_percent: 100 }),
      'daily-summary': await scheduled(desk, { kind: 'daily-summary', when }),
      note: await scheduled(desk, { kind: 'note', when, text: 'Roll it?', position: note }),
    };
    const silent = await scheduled(desk, { kind: 'working-orders', when, underlying: 'NVDA' });

    const said = async (kind: string) => textOf(await postedBy(desk.trader, ids[kind] ?? ''));
    expect(await said('missing-targets')).toMatch(
      /11 positions have no targets · 1 position only partly covered/,
    );
    expect(await said('missing-targets')).toMatch(/#\d+ QQQ Senex Trident/);
    expect(await said('expiry')).toMatch(
      /Expiring: 1 within 7 days[\s\S]*AAPL Covered call[\s\S]*short .*C: \*\*in the money by/,
    );
    expect(await said('working-orders')).toMatch(
      /1 working order worth a look[\s\S]*GOOGL Bull put[\s\S]*from filling/,
    );
    expect(await said('daily-summary')).toMatch(/The day ahead|After the close/);
    expect(await said('note')).toMatch(/Roll it\?[\s\S]*SPY Short strangle/);
    await settled(desk);
    expect(await allPostedBy(desk, silent)).toEqual([]);
    await desk.admin.underlying('AAPL', { nudge: -1 / 6, pin: false });
  });

  test('a test shows privately what would be said, also that it would be nothing', async () => {
    const id = await scheduled(desk, { kind: 'missing-targets', when: 'weekdays 9:00', underlying: 'IWM' });
    const shown = await remind(desk, 'test', { id });
    expect(shown.flags & 64).toBe(64);
    expect(textOf(shown)).toMatch(/1 position has no targets[\s\S]*IWM Iron condor/);
    await remind(desk, 'edit', { id, underlying: 'TLT' });
    expect(textOf(await remind(desk, 'test', { id }))).toContain('it would stay silent');
    expect(textOf(await remind(desk, 'remove', { id }))).toContain('Removed');
  });
});

describe('the buttons under it', () => {
  test('from a reminder to the order id is two presses', async () => {
    const news = await arrivals(desk);
    const id = await scheduled(desk, { kind: 'missing-targets', when: soon(), underlying: 'NVDA' });
    const reminder = await postedBy(desk.trader, id);
    const preview = await desk.trader.answer(await desk.trader.press(reminder, 'Preview targets'), 30_000);
    expect(preview.flags & 64).toBe(0);
    await desk.trader.press(preview, 'Submit');
    const orders = await arrived(news, 1);
    const position = await desk.positionId('NVDA');
    expectIds(await resultFor(desk, position, preview), orders);

    // And back: the order is shown from the reminder that tells of it.
    const watch = await scheduled(desk, { kind: 'note', when: soon(), text: 'Filled?', position });
    const told = await postedBy(desk.trader, watch);
    const order = await desk.trader.answer(await desk.trader.press(told, 'Show order'), 30_000);
    expect(textOf(order)).toContain(`Order ${orders[0]?.orderId}`);
    expect(order.flags & 64).toBe(64);
  });

  test('Done and Snooze are for traders, once, and the message says who did what', async () => {
    const when = soon(2_500);
    const done = await scheduled(desk, { kind: 'note', when, text: 'Call the broker' });
    const snoozed = await scheduled(desk, { kind: 'note', when, text: 'Think again' });
    const message = await postedBy(desk.trader, done);
    expect(buttonsOf(message)).toEqual(['Snooze 1 h', 'Tomorrow', 'Done']);

    await desk.viewer.press(await postedBy(desk.viewer, done), 'Done');
    await privately(desk.viewer, 'for this server’s traders');
    await desk.trader.press(message, 'Done');
    const after = await desk.trader.waitForEdit(message, (each) => each.content.includes('✅ Done'), 30_000);
    expect(buttonsOf(after)).toEqual(['Done ✓']);

    const sleepy = await postedBy(desk.trader, snoozed);
    await desk.trader.press(sleepy, 'Snooze 1 h');
    const asleep = await desk.trader.waitForEdit(
      sleepy,
      (each) => each.content.includes('💤 Snoozed'),
      30_000,
    );
    const [, at] = /until <t:(\d+):f>/.exec(asleep.content) ?? [];
    const minutes = (Number(at) * 1000 - Date.now()) / 60_000;
    expect(minutes).toBeGreaterThan(55);
    expect(minutes).toBeLessThanOrEqual(61);
  });
});

describe('looking after reminders', () => {
  test('they are listed, paused, resumed and changed, and completed while typing', async () => {
    const added = await remind(desk, 'add', {
      kind: 'expiry',
      when: 'weekdays 16:30',
      dte: '14',
      underlying: 'qqq',
    });
    expect(added.flags & 64).toBe(64);
    expect([...textOf(added).matchAll(/• \w{3} \d+ \w{3} \d{4} 16:30 ET/g)]).toHaveLength(3);
    const [, id = ''] = /reminder (\d+)/.exec(textOf(added)) ?? [];

    const offered = await desk.trader.autocomplete('remind', 'id', 'expiry qqq', {}, { sub: 'pause' });
    expect(offered.map(({ value }) => String(value))).toEqual([id]);
    expect(textOf(await remind(desk, 'pause', { id }))).toContain('silent until you resume it');
    expect(textOf(await remind(desk, 'list'))).toMatch(new RegExp(`⏸️ \\*\\*${id} · Expiry`));
    expect(textOf(await remind(desk, 'resume', { id }))).toContain('16:30 ET');
    const edited = await remind(desk, 'edit', { id, when: 'market close -10m', clear: 'underlying' });
    expect(textOf(edited)).toMatch(/market close -10m/);
    expect(textOf(edited)).not.toContain('underlying');
    await remind(desk, 'remove', { id });
    expect(textOf(await remind(desk, 'list'))).not.toContain(`**${id} · `);
  });

  test('while typing, a time is read back with its first run, or says what is wrong with it', async () => {
    const [read] = await desk.trader.autocomplete('remind', 'when', 'FRIDAYS 15:30', {}, { sub: 'add' });
    expect(read?.name).toMatch(/^fridays 15:30 → Fri .* 15:30 ET$|^every friday 15:30 → Fri .* 15:30 ET$/);
    const [wrong] = await desk.trader.autocomplete('remind', 'when', 'whenever', {}, { sub: 'add' });
    expect(wrong?.name).toContain('I can’t read “whenever”');
    expect(textOf(await remind(desk, 'add', { kind: 'expiry', when: 'whenever' }))).toMatch(
      /whenever[\s\S]*weekdays 9:00[\s\S]*market open \+15m/,
    );
  });

  test('a time zone is everybody’s own, and shown beside the exchange’s', async () => {
    const zone = async (options = {}) =>
      desk.trader.answer(await desk.trader.command('settings', options, { sub: 'timezone' }), 30_000);
    expect(textOf(await zone())).toContain('America/New_York');
    const offered = await desk.trader.autocomplete('settings', 'zone', 'berl', {}, { sub: 'timezone' });
    expect(offered).toContainEqual({ name: 'Berlin (Europe/Berlin)', value: 'Europe/Berlin' });
    expect(textOf(await zone({ zone: 'Europe/Berlin' }))).toContain('Your time zone is now Europe/Berlin');
    const added = await remind(desk, 'add', { kind: 'expiry', when: 'daily 16:30' });
    expect(textOf(added)).toMatch(/16:30 Europe\/Berlin · 1[01]:30 ET/);
    const [, id = ''] = /reminder (\d+)/.exec(textOf(added)) ?? [];
    await remind(desk, 'remove', { id });
    await zone({ zone: 'America/New_York' });
  });

  test('others may look, and change nothing', async () => {
    const answer = await remind(desk, 'add', { kind: 'expiry', when: 'daily 9:00' }, desk.viewer);
    expect(textOf(answer)).toContain('for this server’s traders');
    expect(textOf(await remind(desk, 'list', {}, desk.viewer))).toMatch(/reminders?/);
  });
});

test('/setup makes the defaults by one button, and not twice', async () => {
  const offer = await desk.ask('setup');
  expect(buttonsOf(offer)).toEqual(['Set these up']);
  await desk.viewer.press(await desk.viewer.waitForMessage((each) => each.id === offer.id), 'Set these up');
  await privately(desk.viewer, 'for this server’s traders');
  await desk.trader.press(offer, 'Set these up');
  await desk.trader.press(offer, 'Set these up').catch(() => {});
  const made = await desk.trader.waitForEdit(offer, (each) => each.components.length === 0, 30_000);
  expect(textOf(made)).toMatch(/market open \+15m[\s\S]*market open \+30m[\s\S]*market close \+15m/);
  const again = await desk.ask('setup');
  expect(textOf(again)).toContain('All set up');
  expect(textOf(again).match(/there already/g)).toHaveLength(3);
  const list = textOf(await remind(desk, 'list'));
  expect(list.match(/market open \+15m/g)).toHaveLength(1);
  expect(textOf(await desk.ask('status'))).toMatch(/Reminders\*\*: nothing is due, next <t:/);
});

test('a channel that is gone: its owner is told once by direct message, and it is paused with the reason', async () => {
  const { gone, later } = doomed;
  const told = async () => {
    const [dm] = (await desk.trader.state()).dms;
    return dm ? desk.trader.messages(dm.channel_id) : [];
  };
  await until(async () => (await told()).length > 0, 80_000);
  const list = textOf(await remind(desk, 'list'));
  expect(list).toMatch(new RegExp(`⏸️ \\*\\*${gone} · [^⏸🔔]*paused: the channel is gone`));
  expect(list).toMatch(new RegExp(`🔔 \\*\\*${later} · `));
  await settled(desk);
  const [message, ...more] = await told();
  expect(message?.content).toMatch(/is paused: the channel is gone/);
  expect(more).toEqual([]);
});
