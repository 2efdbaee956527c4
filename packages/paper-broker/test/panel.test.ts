import { existsSync } from 'node:fs';
import { request } from 'node:http';
import { chromium } from 'playwright-core';
import { describe, expect, it } from 'vitest';
import { startRig, until } from './harness.js';

const browserPath = [
  process.env.CHROMIUM_PATH,
  '/usr/bin/chromium-headless-shell',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
].find((path) => path && existsSync(path));

const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

describe('the panel', () => {
  it('is served whole from its own origin and names no other', async () => {
    const rig = await startRig();
    const page = await fetch(rig.broker.adminUrl);
    expect([page.status, page.headers.get('content-type')]).toEqual([200, 'text/html; charset=utf-8']);
    const parts = [await page.text()];
    for (const file of ['panel.js', 'panel.css']) {
      const answer = await fetch(rig.broker.adminUrl + file);
      expect(answer.status).toBe(200);
      parts.push(await answer.text());
    }
    for (const part of parts) {
      expect(part).not.toMatch(/https?:|\/\/[a-z]/i);
      expect(part).not.toMatch(/innerHTML|insertAdjacentHTML|document\.write/);
    }
  });

  it('answers no other host name than loopback', async () => {
    const rig = await startRig();
    const status = await new Promise<number | undefined>((done, fail) => {
      const { port } = new URL(rig.broker.url);
      request(
        { host: '127.0.0.1', port, path: '/admin/api/snapshot', headers: { host: 'evil.example' } },
        (reply) => {
          reply.resume();
          done(reply.statusCode);
        },
      )
        .on('error', fail)
        .end();
    });
    expect(status).toBe(403);
  });

  it.skipIf(!browserPath)(
    'works by keyboard at 320 pixels: speed, a nudge, a fill; nothing overflows (needs Chromium)',
    async () => {
      const rig = await startRig();
      const browser = await chromium.launch({ executablePath: browserPath ?? '', args: QUIET });
      try {
        const page = await browser.newPage({ viewport: { width: 320, height: 700 } });
        const trouble: string[] = [];
        page.on('pageerror', (error) => trouble.push(String(error)));
        page.on('console', (message) => trouble.push(message.text()));
        await page.goto(rig.broker.adminUrl);
        const [order] = (await rig.admin.snapshot()).working;
        const press = async (name: string) => {
          const button = page.getByRole('button', { name });
          await button.focus();
          await page.keyboard.press('Enter');
        };
        await press('60×');
        await until(
          async () => (await rig.admin.snapshot()).clock.speed,
          (speed) => speed === 60,
        );
        await press('Pause');
        await until(
          async () => (await rig.admin.snapshot()).clock.speed,
          (speed) => speed === 0,
        );
        const price = async () =>
          Number((await rig.admin.snapshot()).underlyings.find((each) => each.symbol === 'QQQ')?.price);
        const before = await price();
        await press('Raise QQQ by 1 %');
        await until(price, (now) => now > before * 1.005);
        await press(`Fill order ${order?.id} now`);
        await until(
          async () => (await rig.admin.orders()).find((each) => each.id === order?.id)?.status,
          (status) => status === 'Filled',
        );
        const [other] = (await rig.admin.snapshot()).working;
        await press(`Reject order ${other?.id}`);
        await until(
          async () => (await rig.admin.orders()).find((each) => each.id === other?.id),
          (now) => now?.status === 'Rejected' && now['reject-reason'] === 'Session offline',
        );
        await page.getByText('Make trouble').click();
        const isPressed = (name: string) => () =>
          page.getByRole('button', { name }).getAttribute('aria-pressed');
        await press('Fill before a cancel');
        await until(rig.admin.faults.bind(rig.admin), ([fault]) => fault?.kind === 'beat-cancel');
        await until(isPressed('Fill before a cancel'), (pressed) => pressed === 'true');
        await press('Fill before a cancel');
        await until(rig.admin.faults.bind(rig.admin), (faults) => faults.length === 0);
        await press('Book nothing in the ledger');
        await until(isPressed('Book nothing in the ledger'), (pressed) => pressed === 'true');
        await page.getByLabel('Corporate action').selectOption('QQQ');
        await press('Split 2 for 1');
        await until(price, (now) => now < before * 0.6);
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(320);
        expect(trouble).toEqual([]);
      } finally {
        await browser.close();
      }
    },
  );

  it.skipIf(!browserPath)(
    'shows which of several accounts it is about, and lets one choose (needs Chromium)',
    async () => {
      const [one, two] = [await startRig(), await startRig({ iraScenario: 'empty' })];
      const browser = await chromium.launch({ executablePath: browserPath ?? '', args: QUIET });
      try {
        const page = await browser.newPage({ viewport: { width: 320, height: 700 } });
        const rows = () => page.locator('#positions li:not(.empty)').count();
        const which = page.getByLabel('Account');
        await page.goto(one.broker.adminUrl);
        await until(rows, (count) => count > 0);
        expect(await which.isVisible()).toBe(false);
        await page.goto(two.broker.adminUrl);
        await until(rows, (count) => count > 0);
        await which.selectOption({ label: 'Paper IRA · 5WT00003' });
        await until(rows, (count) => count === 0);
        await which.selectOption({ label: 'Paper account · 5WT00001' });
        await until(rows, (count) => count > 0);
      } finally {
        await browser.close();
      }
    },
  );
});
