import type { Attachment, Message } from '@profit-target/local-discord/client';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import {
  chromiumPath,
  launchChromium,
  PHONE,
  visit,
} from '../../packages/local-discord/test/page/support/chromium.js';
import { buttonsOf, contentOf, Desk, until } from './support/desk.js';
import { arrivals, ids, tidy } from './support/scenes.js';

const BROKEN = { NODE_OPTIONS: '--import=./test/e2e/support/broken-pictures.mjs' };

/** How many lines of text an element's words and embeds take as they are laid out; without names, buttons and pictures. */
const LINES = `(message) => {
  const bottoms = [];
  for (const part of message.querySelectorAll(':scope > .markdown, discord-embed-description')) {
    const range = document.createRange();
    range.selectNodeContents(part);
    for (const { bottom, height } of range.getClientRects()) {
      if (height > 0 && !bottoms.some((other) => Math.abs(other - bottom) < 8)) bottoms.push(bottom);
    }
  }
  return bottoms.length;
}`;

/** How a message looked each time it changed. */
function versionsOf(desk: Desk, { id }: Message): Message[] {
  return desk.trader.events.flatMap((event) => (event.message?.id === id ? [event.message as Message] : []));
}

async function picture(desk: Desk, message: Message): Promise<{ shown: Message; file: Attachment }> {
  const shown = await desk.trader.waitForEdit(message, ({ attachments }) => attachments.length > 0, 30_000);
  const [file] = shown.attachments;
  if (!file) throw new Error('no picture');
  return { shown, file };
}

