import { describe, expect, test } from 'vitest';
import { BotProcess } from './support/bot-process.js';
import { Desk, until } from './support/desk.js';
import { allPostedBy, postedBy, scheduled, settled, soon } from './support/reminders.js';

/** Each test has a desk of its own, so that they can wait side by side. */
async function atDesk(work: (desk: Desk) => Promise<void>): Promise<void> {
  const desk = await Desk.open();
  try {
    await work(desk);
  } finally {
    await desk.close();
  }
}

describe.concurrent('each occurrence is posted once', () => {
  test('by two processes on one database', () =>
    atDesk(async (desk) => {
      const second = new BotProcess(desk.bot.settings);
      second.start();
      try {
        await until(async () => second.log.includes('connected to Discord'));
        const when = soon(6_000);
        const ids: string[] = [];
        for (let count = 0; count < 8; count += 1)
          ids.push(await scheduled(desk, { kind: 'note', when, text: `note ${count}` }));
        for (const id of ids) await postedBy(desk.trader, id);
        await settled(desk);
        for (const id of ids) expect(await allPostedBy(desk, id)).toHaveLength(1);
      } finally {
        await second.stop();
      }
    }));

  // A claim outlives its process by a minute at most, and is settled by looking then.
  test.each([
    ['Discord has the message and the answer is on its way', { kind: 'slow-after-commit', ms: 20_000 }, true],
    ['the message is on its way and never gets to Discord', { kind: 'slow', ms: 600_000 }, false],
  ] as const)(
    'by the bot and its next start, killed while %s',
    (_when, fault, posted) =>
      atDesk(async (desk) => {
        const { faults } = desk.trader;
        await faults.add({ ...fault, route: 'POST /channels/' });
        const id = await scheduled(desk, { kind: 'note', when: soon(), text: 'Once' });
        await until(async () => (await faults.list()).some(({ fired }) => fired > 0));
        if (posted) await postedBy(desk.trader, id);
        await desk.bot.kill9();
        await faults.clear();
        await desk.startBot();
        await settled(desk, 100_000);
        expect(await allPostedBy(desk, id)).toHaveLength(1);
      }),
    150_000,
  );
});
