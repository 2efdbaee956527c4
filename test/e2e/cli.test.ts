import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { BotProcess } from './support/bot-process.js';
import { buttonsOf, Desk, textOf, until } from './support/desk.js';
import { type Run, runProgram } from './support/program.js';
import { arrivals, expectCovered, ids, passListLag, tidy, working } from './support/scenes.js';

/*
 * `npm run cli -- targets` as a process of its own, on the database and at the broker of a bot that runs beside it.
 */

let desk: Desk;
beforeAll(async () => {
  desk = await Desk.open();
});
afterEach(() => tidy(desk));
afterAll(() => desk?.close());

function settings(): Record<string, string> {
  return {
    BROKER: 'paper',
    TASTYTRADE_API_URL: desk.paper.url,
    TASTYTRADE_STREAMER_URL: desk.paper.streamerUrl,
    TASTYTRADE_CLIENT_SECRET: desk.paper.clientSecret,
    TASTYTRADE_REFRESH_TOKEN: desk.paper.refreshToken,
    DATABASE_URL: `sqlite:${join(desk.folder, 'bot.sqlite')}`,
    SETTLE_SECONDS: '5',
    LOG_LEVEL: 'fatal',
  };
}

/** `targets --position <position> …` */
function targets(position: string, args: string[] = [], change: Record<string, string> = {}): Promise<Run> {
  return cli(['targets', '--position', position, ...args], change);
}

function cli(args: string[], change: Record<string, string> = {}): Promise<Run> {
  return runProgram('cli', args, { ...settings(), ...change }, desk.folder);
}

describe('looking', () => {
  test('--dry-run shows prices, legs and the broker’s own trial, and sends nothing, with --yes too', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    for (const args of [['--dry-run'], ['--dry-run', '--yes']]) {
      const run = await targets(position, args);
      expect(run.code).toBe(0);
      expect(run.output).toContain('PAPER');
      expect(run.output).toContain('40 % 1 × ');
      expect(run.output).toMatch(/You pay \d+\.\d\d/);
      expect(run.output).toMatch(/Fees \$/);
      expect(run.output).toContain('Dry run: nothing can be sent from here.');
      expect(run.output).not.toMatch(/\*\*|`|<t:|<@/);
    }
    expect(await news()).toEqual([]);
    // Nothing counts as made: the bot offers all three still.
    expect(buttonsOf(await desk.preview(position))).toContain('Submit 3 GTC orders');
  });

  test('what works, what was made and what doesn’t agree are the same screens, and send nothing', async () => {
    const news = await arrivals(desk);
    const orders = await cli(['orders']);
    expect([orders.code, orders.output]).toEqual([
      0,
      expect.stringMatching(/1 working closing order .*#\d+ GOOGL/),
    ]);
    const history = await cli(['history', '--period', '90-days', '--underlying', 'QQQ']);
    expect([history.code, history.output]).toEqual([0, expect.stringContaining('By the broker’s ledger')]);
    const points = await cli(['reconcile']);
    expect([points.code, points.output]).toEqual([1, expect.stringContaining('points to look at')]);
    for (const { output } of [orders, history, points]) expect(output).not.toMatch(/\*\*|`|<t:|<@/);
    expect(await news()).toEqual([]);
  });

  test('without --yes and without a terminal to ask at, nothing is sent', async () => {
    const news = await arrivals(desk);
    const run = await targets(await desk.positionId('QQQ', 'Senex Trident'));
    expect(run.code).toBe(1);
    expect(run.output).toContain('add --yes to send');
    expect(run.output).toContain('Nothing was sent.');
    expect(await news()).toEqual([]);
  });

  test.skipIf(process.platform !== 'linux')('a no at the terminal sends nothing, and is exit 1', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const command = `${process.execPath} ${resolve('dist/cli.js')} targets --position ${position}`;
    const child = spawn('script', ['--quiet', '--return', '--command', command, '/dev/null'], {
      env: { PATH: process.env.PATH, ...settings() },
      cwd: desk.folder,
      stdio: ['pipe', 'pipe', 'inherit'],
    });
    let output = '';
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      if (output.includes('[y/N]') && child.stdin.writable) child.stdin.end('n\n');
    });
    await once(child, 'close');
    expect(output).toContain('Submit 3 GTC order(s) at PAPER? [y/N]');
    expect(output).toContain('Nothing was sent.');
    expect(child.exitCode).toBe(1);
    expect(await news()).toEqual([]);
  });

  test('with --yes nothing is sent where the stop that was asked for can’t be had, nor counts a dry run as well', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const possible = await targets(position, ['--stop', '60', '--dry-run']);
    expect([possible.code, possible.output]).toEqual([
      0,
      expect.stringMatching(/Stop 60 % of credit lost: wakes up at \d/),
    ]);
    await desk.admin.brackets({ refuseSpreads: true });
    try {
      const run = await targets(position, ['--stop', '60', '--yes']);
      expect([run.code, run.output]).toEqual([
        1,
        expect.stringContaining('No stop, the target alone: The broker would refuse'),
      ]);
      expect(run.output).toContain(
        'the broker takes none here; without --yes the target alone is offered. Nothing was sent.',
      );
      expect((await targets(position, ['--stop', '60', '--dry-run'])).code).toBe(1);
    } finally {
      await desk.admin.brackets({});
    }
    expect(await news()).toEqual([]);
  });

  test('READ_ONLY binds here too, --yes or not', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    const run = await targets(position, ['--yes'], { READ_ONLY: 'true' });
    expect(run.code).toBe(1);
    expect(run.output).toContain('Read-only mode: nothing can be sent.');
    expect(await news()).toEqual([]);
  });

  test('a price between two ticks is refused with both neighbours', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const run = await targets(position, ['--price', '1.23', '--yes']);
    expect(run.code).toBe(1);
    expect(run.output).toContain('1.23 is not a valid price');
    expect(run.output).toMatch(/Try 1\.20 or 1\.25/);
    expect(await news()).toEqual([]);
  });

  test('a position that isn’t there', async () => {
    const run = await targets('99999', ['--yes']);
    expect(run.code).toBe(1);
    expect(run.output).toContain('no open position #99999');
  });

  test('a broker that doesn’t answer: nothing was sent, exit 1', async () => {
    const run = await targets('1', ['--yes'], { TASTYTRADE_API_URL: 'http://127.0.0.1:9' });
    expect(run.code).toBe(1);
    expect(run.output).toContain('Nothing was sent.');
  });

  test.each([
    [[]],
    [['order']],
    [['targets']],
    [['targets', '37']],
    [['targets', '--position', 'QQQ']],
    [['targets', '--position', '1', '--percent', '4o']],
    [['targets', '--position', '1', '--percent', '']],
    [['targets', '--position', '1', '--test']],
  ])('what can’t be read is exit 2 and looks at nothing: %j', async (args) => {
    const run = await cli(args, { TASTYTRADE_API_URL: 'http://127.0.0.1:9' });
    expect(run.code).toBe(2);
    expect(run.output).toContain('Usage: npm run cli -- targets');
  });

  test('--help and settings that can’t be read', async () => {
    expect(await cli(['--help'])).toMatchObject({ code: 0, output: expect.stringContaining('Usage:') });
    const run = await targets('1', ['--yes'], { ROUNDING: 'up' });
    expect(run).toMatchObject({ code: 1, output: expect.stringContaining('ROUNDING is not one of') });
  });
});

