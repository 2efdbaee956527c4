import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { startLocalDiscord } from '../../src/server.js';
import { ChannelPage } from './support/channel-page.js';
import { chromiumPath, PHONE } from './support/chromium.js';
import { Stage } from './support/stage.js';

const eventually = <T>(claim: () => Promise<T> | T) => vi.waitFor(claim, { timeout: 15_000, interval: 50 });

/** Every control that can be tapped and is smaller than 40 px in height, as "label WxH". */
const SMALL_TARGETS = `[...document.querySelectorAll('button, [role=option], select-menu button, .example')]
  .filter((e) => e.checkVisibility({ visibilityProperty: true }) && !e.closest('.markdown'))
  .map((e) => [e, e.getBoundingClientRect()])
  .filter(([, box]) => box.height < 39.5 || box.width < 39.5)
  .map(([e, box]) => (e.ariaLabel || e.textContent.trim()) + ' ' + box.width + 'x' + box.height)`;

const OVERFLOW = `[document.documentElement, document.body, document.querySelector('.scroller')]
  .some((e) => e.scrollWidth > e.clientWidth)`;

describe.skipIf(!chromiumPath)('a visitor', () => {
  let stage: Stage;
  const opened: { at: ChannelPage; faults: string[] }[] = [];

  const open = async (...args: Parameters<Stage['visit']>): Promise<ChannelPage> => {
    const visit = await stage.visit(...args);
    const at = new ChannelPage(visit.page);
    opened.push({ at, faults: visit.faults });
    return at;
  };

  beforeAll(async () => {
    stage = await Stage.set();
  });
  afterAll(() => stage?.strike());
  afterEach(async () => {
    for (const { at, faults } of opened.splice(0)) {
      await at.close();
      expect(faults).toEqual([]);
    }
  });

  it('is told at first what to type; the examples fill the message box', async () => {
    const at = await open();
    const card = at.page.getByRole('complementary', { name: 'Getting started' });
    await card.getByText('Type /targets and press Enter').waitFor();
    expect(await card.getByRole('button', { name: /^\// }).allInnerTexts()).toEqual([
      expect.stringContaining('/positions'),
      expect.stringContaining('/targets'),
      expect.stringContaining('/help'),
    ]);
    await card.getByRole('button', { name: /^\/targets/ }).click();
    await at.field('position').waitFor();
    await eventually(async () => expect(await at.suggestions.count()).toBe(3));
  });

  it.each([
    ['desktop', {}],
    ['phone', { viewport: PHONE, hasTouch: true, isMobile: true }],
  ])('on a %s sees the next step beside the list to pick from', async (_, options) => {
    const at = await open('trader', options);
    await at.box.focus();
    await at.type('/targets ');
    await at.suggestions.first().waitFor();
    const hint = at.page.getByText('Next: pick a position');
    await hint.waitFor();
    const [list, box] = await Promise.all([
      at.page.locator('.suggestions').boundingBox(),
      hint.boundingBox(),
    ]);
    expect((list?.y ?? 0) + (list?.height ?? 0)).toBeLessThanOrEqual(box?.y ?? 0);
  });

  it('is rid of the card for good once a command was sent, and can call it back', async () => {
    const at = await open();
    const card = at.page.getByRole('complementary', { name: 'Getting started' });
    await card.getByRole('button', { name: /^\/positions/ }).click();
    await at.press('Enter');
    await at.messageWith('Two positions.').last().waitFor();
    await card.waitFor({ state: 'detached' });
    await at.page.reload();
    await at.messageWith('Two positions.').last().waitFor();
    expect(await card.count()).toBe(0);
    await at.page.getByRole('button', { name: 'Getting started' }).click();
    await card.waitFor();
  });

  it('can become somebody else, by keyboard too, and stays so', async () => {
    const at = await open('trader');
    await at.page.getByRole('button', { name: /You are .*Trader.*Switch user/ }).focus();
    await at.press('Enter');
    const menu = at.page.getByRole('menu');
    expect(await menu.getByRole('menuitemradio').count()).toBe(3);
    expect(await menu.getByRole('menuitemradio', { checked: true }).count()).toBe(1);
    await at.press('Escape');
    await menu.waitFor({ state: 'detached' });
    await at.press('Enter');
    await menu.getByRole('menuitemradio', { name: /Viewer/ }).focus();
    await at.press('Enter');
    await at.page.getByRole('button', { name: /You are .*Viewer.*Switch user/ }).waitFor();
    await at.box.focus();
    await at.type('written by the viewer', 'Enter');
    await at.messageWith('written by the viewer').waitFor();
    expect(await at.messageWith('written by the viewer').getAttribute('aria-label')).toMatch(/viewer|Vi/i);
    await at.page.goto(`${stage.discord.url}/`);
    await at.page.getByRole('button', { name: /You are .*Viewer.*Switch user/ }).waitFor();
  });

  it('sees live what others do, and which channel has news', async () => {
    const [trader, viewer] = [await open('trader'), await open('viewer')];
    await viewer.page.getByRole('button', { name: 'general' }).click();
    await viewer.page.getByRole('heading', { name: '#general', exact: true }).waitFor();
    await trader.box.focus();
    await trader.type('for the viewer', 'Enter');
    await viewer.page.getByRole('button', { name: 'trading new' }).click();
    await viewer.messageWith('for the viewer').waitFor();
    await stage.post(`/local/messages`, {
      user: stage.discord.users.viewer,
      channel_id: stage.discord.channelId,
      content: 'back to the trader',
    });
    await trader.messageWith('back to the trader').waitFor();
  });

  it('is offered no command of the server in a direct message', async () => {
    await stage.post('/local/dms', { user: stage.discord.users.admin, bot: stage.discord.applicationId });
    const at = await open('admin');
    await at.page
      .getByRole('navigation', { name: 'Channels' })
      .getByRole('button', { name: /Profit Targets/ })
      .click();
    await at.page.getByRole('heading', { name: '@Profit Targets', exact: true }).waitFor();
    await at.page.getByRole('combobox', { name: 'Message @Profit Targets' }).focus();
    await at.type('/');
    await at.page.getByText('The bot has no commands here.').waitFor();
    expect(await at.suggestions.count()).toBe(0);
  });

  it('sees "is typing" while the bot is', async () => {
    const at = await open();
    const channel = await stage.bot.client.channels.fetch(stage.discord.channelId);
    if (channel?.isSendable()) await channel.sendTyping();
    await at.page.getByText(/is typing…/).waitFor();
  });

  it('finds the market beside the channel, and can close and open it', async () => {
    const at = await open();
    const panel = at.page.getByRole('complementary', { name: 'Paper market' });
    await panel.waitFor();
    expect(await panel.locator('iframe').getAttribute('title')).toBe('Paper market');
    await panel.getByRole('button', { name: 'Close Paper market' }).click();
    await panel.waitFor({ state: 'hidden' });
    await at.page.getByRole('button', { name: 'Paper market' }).click();
    await panel.waitFor();
  });

  it('on a phone has no sideways scrolling and fingers-sized controls, whatever is open', async () => {
    const at = await open('trader', { viewport: PHONE, hasTouch: true, isMobile: true });
    await stage.botSays(`${'a'.repeat(300)} https://example.com/${'b'.repeat(300)}`);
    await stage.botSays(`\`\`\`\n${'wide '.repeat(60)}\n\`\`\``);
    const message = await at.preview('37');
    expect(await at.read(OVERFLOW)).toBe(false);
    expect(await at.read(SMALL_TARGETS)).toEqual([]);
    await message.getByRole('combobox', { name: 'Preview another position' }).tap();
    await message.getByRole('option').first().waitFor();
    expect(await at.read(SMALL_TARGETS)).toEqual([]);
    await at.box.tap();
    await at.type('/');
    await at.suggestions.first().waitFor();
    expect(await at.read(OVERFLOW)).toBe(false);
    expect(await at.read(SMALL_TARGETS)).toEqual([]);
    await at.suggestions.filter({ hasText: '/targets' }).tap();
    await at.suggestions.filter({ hasText: 'SPX' }).tap();
    await eventually(async () =>
      expect(await at.field('position').inputValue()).toBe('#38 SPX put vertical'),
    );
    expect(await at.read(OVERFLOW)).toBe(false);
    await at.page.getByRole('button', { name: 'Send' }).tap();
    await at.messageWith('Preview of #38').waitFor();
  });

  it('on a phone finds channels and users in a drawer that Esc closes, and the market in another', async () => {
    const at = await open('trader', { viewport: PHONE, hasTouch: true, isMobile: true });
    const channels = at.page.getByRole('navigation', { name: 'Channels' });
    await channels.waitFor({ state: 'hidden' });
    await at.page.getByRole('button', { name: 'Channels and users' }).tap();
    await channels.waitFor();
    expect(await at.read(SMALL_TARGETS)).toEqual([]);
    await at.press('Escape');
    await channels.waitFor({ state: 'hidden' });
    await at.page.getByRole('button', { name: 'Paper market' }).tap();
    const panel = at.page.getByRole('complementary', { name: 'Paper market' });
    await panel.waitFor();
    expect((await panel.boundingBox())?.width).toBe(PHONE.width);
    await panel.getByRole('button', { name: 'Close Paper market' }).tap();
    await panel.waitFor({ state: 'hidden' });
  });

  it('reaches everything with Tab, the focus always visible', async () => {
    const at = await open();
    const message = await at.preview('37');
    await message.getByRole('button', { name: 'Submit 3 GTC orders' }).focus();
    const order: string[] = [];
    for (let step = 0; step < 4; step++) {
      await at.press('Tab');
      order.push(
        await at.read('document.activeElement.ariaLabel || document.activeElement.textContent.trim()'),
      );
      expect(await at.read('getComputedStyle(document.activeElement).outlineStyle')).toBe('solid');
    }
    expect(order).toEqual(['Other percent…', 'Never answers', 'Preview another position', 'Several targets']);
  });

  it('is told while the bot is offline', async () => {
    const at = await open();
    await stage.post('/local/gateway', { action: 'pause' });
    await stage.post('/local/gateway', { action: 'drop' });
    await at.page.getByText(/is offline\. Commands get no answer/).waitFor();
    await stage.post('/local/gateway', { action: 'resume' });
    await at.page.getByText(/is offline\. Commands get no answer/).waitFor({ state: 'detached' });
  });

  it('who comes back to a restarted server is told of the gap and catches up without reloading', async () => {
    const at = await open();
    const { port } = new URL(stage.discord.url);
    const button = (await at.preview('37')).getByRole('button', { name: 'Never answers' });
    await button.click();
    await eventually(() => expect(stage.bot.heard.at(-1)).toMatch(/^button mute/));
    await at.box.focus();
    await at.type('/silent', 'Enter');
    await at.page.getByText('Sending command…').waitFor();
    await stage.discord.close();
    // The command that was under way may say it beside the composer as well.
    const gap = at.page.locator('.banner', { hasText: /does not answer|Connection lost/ });
    await gap.waitFor();
    const again = await startLocalDiscord({ port: Number(port) });
    try {
      await stage.post('/local/messages', {
        user: again.users.viewer,
        channel_id: again.channelId,
        content: 'missed while away',
      });
      await at.messageWith('missed while away').waitFor();
      await gap.waitFor({ state: 'detached' });
      await at.page.getByText('The application did not respond').waitFor();
      expect(await at.page.getByText('Sending command…').count(), 'waits for nothing lost').toBe(0);
    } finally {
      await at.close();
      await again.close();
      // The failed requests of the gap are this test's own doing.
      opened.splice(0);
    }
  });
});
