import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Desk, textOf } from './support/desk.js';
import { tidy } from './support/scenes.js';

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open({ startBot: false });
});
afterAll(() => desk?.close());

/** The bot as its last step, so that the signal reaches it; the word `bot` stands for it. */
function run(script: string): ChildProcess {
  const command = script.replace('bot', `${process.execPath} dist/main.js`);
  return spawn('bash', ['-c', command], {
    env: { PATH: process.env.PATH, ...desk.bot.settings },
    // What a parent made by Node hands on is a socket; it is never read here.
    stdio: ['ignore', 'ignore', 'pipe'],
  });
}

test.each([
  ['a full disk', 'exec bot 2>/dev/full'],
  ['a pipe whose reader is gone', 'exec 2> >(exec true); sleep 0.2; exec bot'],
  [
    'a pipe that is full and that nobody reads',
    'exec 2> >(exec sleep 600); head -c 65536 /dev/zero >&2; exec bot',
  ],
  [
    'a socket that is full and that nobody reads',
    '(exec head -c 1000000 /dev/zero >&2) & sleep 0.2; exec bot',
  ],
])(
  'log into %s: commands are answered, orders are placed, and SIGTERM ends it as ever',
  async (_name, script) => {
    const child = run(script);
    const ended = once(child, 'exit');
    await desk.trader.waitForBot(true, 30_000);
    await desk.trader.waitForCommand('targets', 30_000);
    expect(textOf(await desk.ask('status'))).toContain('PAPER');
    const preview = await desk.preview(await desk.positionId('SPX', 'Bull put'));
    await desk.trader.press(preview, 'Submit');
    expect(textOf(await desk.result(preview))).toContain('placed');
    child.kill('SIGTERM');
    expect(await ended).toEqual([0, null]);
    child.stderr?.destroy();
    await desk.trader.waitForBot(false, 30_000);
    await tidy(desk);
  },
);