describe('placing', () => {
  test('--yes places GTC orders, prints every id and what the broker made of them, exit 0', async () => {
    const news = await arrivals(desk);
    const run = await targets(await desk.positionId('QQQ', 'Senex Trident'), ['--yes']);
    expect(run.output).toContain('3 GTC orders placed');
    expect(run.code).toBe(0);
    const received = await news();
    expect(received).toHaveLength(3);
    for (const { body, orderId } of received) {
      expect(run.output).toContain(`Order ${orderId}`);
      expect(body).toMatchObject({ 'time-in-force': 'GTC', 'order-type': 'Limit', 'price-effect': 'Debit' });
    }
    expect(run.output).toContain('working until filled or cancelled');
  });

  test('the bot beside it knows them at once, and a preview from before sends nothing', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    const preview = await desk.preview(position);
    const run = await targets(position, ['--yes']);
    expect(run.code).toBe(0);
    const [id] = ids(await news());
    await desk.trader.press(preview, 'Submit');
    const ended = await desk.trader.waitForEdit(preview, (each) => each.content.includes('changed'), 30_000);
    expect(textOf(ended)).toContain('nothing was sent');
    expect(await news()).toHaveLength(1);
    expect(textOf(await desk.ask('positions', { underlying: 'SPX' }))).toContain(`working: ${id}`);
    // And the other way round: what is covered is not offered here either.
    const again = await targets(position, ['--yes']);
    expect(again.code).toBe(1);
    expect(again.output).toContain('covered by working orders already');
    expect(await news()).toHaveLength(1);
  });

  test('`all` covers every position that has no targets, no contract twice', async () => {
    const news = await arrivals(desk);
    const run = await targets('all', ['--yes']);
    const received = await news();
    expect(received.length).toBeGreaterThan(5);
    expect(run.output).toContain(`${received.length} GTC orders placed`);
    for (const id of ids(received)) expect(run.output).toContain(`Order ${id}`);
    await expectCovered(desk);
    expect(run.code).toBe(0);
  });
});

