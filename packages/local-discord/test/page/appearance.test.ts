import { AttachmentBuilder, EmbedBuilder, MessageFlags } from 'discord.js';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { ChannelPage } from './support/channel-page.js';
import { chromiumPath, PHONE } from './support/chromium.js';
import { Stage } from './support/stage.js';

/** One pixel. */
const PNG = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
);
/** 720 × 340 pixels by its header, as a payoff has. */
function wide(): Buffer {
  const png = Buffer.from(PNG);
  png.writeUInt32BE(720, 16);
  png.writeUInt32BE(340, 20);
  return png;
}

const EMOJI = [...'⚠❔⛔🔴✅⚡🔗🟢🛡🔔🔒💰💤❓😀'];

/** Whether a part's own fonts paint a text in colour: an empty box or a text font's sign is grey. */
const IN_COLOUR = `async (text, part) => {
  const font = '32px ' + getComputedStyle(document.querySelector(part)).fontFamily;
  await document.fonts.load(font, text);
  const canvas = Object.assign(document.createElement('canvas'), { width: 64, height: 64 });
  const paint = canvas.getContext('2d');
  Object.assign(paint, { font, fillStyle: '#000' });
  paint.fillText(text, 8, 40);
  const { data } = paint.getImageData(0, 0, 64, 64);
  for (let at = 0; at < data.length; at += 4) {
    const [red, green, blue, alpha] = data.slice(at, at + 4);
    if (alpha > 128 && Math.max(red, green, blue) > 64) return true;
  }
  return false;
}`;

/** The contrast of each ink on each ground, by WCAG's formula. */
const CONTRASTS = `((inks, grounds) => {
  const probe = document.body.appendChild(document.createElement('i'));
  const light = (name) => {
    probe.style.color = 'var(' + name + ')';
    const parts = getComputedStyle(probe).color.match(/[\\d.]+/g).slice(0, 3).map((part) => part / 255);
    const [r, g, b] = parts.map((c) => (c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  const found = inks.flatMap((ink) => grounds.map((ground) => {
    const [dark, bright] = [light(ink), light(ground)].sort((a, b) => a - b);
    return [ink + ' on ' + ground, (bright + 0.05) / (dark + 0.05)];
  }));
  probe.remove();
  return found;
})(['--text', '--bright', '--muted', '--link', '--danger', '--warn', '--mention'], ['--bg', '--embed', '--side'])`;

describe.skipIf(!chromiumPath)('how the page looks', () => {
  let stage: Stage;
  const opened: { at: ChannelPage; faults: string[] }[] = [];

  const open = async (...args: Parameters<Stage['visit']>): Promise<ChannelPage> => {
    const visit = await stage.visit(...args);
    const at = new ChannelPage(visit.page);
    opened.push({ at, faults: visit.faults });
    return at;
  };
  const turn = (at: ChannelPage, name: string) => at.page.getByRole('switch', { name }).click();

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

  it('with embeds switched off shows the text alone, also after a reload, and nobody else is concerned', async () => {
    await stage.botSays({ content: 'in words', embeds: [new EmbedBuilder().setDescription('beneath')] });
    const [at, other] = [await open('trader'), await open('viewer')];
    await at.page.getByText('beneath').last().waitFor();
    await turn(at, 'Show embeds');
    await at.page.getByText('beneath').waitFor({ state: 'detached' });
    await at.page.reload();
    await at.messageWith('in words').last().waitFor();
    expect(await at.page.locator('discord-embed').count()).toBe(0);
    expect(await other.page.getByText('beneath').count()).toBeGreaterThan(0);
    await turn(at, 'Show embeds');
    await at.page.getByText('beneath').last().waitFor();
  });

  it('shows no embeds of a message that suppresses them', async () => {
    const sent = await stage.botSays({ content: 'quiet', embeds: [new EmbedBuilder().setTitle('hidden')] });
    await sent.edit({ flags: MessageFlags.SuppressEmbeds });
    const at = await open();
    await at.messageWith('quiet').last().waitFor();
    expect(await at.page.getByText('hidden').count()).toBe(0);
  });

  it('is dark or light, as chosen once, with words that read on either', async () => {
    const at = await open();
    const ground = () => at.read<string>('getComputedStyle(document.documentElement).backgroundColor');
    const dark = await ground();
    for (const [pair, contrast] of await at.read<[string, number][]>(CONTRASTS)) {
      expect(contrast, `dark: ${pair}`).toBeGreaterThanOrEqual(4.5);
    }
    await turn(at, 'Light theme');
    await at.page.locator('[data-theme=light]').waitFor();
    expect(await ground()).not.toBe(dark);
    for (const [pair, contrast] of await at.read<[string, number][]>(CONTRASTS)) {
      expect(contrast, `light: ${pair}`).toBeGreaterThanOrEqual(4.5);
    }
    await stage.botSays(`<@${stage.discord.users.trader}> is called`);
    await at.messageWith('is called').last().waitFor();
    const INK = `getComputedStyle([...document.querySelectorAll('discord-mention')].at(-1)).color`;
    expect(await at.read(INK), 'the light theme’s own').toBe('rgb(60, 69, 165)');
    await at.page.reload();
    await at.page.locator('[data-theme=light]').waitFor();
  });

  it('has emoji in colour where no emoji font is installed', async () => {
    const at = await open();
    await at.preview('37');
    const inColour = (text: string, part: string) =>
      at.read(`(${IN_COLOUR})(${JSON.stringify(text)}, ${JSON.stringify(part)})`);
    for (const part of [
      '.markdown p',
      'discord-embed .markdown',
      '.button',
      'select-menu',
      '.composer-text',
    ]) {
      for (const each of EMOJI) expect(await inColour(each, part), `${each} in ${part}`).toBe(true);
      expect(await inColour('Q', part), 'the test itself').toBe(false);
    }
  });

  it('lays the ALT badge over a picture’s foot, as small as Discord’s, and opens its words', async () => {
    const file = new AttachmentBuilder(wide(), { name: 'payoff.png', description: 'what it shows' });
    await stage.botSays({ content: 'with a picture', files: [file] });
    const at = await open('trader', { viewport: PHONE });
    const message = at.messageWith('with a picture').last();
    const picture = await message.getByRole('img', { name: 'what it shows' }).boundingBox();
    const badge = await message.getByText('ALT', { exact: true }).boundingBox();
    if (!picture || !badge) throw new Error('no picture or badge');
    const foot = picture.y + picture.height - badge.y;
    // The lowest 26 of 340/2 units, which the bot's drawings leave free.
    expect(foot).toBeLessThanOrEqual((picture.height * 26) / 170);
    expect(badge.y + badge.height).toBeLessThanOrEqual(picture.y + picture.height);
    await message.getByText('ALT', { exact: true }).click();
    await message.locator('.alt-words').getByText('what it shows').waitFor();
  });

  it('on a phone has its switches in the drawer, big enough for a finger', async () => {
    const at = await open('trader', { viewport: PHONE, hasTouch: true, isMobile: true });
    await at.page.getByRole('button', { name: 'Channels and users' }).tap();
    const light = at.page.getByRole('switch', { name: 'Light theme' });
    expect((await light.boundingBox())?.height).toBeGreaterThanOrEqual(40);
    await light.tap();
    expect(await light.getAttribute('aria-checked')).toBe('true');
  });
});
