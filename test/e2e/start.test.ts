import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import { type LocalDiscord, startLocalDiscord } from '@profit-target/local-discord';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { type Run, runProgram } from './support/program.js';

/*
 * `npm start` with one setting that is wrong: the last words name it and say what to do, and the process ends.
 */

let discord: LocalDiscord;
let folder: string;
beforeAll(async () => {
  discord = await startLocalDiscord({ checkRequests: true });
});
afterAll(() => discord.close());
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'start-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function start(change: Record<string, string>): Promise<Run> {
  const run = await runProgram(
    'main',
    [],
    {
      DISCORD_TOKEN: discord.token,
      DISCORD_API_URL: discord.apiUrl,
      DISCORD_GUILD_ID: discord.guildId,
      TRADER_USER_IDS: discord.users.trader,
      LOG_LEVEL: 'silent',
      ...change,
    },
    folder,
  );
  expect(run.code).toBe(1);
  return run;
}

test.each([
  ['READ_ONLY', 'maybe'],
  ['TASTYTRADE_ENV', 'prod'],
  ['DATABASE_URL', 'data/bot.sqlite'],
])('%s=%s: named with an example, and nothing was begun', async (name, value) => {
  const { output } = await start({ [name]: value });
  expect(output).toMatch(new RegExp(`- ${name} .*Example: ${name}=`));
  expect(existsSync(join(folder, 'data'))).toBe(false);
});

test('a token that Discord refuses', async () => {
  const { output } = await start({ DISCORD_TOKEN: 'not.the.token-of-this-bot' });
  expect(output).toContain('DISCORD_TOKEN');
  expect(output).toContain('Reset Token');
  expect(output).toContain('npm run doctor');
  expect(output).not.toContain('not.the.token');
});

test('a server the bot is not in', async () => {
  const { output } = await start({ DISCORD_GUILD_ID: '1000000000000000001' });
  expect(output).toContain('DISCORD_GUILD_ID');
  expect(output).toContain('invite the bot');
});

test('a database that can’t be reached: with what to do, and without its password', async () => {
  const { output } = await start({ DATABASE_URL: 'postgres://bot:hunter2hunter2@127.0.0.1:9/bot' });
  expect(output).toContain('Check DATABASE_URL');
  expect(output).not.toContain('hunter2');
});

test.each(['main', 'cli', 'doctor'])(
  'the bytecode that the build made of %s is taken by this Node',
  (name) => {
    const file = resolve(`dist/${name}.cjs`);
    const cachedData = readFileSync(`${file}.compiled`);
    // Anything else, such as a character in it that is more than a byte, would be compiled anew at each start.
    const program = new Script(readFileSync(file, 'latin1'), { filename: file, cachedData });
    expect(program.cachedDataRejected).toBe(false);
    const refusing = () => {
      throw new Error('nothing is required here');
    };
    expect(() => program.runInThisContext()(refusing, { exports: {} }, file, '/')).toThrow(
      expect.objectContaining({ stack: expect.stringContaining(`${file}:1`) }),
    );
  },
);

test('the launcher takes that bytecode too, whatever flags it sets', async () => {
  const watch = join(folder, 'watch.mjs');
  writeFileSync(
    watch,
    `import { syncBuiltinESMExports } from 'node:module';
     import vm from 'node:vm';
     vm.Script = class extends vm.Script {
       constructor(...given) {
         super(...given);
         console.log('bytecode', this.cachedDataRejected ? 'refused' : 'taken');
       }
     };
     syncBuiltinESMExports();`,
  );
  const run = await runProgram(
    'cli',
    ['--help'],
    { NODE_OPTIONS: `--import ${pathToFileURL(watch).href}` },
    folder,
  );
  expect(run.output).toContain('bytecode taken');
});