describe('when the answer is lost or the venue says no', () => {
  test('an order that arrived is found by reading: told unknown, then placed, exit 0, sent once', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('SPX', 'Bull put');
    await desk.admin.fault({ kind: 'drop-after-commit', method: 'POST', path: '/orders$', times: 1 });
    const run = await targets(position, ['--yes']);
    const [order] = await news();
    expect(run.output).toContain('Don’t place the unknown ones again');
    expect(run.output).toContain(`Order ${order?.orderId}`);
    expect(run.code).toBe(0);
    expect(await news()).toHaveLength(1);
  });

  test('an order that never arrived is looked for to the end and counted as not placed, exit 1', async () => {
    const position = await desk.positionId('SPX', 'Bull put');
    await desk.admin.fault({ kind: 'drop-before-commit', method: 'POST', path: '/orders$', times: 1 });
    const run = await targets(position, ['--yes']);
    expect(run.output).toContain('1 unknown');
    expect(run.output).toContain('1 not placed');
    expect(run.code).toBe(1);
    expect(await ours()).toEqual([]);
  });

  test('an order that the venue kills seconds later: exit 1, with the reason', async () => {
    const position = await desk.positionId('SPX', 'Bull put');
    await desk.admin.fault({ kind: 'venue-reject', reason: 'Price is not on the tick', times: 1 });
    const run = await targets(position, ['--yes']);
    expect(run.output).toContain('no longer working');
    expect(run.output).toContain('Price is not on the tick');
    expect(run.code).toBe(1);
  });

  test('some refused: each is named with its reason, exit 1', async () => {
    const position = await desk.positionId('QQQ', 'Senex Trident');
    await desk.admin.fault({
      kind: 'status',
      status: 422,
      code: 'margin_check_failed',
      method: 'POST',
      path: '/orders$',
      skip: 1,
      times: 1,
    });
    const run = await targets(position, ['--yes']);
    expect(run.output).toContain('2 of 3 GTC orders placed');
    expect(run.output).toContain('1 refused');
    expect(run.code).toBe(1);
  });
});

