import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { BotStore } from '../../src/db/index.js';
import { at, MINUTE, newReminder, SECOND, T0 } from '../reminders/engine/support/reminders.js';
import type { Line } from './children/reminder-bot.js';
import { Child, childProgram } from './support/child.js';
import { onEach } from './support/drivers.js';

const teller = childProgram('reminder-teller');
const bot = childProgram('reminder-bot');
const HOURLY = { when: '0 * * * *', marketDaysOnly: false };

onEach(['sqlite file', 'postgres'], (bench) => {
  const open = async (url: string) => ((await bench.open(url)) as BotStore).reminders;
  let folder = '';
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'bot-reminders-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has each of 120 runs told by one of two processes that tell side by side', async () => {
    const url = await bench.newUrl();
    const store = await open(url);
    for (let n = 0; n < 40; n++) await store.add(newReminder());
    const children = ['A', 'B'].map((owner) => new Child(teller, [url, owner]));
    await Promise.all(children.map((child) => child.heard(1)));
    const had: number[][] = [[], []];
    for (const hour of [0, 1, 2]) {
      for (const child of children) child.say(String(hour));
      const answers = await Promise.all(children.map((child) => child.heard(2 + hour)));
      for (const [n, lines] of answers.entries())
        had[n]?.push(...(JSON.parse(lines.at(-1) ?? '') as number[]));
    }
    for (const child of children) child.process.stdin?.end();
    await Promise.all(children.map((child) => child.ended()));
    const all = had.flat();
    expect(all).toHaveLength(120);
    expect(new Set(all).size).toBe(120);
    // Both were at it, or this would prove nothing.
    for (const some of had) expect(some.length).toBeGreaterThan(0);
  }, 60_000);

  describe('kill -9 in mid-sentence', () => {
    const posted = (file: string): Line[] =>
      existsSync(file)
        ? readFileSync(file, 'utf8')
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as Line)
        : [];

    const twentyMinutes = 20 * MINUTE;
    it.each([
      ['before the first page is out', 'before-1', T0, 0, 21 * SECOND],
      ['when the first page is out', 'after-1', T0, 1, 21 * SECOND],
      ['when the first page is out', 'after-1', T0, 1, twentyMinutes],
      ['between two pages', 'before-2', T0, 1, twentyMinutes],
      ['when the message is out and not written down', 'after-2', T0, 2, 21 * SECOND],
      ['when the message is out and not written down', 'after-2', T0, 2, twentyMinutes],
      ['before the second message is out', 'before-3', T0, 2, twentyMinutes],
      ['when a catch-up message is out', 'after-2', at(5 * MINUTE), 2, twentyMinutes],
    ])(
      '%s leaves each run sent once',
      async (_title, hang, when, out, pause) => {
        const url = await bench.newUrl();
        const store = await open(url);
        const file = join(folder, `${hang}-${+when}-${url.length}-${Math.random()}.jsonl`);
        const ids: number[] = [];
        for (let n = 0; n < 3; n++) ids.push((await store.add(newReminder(HOURLY))).id);
        const first = new Child(bot, [url, file, when.toISOString(), hang]);
        expect(await first.heard(1)).toEqual(['hanging']);
        await first.kill();
        expect(posted(file)).toHaveLength(out);
        // Two heirs at once, after the lease; what one has, the other lets be.
        const later = new Date(when.getTime() + pause).toISOString();
        const heirs = [0, 1].map(() => new Child(bot, [url, file, later]));
        await Promise.all(heirs.map((heir) => heir.ended()));
        const pages = posted(file);
        const told = pages.flatMap(({ occurrences }) => occurrences);
        expect(told).toHaveLength(3);
        // Each message has both of its pages, once.
        expect(pages.filter(({ last }) => last)).toHaveLength(pages.length / 2);
        expect(new Set(told).size).toBe(3);
        for (const id of ids) expect(await store.recent(id, 9)).toMatchObject([{ state: 'sent' }]);
      },
      60_000,
    );
  });
});
