import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, textOf, until } from './support/desk.js';
import { remind, scheduled } from './support/reminders.js';

/*
 * A desk that names no server, with two traders on it.
 */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ startBot: false, settings: { DISCORD_GUILD_ID: '' } });
  const { trader, viewer } = desk.discord.users;
  await desk.startBot({ TRADER_USER_IDS: `${trader},${viewer}` });
});
afterAll(() => desk?.close());

test('the first server where a trader asks is remembered, and said in the log and by /status', async () => {
  await desk.ask('positions');
  expect(textOf(await desk.ask('status'))).toContain(`on server ${desk.discord.guildId} alone`);
  await until(async () => desk.bot.log.includes('only this server is answered'));
});

test('whose reminder another trader changes is told in the channel who did what', async () => {
  const id = await scheduled(desk, { kind: 'missing-targets', when: 'weekdays 9:00' });
  await remind(desk, 'pause', { id });
  const told: string[] = [];
  for (const [sub, what, options] of [
    ['resume', 'resumed', {}],
    ['edit', 'changed', { underlying: 'QQQ' }],
    ['remove', 'removed', {}],
  ] as const) {
    await desk.viewer.command('remind', { id, ...options }, { sub });
    const message = await desk.trader.waitForMessage(({ content }) => content.includes(`was ${what}`), {
      timeoutMs: 30_000,
    });
    expect(message.content).toContain(`<@${desk.trader.id}>, your reminder **${id} · Missing targets**`);
    expect(message.content).toContain(`by <@${desk.viewer.id}>`);
    expect(message.mentions.map((each) => each.id)).toContain(desk.trader.id);
    expect(message.flags & 64).toBe(0);
    told.push(message.id);
  }
  expect(new Set(told).size).toBe(3);
  // What its owner does is told to nobody.
  const all = await desk.trader.messages();
  expect(all.filter(({ content }) => content.includes('your reminder'))).toHaveLength(3);
});

test('by default others see nothing of the account, told in private and while typing; named as viewers they look', async () => {
  const { trader, viewer } = desk;
  const restarted = async (viewers: string) => {
    await desk.bot.stop();
    await desk.startBot({ TRADER_USER_IDS: trader.id, VIEWER_USER_IDS: viewers });
  };
  await restarted('');
  await desk.choices('QQQ');
  expect(await viewer.autocomplete('targets', 'position', 'QQQ')).toEqual([]);
  for (const [name, options] of [
    ['positions', {}],
    ['targets', { position: 'all' }],
    ['orders', {}],
    ['status', {}],
    ['setup', {}],
  ] as const) {
    const refusal = await viewer.answer(await viewer.command(name, options), 30_000);
    expect(textOf(refusal)).toContain('shown to its traders and viewers only');
    expect(refusal.flags & 64).toBe(64);
  }
  const help = await viewer.answer(await viewer.command('help', {}), 30_000);
  expect(textOf(help)).toContain('good-til-cancelled');

  await restarted('*');
  expect(textOf(await viewer.answer(await viewer.command('positions', {}), 30_000))).toContain('QQQ');
  expect((await viewer.autocomplete('targets', 'position', 'QQQ')).length).toBeGreaterThan(0);
  expect(textOf(await desk.ask('status'))).toContain('everyone in the server');
});