describe('with pictures', () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await Desk.open({ settings: { PICTURES: 'on' } });
  });
  afterEach(() => tidy(desk));
  afterAll(() => desk?.close());

  test('a preview goes out in words, and gets its payoff by an edit that changes nothing else', async () => {
    const preview = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
    const { shown, file } = await picture(desk, preview);

    expect(shown.attachments).toHaveLength(1);
    expect(file).toMatchObject({ content_type: 'image/png', width: 720 });
    expect(file.description).toMatch(/^Payoff of #\d+ QQQ Senex Trident at expiration, .* Breaks even at /);
    expect(file.description).toMatch(/QQQ is at [\d.]+ now\. Profit at the marks: [+−]\$/);
    const bytes = new Uint8Array(await (await fetch(file.url)).arrayBuffer());
    expect([...bytes.slice(1, 4)]).toEqual([...'PNG'].map((letter) => letter.charCodeAt(0)));
    for (const [, price] of contentOf(shown).matchAll(/ay \*\*([\d.]+)\*\*/g)) {
      expect(file.description).toContain(`pay ${price}`);
    }
    const [first] = versionsOf(desk, preview).filter(({ loading }) => !loading);
    expect(first?.attachments).toEqual([]);
    expect([shown.content, shown.embeds, shown.components]).toEqual([
      preview.content,
      preview.embeds,
      preview.components,
    ]);

    await desk.trader.press(shown, 'Submit');
    await desk.result(shown);
    expect(desk.trader.current(shown).components).toEqual([]);
  });

  test.skipIf(!chromiumPath)(
    'on a phone a Trident’s preview is 18 lines at most, and its picture',
    async () => {
      const preview = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
      await picture(desk, preview);
      const browser = await launchChromium();
      try {
        const { page, faults } = await visit(browser, `${desk.discord.url}/?user=trader`, {
          viewport: PHONE,
        });
        const shown = page.locator(`[data-id="${preview.id}"]`);
        await shown.getByRole('img', { name: /^Payoff of #/ }).waitFor();
        const lines = await page.evaluate(`(${LINES})(document.querySelector('[data-id="${preview.id}"]'))`);
        expect(lines).toBeGreaterThan(10);
        expect(lines).toBeLessThanOrEqual(18);
        expect(faults).toEqual([]);
      } finally {
        await browser.close();
      }
      await desk.trader.press(preview, 'Discard');
      await desk.trader.waitForEdit(preview, ({ content }) => content.startsWith('Discarded'));
    },
  );

  test('another price never stands beside the picture of the former one', async () => {
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    const { shown, file } = await picture(desk, preview);
    await desk.trader.press(shown, '60 %');
    const after = await desk.trader.waitForEdit(
      preview,
      ({ attachments: [fresh] }) => fresh !== undefined && fresh.id !== file.id,
      30_000,
    );
    const priceIn = (message: Message) => /ay \*\*([\d.]+)\*\*/.exec(contentOf(message))?.[1];
    expect(priceIn(after)).not.toBe(priceIn(preview));
    for (const version of versionsOf(desk, preview)) {
      for (const { description } of version.attachments)
        expect(description).toContain(`pay ${priceIn(version)},`);
    }
    await desk.trader.press(after, 'Discard');
    await desk.trader.waitForEdit(after, ({ content }) => content.startsWith('Discarded'));
  });

  test('the list of one position has its payoff too', async () => {
    const list = await desk.ask('positions', { underlying: 'NVDA' });
    expect((await picture(desk, list)).file.description).toMatch(/^Payoff of #\d+ NVDA/);
  });

  test('the card of a closed position gets its entry, each way out and its result', async () => {
    const preview = await desk.preview(await desk.positionId('IWM', 'Iron condor'));
    const news = await arrivals(desk);
    await desk.trader.press(preview, 'Submit');
    await desk.result(preview);
    for (const id of ids(await news())) await desk.admin.fill(id);
    const card = await desk.trader.waitForMessage((each) => contentOf(each).includes('IWM closed**'), {
      timeoutMs: 60_000,
    });
    const { shown, file } = await picture(desk, card);
    const [made = ''] = /[+−]\$[\d.,]+(?=\*\* net)/.exec(contentOf(shown)) ?? [];
    expect(file).toMatchObject({ content_type: 'image/png', width: 720 });
    expect(file.description).toContain(`IWM Iron condor × 2 closed: ${made.replace(/\.00$/, '')} net`);
    expect(file.description).toMatch(/: target filled .*, (paid|received) [\d.]+\./);
    expect([shown.content, shown.embeds]).toEqual([card.content, card.embeds]);
  });
});

describe('without', () => {
  async function submitsAsEver(settings: Record<string, string>): Promise<Desk> {
    const desk = await Desk.open({ settings });
    const preview = await desk.preview(await desk.positionId('QQQ', 'Senex Trident'));
    expect(buttonsOf(preview)).toContain('Submit 3 GTC orders');
    if (settings.PICTURES !== 'off') {
      await until(async () => desk.bot.log.includes('a message got no picture'));
    }
    await desk.trader.press(preview, 'Submit');
    expect(contentOf(await desk.result(preview))).toBeTruthy();
    expect(await desk.admin.received()).toHaveLength(3);
    for (const { attachments } of versionsOf(desk, preview)) expect(attachments).toEqual([]);
    return desk;
  }

  test('PICTURES=off, nothing is drawn', async () => {
    const desk = await submitsAsEver({ PICTURES: 'off' });
    expect(desk.bot.log).not.toContain('picture');
    await desk.close();
  });

  test('a renderer whose library can’t be loaded takes nothing with it, and is logged once', async () => {
    const desk = await submitsAsEver({ PICTURES: 'on', ...BROKEN, BROKEN_PICTURES: 'bare' });
    const list = await desk.ask('positions', { underlying: 'NVDA' });
    expect(contentOf(list)).toContain('NVDA');
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    expect(buttonsOf(preview)).toContain('Submit 1 GTC order');
    expect(desk.bot.log.match(/a message got no picture/g)).toHaveLength(1);
    expect(desk.bot.log).toMatch(/no picture can be drawn here: .*@resvg\/resvg-js/);
    await desk.close();
  });

  test('one that never answers is given up, and nobody waited for it', async () => {
    const desk = await submitsAsEver({ PICTURES: 'on', ...BROKEN, BROKEN_PICTURES: 'deaf' });
    expect(desk.bot.log).toContain('not drawn within');
    await desk.close();
  });
});
