import { AttachmentBuilder, MessageFlags } from 'discord.js';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { ChannelPage, shown } from './support/channel-page.js';
import { chromiumPath } from './support/chromium.js';
import { Stage } from './support/stage.js';

const eventually = <T>(claim: () => Promise<T> | T) => vi.waitFor(claim, { timeout: 15_000, interval: 50 });

/** 3 x 2 pixels, red. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAMAAAACCAIAAAASFvFNAAAAEElEQVR4nGP4z8AARAwQCgAf7gP9i18U1AAAAABJRU5ErkJggg==',
  'base64',
);

describe.skipIf(!chromiumPath)('messages', () => {
  let stage: Stage;
  let at: ChannelPage;
  let faults: string[];

  beforeAll(async () => {
    stage = await Stage.set();
  });
  afterAll(() => stage?.strike());

  beforeEach(async () => {
    const visit = await stage.visit();
    at = new ChannelPage(visit.page);
    faults = visit.faults;
    stage.bot.heard.length = 0;
  });
  afterEach(async () => {
    await at.close();
    expect(faults).toEqual([]);
  });

  it('show an embed with title, fields and footer', async () => {
    const message = await at.preview('37');
    const text = await shown(message);
    expect(text).toMatch(
      /Preview of #37[\s\S]*Target 1[\s\S]*You pay \$0\.61[\s\S]*Profit[\s\S]*\$42\.00[\s\S]*PAPER/,
    );
    expect(await shown(message.locator('code'))).toBe('40 % of credit');
    const [profit, mark] = await Promise.all(
      ['Profit', 'Mark'].map((name) => message.getByText(name, { exact: true }).boundingBox()),
    );
    expect(profit?.y, 'inline fields share a line').toBe(mark?.y);
  });

  it('change in place when a button is pressed; what follows mentions the person', async () => {
    const message = await at.preview('37');
    await message.getByRole('button', { name: 'Submit 3 GTC orders' }).click();
    await message.getByText('Submitted.').waitFor();
    expect(await message.getByRole('button').count(), 'buttons gone').toBe(0);
    const followUp = at.messageWith('1003');
    await followUp.waitFor();
    expect(await shown(followUp)).toMatch(/Tess Trader: orders 1001, 1002, 1003 are in\./);
    expect(await followUp.getAttribute('class')).toContain('mentions-me');
    expect(stage.bot.heard.filter((line) => line.startsWith('button'))).toEqual(['button submit by trader']);
  });

  it('press a button once, however often it is clicked before the answer', async () => {
    const message = await at.preview('37');
    const button = message.getByRole('button', { name: 'Never answers' });
    await button.dblclick();
    await button.click();
    await eventually(() => expect(stage.bot.heard).toContain('button mute by trader'));
    expect(await button.getAttribute('aria-busy')).toBe('true');
    await stage.post('/local/clock', { advance_ms: 3_100 });
    await message.getByText('The application did not respond').waitFor();
    expect(stage.bot.heard.filter((line) => line.startsWith('button'))).toHaveLength(1);
  });

  it('keep a disabled button from being pressed', async () => {
    const message = await at.preview('37');
    expect(await message.getByRole('button', { name: 'Cancel' }).isDisabled()).toBe(true);
  });

  it('open a select menu by keyboard and send the choice', async () => {
    const message = await at.preview('37');
    await message.getByRole('combobox', { name: 'Preview another position' }).focus();
    await at.press('Enter');
    expect(await message.getByRole('option').allInnerTexts()).toEqual([
      '#37 QQQ Senex Trident\n36 DTE',
      '#38 SPX put vertical',
    ]);
    await at.press('Escape');
    await eventually(async () => expect(await message.getByRole('option').count()).toBe(0));
    await at.press('ArrowDown', 'ArrowDown', 'Enter');
    await at.messageWith('Preview of #38').last().waitFor();
    expect(stage.bot.heard.filter((line) => line.startsWith('select'))).toEqual(['select pick 38']);
    expect(await at.read('document.activeElement.ariaLabel'), 'the focus stays').toMatch(
      /^Preview another position/,
    );
  });

  it('collect several choices of a menu and send them when it closes', async () => {
    const message = await at.preview('37');
    await message.getByRole('combobox', { name: 'Several targets' }).click();
    for (const choice of ['40 %', '50 %', '60 %'])
      await message.getByRole('option', { name: choice }).click();
    expect(await message.getByRole('option', { selected: true }).allInnerTexts(), 'two at most').toEqual([
      '40 %',
      '50 %',
    ]);
    await message.getByRole('button', { name: /^Done/ }).click();
    await eventually(() => expect(stage.bot.heard).toContain('select several 40,50'));
  });

  it('open the bot’s form, keep the focus in it, and send what was filled in', async () => {
    const message = await at.preview('37');
    await message.getByRole('button', { name: 'Other percent…' }).click();
    const form = at.page.getByRole('dialog', { name: 'Another percent' });
    await form.waitFor();
    const submit = form.getByRole('button', { name: 'Submit' });
    await submit.click();
    expect(await at.read('document.querySelector("dialog input").validity.valueMissing'), 'required').toBe(
      true,
    );
    await form.getByRole('textbox', { name: /Percent/ }).fill('45');
    await form.getByRole('combobox', { name: 'Rounding' }).click();
    await form.getByRole('option', { name: 'Favour' }).click();
    await submit.click();
    await at.messageWith('Repriced at 45 %.').waitFor();
    await form.waitFor({ state: 'detached' });
    expect(stage.bot.heard).toContain('modal 45 profit');
  });

  it('open the bot’s form with the focus in its first field, so that typing goes there', async () => {
    const message = await at.preview('37');
    await message.getByRole('button', { name: 'Other percent…' }).click();
    const form = at.page.getByRole('dialog', { name: 'Another percent' });
    await form.waitFor();
    await eventually(async () =>
      expect(await at.read('document.activeElement.name'), 'not on Close').toBe('percent'),
    );
    await at.type('35');
    expect(await form.getByRole('textbox', { name: /Percent/ }).inputValue()).toBe('35');
  });

  it('close the bot’s form with Esc, sending nothing', async () => {
    const message = await at.preview('37');
    await message.getByRole('button', { name: 'Other percent…' }).click();
    await at.page.getByRole('dialog').waitFor();
    await at.press('Escape');
    await eventually(async () => expect(await at.page.getByRole('dialog').count()).toBe(0));
    expect(stage.bot.heard.filter((line) => line.startsWith('modal'))).toEqual([]);
    await eventually(async () =>
      expect(await at.read('document.activeElement.textContent.trim()')).toBe('Other percent…'),
    );
  });

  it('say "The application did not respond" for a command left unanswered, to its user only', async () => {
    await at.box.focus();
    await at.type('/silent', 'Enter');
    await at.page.getByText('Sending command…').waitFor();
    await eventually(() => expect(stage.bot.heard).toContain('/silent'));
    await stage.post('/local/clock', { advance_ms: 3_100 });
    const line = at.page.getByText('The application did not respond').last();
    await line.waitFor();
    await at.page.getByRole('button', { name: 'Dismiss message' }).last().click();
    await line.waitFor({ state: 'detached' });
  });

  it('show an ephemeral answer to its user alone, until dismissed', async () => {
    const viewer = new ChannelPage((await stage.visit('viewer')).page);
    await at.box.focus();
    await at.type('/help', 'Enter');
    const answer = at.messageWith('Help is here.');
    await answer.getByText('Only you can see this').waitFor();
    await stage.botSays('after the help');
    await viewer.messageWith('after the help').waitFor();
    expect(await viewer.messageWith('Help is here.').count()).toBe(0);
    await answer.getByRole('button', { name: 'Dismiss message' }).click();
    await answer.waitFor({ state: 'detached' });
    await at.page.reload();
    await at.messageWith('after the help').waitFor();
    expect(await answer.count(), 'stays dismissed').toBe(0);
    await viewer.close();
  });

  it('arrive, change and go away live', async () => {
    const sent = await stage.botSays('fresh news');
    const message = at.messageWith('fresh news');
    await message.waitFor();
    await sent.edit('stale news');
    await at.messageWith('stale news').getByText('(edited)').waitFor();
    expect(await message.count()).toBe(0);
    await sent.delete();
    await at.messageWith('stale news').waitFor({ state: 'detached' });
  });

  it('are followed to the end while the reader is there, and left alone while they read above', async () => {
    const distance = `(() => { const e = document.querySelector('.scroller');
      return Math.round(e.scrollHeight - e.scrollTop - e.clientHeight); })()`;
    const jump = at.page.getByRole('button', { name: 'Jump to present' });
    for (const position of ['37', '38', 'all']) await at.preview(position);
    await eventually(async () => expect(await at.read(distance)).toBeLessThanOrEqual(1));
    expect(await jump.count()).toBe(0);
    await at.read('document.querySelector(".scroller").scrollTop -= 400');
    await jump.waitFor();
    const top = await at.read('document.querySelector(".scroller").scrollTop');
    await stage.botSays('below the fold');
    await at.messageWith('below the fold').waitFor();
    expect(await at.read('document.querySelector(".scroller").scrollTop')).toBe(top);
    await jump.click();
    await eventually(async () => expect(await at.read(distance)).toBeLessThanOrEqual(1));
  });

  it('show markup in any text as text: nothing of it runs, nothing but http(s) is linked', async () => {
    const nasty = '<img src=x onerror=alert(1)><script>alert(2)</script>[x](javascript:alert(3))';
    const userName = '<b>Mallory</b>';
    await stage.botSays({
      content: `content ${nasty}`,
      embeds: [
        {
          title: `title ${nasty}`,
          description: `description ${nasty}`,
          author: { name: `author ${userName}` },
          fields: [{ name: `name ${nasty}`, value: `value ${nasty}` }],
          footer: { text: `footer ${nasty}` },
        },
      ],
      components: [
        {
          type: 1,
          components: [{ type: 2, style: 1, custom_id: 'evil', label: `label ${userName}`.slice(0, 80) }],
        },
      ],
    });
    const message = at.messageWith('content <img');
    await message.waitFor();
    const text = await shown(message);
    for (const part of ['content', 'title', 'description', 'name', 'value', 'footer']) {
      expect(text).toContain(`${part} <img src=x onerror=alert(1)><script>alert(2)</script>`);
    }
    expect(text).toContain(`author ${userName}`);
    expect(text).toContain(`label ${userName}`);
    expect(await message.locator('script, b, img[src="x"]').count()).toBe(0);
    expect(await at.page.locator('a:not([href^="http"])').count()).toBe(0);
  });

  it('give links http(s) targets that cannot reach back into the page', async () => {
    await stage.botSays({
      content: 'see https://example.com/x and [here](https://example.com/y)',
      flags: MessageFlags.SuppressEmbeds,
    });
    const links = at.messageWith('see https://example.com/x').getByRole('link');
    await links.first().waitFor();
    expect(await links.count()).toBe(2);
    for (const link of await links.all()) {
      expect(await link.getAttribute('rel')).toContain('noopener');
      expect(await link.getAttribute('target')).toBe('_blank');
    }
  });

  it('show an order id in a title as a number, not as an emoji from Discord', async () => {
    await stage.botSays({ embeds: [{ title: 'Order 123456789012345678', description: 'live' }] });
    await at.page.getByText('Order 123456789012345678').waitFor();
    expect(await at.page.locator('discord-custom-emoji').count()).toBe(0);
  });

  it('show attached pictures and name other files', async () => {
    await stage.botSays({
      content: 'files',
      files: [
        new AttachmentBuilder(PNG, { name: 'chart.png', description: 'A red chart' }),
        new AttachmentBuilder(Buffer.from('a,b'), { name: 'orders.csv' }),
      ],
    });
    const message = at.messageWith('files');
    const picture = message.getByRole('img', { name: 'A red chart' });
    await picture.waitFor();
    await picture.scrollIntoViewIfNeeded();
    await eventually(async () =>
      expect(await at.read('document.querySelector(\'img[alt="A red chart"]\').naturalWidth')).toBe(3),
    );
    const words = message.getByText('A red chart');
    expect(await words.isVisible()).toBe(false);
    await message.getByText('ALT', { exact: true }).click();
    expect(await words.isVisible()).toBe(true);
    expect(await message.getByText('ALT', { exact: true }).count()).toBe(1);
    expect(await message.getByRole('link', { name: 'orders.csv' }).getAttribute('href')).toMatch(/\/cdn\//);
  });

  it('keep a relative time counting', async () => {
    await stage.botSays(`due <t:${Math.floor(Date.now() / 1000) + 50}:R>`);
    const time = at.messageWith('due in').locator('live-time');
    await time.waitFor();
    const first = await time.textContent();
    expect(first).toMatch(/^in \d+ seconds$/);
    await eventually(async () => expect(await time.textContent()).not.toBe(first));
    expect(await time.textContent()).toMatch(/^in \d+ seconds$/);
  });

  it('show the layout kinds of components v2', async () => {
    await stage.botSays({
      flags: MessageFlags.IsComponentsV2,
      components: [
        {
          type: 17,
          accent_color: 0xff0000,
          components: [
            { type: 10, content: '## In a **container**' },
            { type: 14 },
            {
              type: 9,
              components: [{ type: 10, content: 'beside it' }],
              accessory: { type: 2, style: 2, custom_id: 'v2', label: 'A button' },
            },
          ],
        },
      ],
    });
    const message = at.messageWith('In a container');
    await message.getByRole('heading', { name: 'In a container' }).waitFor();
    expect(await message.getByRole('button', { name: 'A button' }).isVisible()).toBe(true);
  });
});