describe('cancel', () => {
  test('--dry-run shows what it would end; without it each order is ended, and exit 0 says so', async () => {
    const news = await arrivals(desk);
    const position = await desk.positionId('QQQ', 'Senex Trident');
    expect((await targets(position, ['--yes'])).code).toBe(0);
    const placed = ids(await news());
    const looked = await cli(['cancel', '--position', position, '--dry-run']);
    expect(looked.code).toBe(0);
    expect(looked.output).toContain(`Cancel ${placed.length} orders?`);
    expect(looked.output).toMatch(/Afterwards\n⚠️ #\d+ QQQ Senex Trident · no targets/);
    expect(looked.output).not.toMatch(/\*\*|`|<t:|<@/);
    expect((await cli(['cancel', '--position', position])).output).toContain('Nothing was cancelled.');
    expect(await ours()).toHaveLength(placed.length);

    const one = await cli(['cancel', '--order', String(placed[0]), '--yes']);
    expect(one.output).toContain('1 order cancelled');
    expect(one.code).toBe(0);
    await desk.admin.fault({ kind: 'drop-before-commit', method: 'DELETE', path: `/orders/${placed[1]}$` });
    const lost = await cli(['cancel', '--position', position, '--yes']);
    expect(lost.output).toContain('Not cancelled');
    expect(lost.code).toBe(1);
    expect(await ours()).toHaveLength(1);
  });
});

describe('reconcile', () => {
  test('a target placed elsewhere is adopted, an order that the broker doesn’t know forgotten: asked first, --dry-run changes nothing', async () => {
    const there = (await desk.admin.orders()).find(
      (each) => each['underlying-symbol'] === 'GOOGL' && each.status === 'Live',
    );
    const id = there?.id ?? 0;
    const order = String(id);
    const { output: found } = await cli(['reconcile']);
    expect(found).toContain(`Order ${order} was placed elsewhere`);
    expect(found).toContain(`reconcile --adopt ${order}`);
    expect(found).toMatch(/targets --position \d+/);
    const news = await arrivals(desk);

    const looked = await cli(['reconcile', '--adopt', order, '--dry-run', '--yes']);
    expect([looked.code, looked.output]).toEqual([0, expect.stringContaining(`Order ${order} · #`)]);
    const forbidden = await cli(['reconcile', '--adopt', order, '--dry-run'], { READ_ONLY: 'true' });
    expect([forbidden.code, forbidden.output]).toEqual([1, expect.stringContaining('in read-only mode')]);
    const unasked = await cli(['reconcile', '--adopt', order]);
    expect([unasked.code, unasked.output]).toEqual([1, expect.stringContaining('Nothing was changed.')]);
    const adopted = await cli(['reconcile', '--adopt', order, '--yes']);
    expect([adopted.code, adopted.output]).toEqual([0, expect.stringContaining('1 GTC order adopted')]);
    expect(adopted.output).toContain('no channel hears of it');
    await desk.admin.erase(id);
    await passListLag(desk);
    await desk.admin.fault({
      kind: 'status',
      status: 403,
      code: 'not_permitted',
      method: 'GET',
      path: `/orders/${order}$`,
      // The bot looks at it too.
      times: null,
    });
    const unread = await cli(['reconcile', '--forget', order, '--yes']);
    expect([unread.code, unread.output]).toEqual([1, expect.stringContaining('The broker said no')]);
    await desk.admin.clearFaults();
    const gone = await cli(['reconcile', '--forget', order, '--dry-run']);
    expect([gone.code, gone.output]).toEqual([0, expect.stringContaining(`Order ${order} works no more`)]);
    const forgotten = await cli(['reconcile', '--forget', order, '--yes']);
    expect([forgotten.code, forgotten.output]).toEqual([
      0,
      expect.stringMatching(/Order \d+ of #\d+ is forgotten/),
    ]);
    const after = await cli(['reconcile']);
    expect(after.output).not.toContain(order);
    for (const { output } of [looked, adopted, gone, forgotten]) expect(output).not.toMatch(/\*\*|`|<t:|<@/);
    expect(await news()).toEqual([]);
  });
});

describe('close', () => {
  test('--dry-run shows what would end and what leaves; without it that is done, and exit 0 says so', async () => {
    const position = await desk.positionId('QQQ', 'Bull call');
    expect((await targets(position, ['--yes'])).code).toBe(0);
    const [target] = await ours();
    const looked = await cli(['close', '--position', position, '--dry-run']);
    expect(looked.code).toBe(0);
    expect(looked.output).toMatch(/Close #\d+ QQQ/);
    expect(looked.output).toContain(`Order ${target?.id}`);
    expect(looked.output).not.toMatch(/\*\*|`|<t:|<@/);
    expect((await ours()).map(({ id }) => id)).toEqual([target?.id]);

    const half = await cli(['close', '--position', position, '--portion', '1/2', '--yes']);
    expect(half.output).toContain('1 close placed');
    expect(half.code).toBe(0);
    const [close, ...others] = await ours();
    expect(others).toEqual([]);
    expect(close?.legs.map(({ quantity }) => quantity)).toEqual([1, 1]);
    await expectCovered(desk);
  });
});

describe('BROKER=paper inside two processes', () => {
  test('the second is refused and told how to share; after kill -9 of the first it runs', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'cli-paper-'));
    const inside = {
      BROKER: 'paper',
      PAPER_STATE_FILE: join(folder, 'paper.json'),
      DATABASE_URL: `sqlite:${join(folder, 'bot.sqlite')}`,
    };
    const bot = new BotProcess({
      ...inside,
      DISCORD_TOKEN: desk.discord.token,
      DISCORD_API_URL: desk.discord.apiUrl,
      LOG_LEVEL: 'debug',
    });
    const run = (args: string[]) =>
      runProgram('cli', ['targets', '--position', 'all', ...args], inside, folder);
    try {
      bot.start();
      await until(async () => bot.log.includes('account stream live'));
      const refused = await run(['--yes']);
      expect(refused.code).toBe(1);
      expect(refused.output).toContain('Nothing was started');
      expect(refused.output).toContain('TASTYTRADE_API_URL');
      await bot.kill9();
      const alone = await run(['--dry-run']);
      expect(alone.output).toContain('Senex Trident');
      expect(alone.code).toBe(0);
    } finally {
      await bot.kill9();
      rmSync(folder, { recursive: true, force: true });
    }
  });
});

async function ours() {
  return (await working(desk)).filter((order) => order['external-identifier']?.startsWith('ptb-'));
}
