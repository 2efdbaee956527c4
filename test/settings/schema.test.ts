import { inspect } from 'node:util';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { BROKER_NAMES, type BrokerName } from '../../src/domain/environment.js';
import { environmentOf, readSettings } from '../../src/settings/schema.js';
import { saying } from '../support/saying.js';
import { problemsOf, TOKEN, text } from './support.js';

/** What the bot itself needs at least. */
const LEAST = { DISCORD_TOKEN: TOKEN };
const read = (environment: Record<string, string> = {}) => readSettings({ ...LEAST, ...environment });

describe('defaults', () => {
  it('a token is all that is needed for paper trading, and then nobody may trade', () => {
    expect(JSON.parse(text(read()))).toMatchObject({
      DISCORD_TOKEN: '[secret]',
      TRADER_USER_IDS: [],
      TRADER_ROLE_IDS: [],
      VIEWER_USER_IDS: [],
      VIEWER_ROLE_IDS: [],
      CHANNEL_IDS: [],
      BROKER: 'paper',
      TASTYTRADE_ENV: 'sandbox',
      DATABASE_URL: 'sqlite:./data/bot.sqlite',
      PREVIEW_TTL_SECONDS: 120,
      PROFIT_TARGETS: {},
      ROUNDING: 'nearest',
      READ_ONLY: false,
      SETTLE_SECONDS: 90,
      PAPER_STATE_FILE: './data/paper-broker.json',
      LOG_LEVEL: 'info',
    });
    expect(environmentOf(read())).toBe('PAPER');
  });

  it('blank is unset, for every variable', () => {
    for (const blank of ['', ' ', '\t ']) {
      const names = Object.keys(read()).filter((name) => name !== 'DISCORD_TOKEN');
      expect(names.length).toBeGreaterThan(20);
      const blanks = Object.fromEntries(names.map((name) => [name, blank]));
      expect(read(blanks)).toEqual(read());
    }
  });

  it('unknown variables are none of its business', () => {
    expect(read({ PATH: '/bin', DISCORD_TOKENS: 'x' })).toEqual(read());
  });

  it('a tool without Discord needs no token, blank or not, and any other variable as ever', () => {
    for (const token of [undefined, '', '  ']) {
      expect(() => readSettings({ DISCORD_TOKEN: token }, { withDiscord: false })).not.toThrow();
    }
    expect(() => readSettings({ BROKER: 'demo' }, { withDiscord: false })).toThrow('BROKER');
  });
});

describe('each variable takes what it should', () => {
  const ID = '80351110224678912';
  const OTHER = '1145822100000000301';
  it.each([
    ['DISCORD_GUILD_ID', ID, ID],
    ['DISCORD_GUILD_ID', ` ${'1'.repeat(17)} `, '1'.repeat(17)],
    ['DISCORD_GUILD_ID', '9'.repeat(20), '9'.repeat(20)],
    ['DISCORD_API_URL', 'https://discord.com/api/', 'https://discord.com/api'],
    ['DISCORD_API_URL', 'http://127.0.0.1:8080/api', 'http://127.0.0.1:8080/api'],
    ['DISCORD_API_URL', 'http://localhost:8080/api', 'http://localhost:8080/api'],
    ['DISCORD_API_URL', 'http://[::1]:8080/api', 'http://[::1]:8080/api'],
    ['TRADER_USER_IDS', ID, [ID]],
    ['TRADER_USER_IDS', `${ID},${OTHER}`, [ID, OTHER]],
    ['VIEWER_USER_IDS', ` * , ${ID}`, ['*', ID]],
    ['VIEWER_ROLE_IDS', `${ID} ${OTHER}`, [ID, OTHER]],
    ['TRADER_ROLE_IDS', ` ${ID} ; ${OTHER} ,`, [ID, OTHER]],
    ['CHANNEL_IDS', `${ID} ${OTHER}`, [ID, OTHER]],
    ['BROKER', 'paper', 'paper'],
    ['TASTYTRADE_ENV', 'production', 'production'],
    ['TASTYTRADE_ALLOW_HOST', ' proxy.example.com ', 'proxy.example.com'],
    ['TASTYTRADE_ACCOUNT', ' 5WX00001 ', ['5WX00001']],
    ['TASTYTRADE_ACCOUNT', '5WZ11111, 5WZ22222,5WZ11111', ['5WZ11111', '5WZ22222']],
    ['DATABASE_URL', 'postgres://bot@localhost/bot', 'postgres://bot@localhost/bot'],
    ['PREVIEW_TTL_SECONDS', '10', 10],
    ['PREVIEW_TTL_SECONDS', '840', 840],
    ['ROUNDING', 'profit', 'profit'],
    ['MAX_ORDER_CONTRACTS', '1', 1],
    ['MAX_ORDER_CONTRACTS', '100000', 100_000],
    ['SETTLE_SECONDS', '5', 5],
    ['SETTLE_SECONDS', '3600', 3600],
    ['PAPER_STATE_FILE', '/var/lib/bot/paper.json', '/var/lib/bot/paper.json'],
    ['LOG_LEVEL', 'silent', 'silent'],
    ...['true', 'TRUE', 'yes', '1', 'on'].map((word) => ['READ_ONLY', word, true] as const),
    ...['false', 'False', 'no', '0', 'off'].map((word) => ['READ_ONLY', word, false] as const),
  ] as const)('%s=%s', (name, value, parsed) => {
    expect(read({ [name]: value })).toHaveProperty(name, parsed);
  });

  it('PROFIT_TARGETS: percentages by strategy', () => {
    const targets = read({ PROFIT_TARGETS: 'senex-trident=40/60/50, credit-vertical=45.5' }).PROFIT_TARGETS;
    expect(text([...targets])).toBe('[["senex-trident",["40","60","50"]],["credit-vertical",["45.5"]]]');
  });

  it('SPREAD_TICKS: exact increments by underlying', () => {
    const ticks = read({ SPREAD_TICKS: 'rut=.01, NDX=0.05,BRK.B=1' }).SPREAD_TICKS ?? new Map();
    expect(text([...ticks])).toBe('[["RUT","0.01"],["NDX","0.05"],["BRK/B","1"]]');
  });
});

describe('what is wrong is refused with the variable’s name, the fault and an example', () => {
  it.each([
    ['DISCORD_TOKEN', '', 'is missing', 'DISCORD_TOKEN=<the token from the Bot page'],
    ['DISCORD_TOKEN', 'abc def', 'has a space', 'Bot page'],
    ['DISCORD_TOKEN', 'abc“def', 'no token has', 'Bot page'],
    ['DISCORD_GUILD_ID', '1'.repeat(16), 'not a Discord id', 'DISCORD_GUILD_ID='],
    ['DISCORD_GUILD_ID', '1'.repeat(21), 'not a Discord id', 'DISCORD_GUILD_ID='],
    ['DISCORD_GUILD_ID', 'my-server', 'not a Discord id', 'DISCORD_GUILD_ID='],
    ['DISCORD_API_URL', 'discord.com', 'is not a URL', 'DISCORD_API_URL=https://'],
    ['DISCORD_API_URL', 'http://discord.com/api', 'https://', 'DISCORD_API_URL=https://'],
    ['DISCORD_API_URL', 'http://127.0.0.1.example.com', 'https://', 'DISCORD_API_URL=https://'],
    ['DISCORD_API_URL', 'https://bot@discord.com/api', 'more than host and path', 'DISCORD_API_URL=https://'],
    [
      'DISCORD_API_URL',
      'https://discord.com/api?v=10',
      'more than host and path',
      'DISCORD_API_URL=https://',
    ],
    ['TRADER_USER_IDS', '80351110224678912,me', 'has "me"', 'TRADER_USER_IDS='],
    ['TRADER_USER_IDS', '*', 'has "*"', 'TRADER_USER_IDS='],
    ['VIEWER_USER_IDS', '**', 'or * for everyone', 'VIEWER_USER_IDS='],
    ['VIEWER_ROLE_IDS', '@everyone', 'has "@everyone"', 'VIEWER_ROLE_IDS='],
    ['TRADER_ROLE_IDS', '@traders', 'has "@traders"', 'TRADER_ROLE_IDS='],
    ['CHANNEL_IDS', '#trading', 'has "#trading"', 'CHANNEL_IDS='],
    ['BROKER', 'Paper', `is not one of ${BROKER_NAMES.join(', ')}`, 'BROKER=paper'],
    ['BROKER', 'tastyworks', `is not one of ${BROKER_NAMES.join(', ')}`, 'BROKER=paper'],
    ['TASTYTRADE_API_URL', 'ftp://x', 'is not a URL', 'TASTYTRADE_API_URL=https://'],
    ['TASTYTRADE_STREAMER_URL', 'ws://streamer.example.com', 'wss://', 'TASTYTRADE_STREAMER_URL=wss://'],
    ['TASTYTRADE_REFRESH_TOKEN', 'a\nb', 'a line break', 'refresh token'],
    ['TASTYTRADE_CLIENT_SECRET', 'a b', 'has a space', 'TASTYTRADE_CLIENT_SECRET=<'],
    ['TASTYTRADE_ALLOW_HOST', 'https://proxy.example.com', 'is not a host', 'TASTYTRADE_ALLOW_HOST=broker'],
    ['TASTYTRADE_ALLOW_HOST', 'proxy.example.com/v1', 'is not a host', 'TASTYTRADE_ALLOW_HOST=broker'],
    ['TASTYTRADE_ALLOW_HOST', 'a.example,b.example', 'is not a host', 'TASTYTRADE_ALLOW_HOST=broker'],
    ['DATABASE_URL', 'data/bot.sqlite', 'neither sqlite: nor postgres:', 'DATABASE_URL=sqlite:'],
    ['DATABASE_URL', 'sqlite:', 'names no file', 'DATABASE_URL=sqlite:'],
    ['DATABASE_URL', 'mysql://bot@localhost/bot', 'neither sqlite: nor postgres:', 'DATABASE_URL=sqlite:'],
    ['DATABASE_URL', 'postgres://bot@localhost', 'names no database', 'DATABASE_URL=sqlite:'],
    ['PREVIEW_TTL_SECONDS', '9', 'from 10 to 840', 'PREVIEW_TTL_SECONDS=120'],
    ['PREVIEW_TTL_SECONDS', '841', 'from 10 to 840', 'PREVIEW_TTL_SECONDS=120'],
    ['PREVIEW_TTL_SECONDS', '120s', 'not a whole number', 'PREVIEW_TTL_SECONDS=120'],
    ['PREVIEW_TTL_SECONDS', '-120', 'not a whole number', 'PREVIEW_TTL_SECONDS=120'],
    ['PROFIT_TARGETS', 'credit-vertical', 'is not STRATEGY=PERCENT', 'PROFIT_TARGETS='],
    ['PROFIT_TARGETS', 'credit-vertical=101', 'at most 100', 'PROFIT_TARGETS='],
    ['PROFIT_TARGETS', 'iron-lung=50', '"iron-lung"', 'PROFIT_TARGETS='],
    ['ROUNDING', 'up', 'is not one of nearest, profit', 'ROUNDING=nearest'],
    ['SPREAD_TICKS', 'RUT', 'has "RUT"', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'spxw=0.10', 'SPX instead of SPXW', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'djxw=0.05', 'DJX instead of DJXW', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'qqq1=0.05', 'QQQ instead of QQQ1', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'RUT=0.001', 'has "RUT=0.001"', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'RUT=5', 'has "RUT=5"', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'RUT=0', 'has "RUT=0"', 'SPREAD_TICKS=RUT=0.01'],
    ['SPREAD_TICKS', 'RUT=0,05', 'has "RUT=0"', 'SPREAD_TICKS=RUT=0.01'],
    ['MAX_ORDER_CONTRACTS', '0', 'from 1 to 100000', 'MAX_ORDER_CONTRACTS=20'],
    ['MAX_ORDER_CONTRACTS', '100001', 'from 1 to 100000', 'MAX_ORDER_CONTRACTS=20'],
    ['MAX_ORDER_CONTRACTS', '1.5', 'not a whole number', 'MAX_ORDER_CONTRACTS=20'],
    ['READ_ONLY', 'maybe', 'neither true nor false', 'READ_ONLY=true'],
    ['SETTLE_SECONDS', '4', 'from 5 to 3600', 'SETTLE_SECONDS=90'],
    ['SETTLE_SECONDS', '3601', 'from 5 to 3600', 'SETTLE_SECONDS=90'],
    ['LOG_LEVEL', 'loud', 'is not one of trace', 'LOG_LEVEL=info'],
  ])('%s=%j', (name, value, fault, example) => {
    const problems = problemsOf({ ...LEAST, [name]: value }).filter((each) => each.startsWith(name));
    expect(problems).toHaveLength(1);
    expect(problems[0]).toContain(fault);
    expect(problems[0]).toContain('Example: ');
    expect(problems[0]).toContain(example);
  });

  it('all that is wrong is told at once, one line each', () => {
    const problems = problemsOf({ BROKER: 'x', LOG_LEVEL: 'y', TRADER_USER_IDS: 'me,you', READ_ONLY: 'z' });
    expect(problems.map((each) => each.split(' ')[0])).toEqual([
      'DISCORD_TOKEN',
      'TRADER_USER_IDS',
      'TRADER_USER_IDS',
      'BROKER',
      'READ_ONLY',
      'LOG_LEVEL',
    ]);
    const told = saying({
      what: expect.stringMatching(/nothing was started.*(\n {2}- [A-Z_]+ .*){6}\n.*\.env/),
    });
    expect(() =>
      readSettings({ BROKER: 'x', LOG_LEVEL: 'y', TRADER_USER_IDS: 'me,you', READ_ONLY: 'z' }),
    ).toThrow(told);
  });
});

describe('production is only ever meant', () => {
  const LOGIN = { TASTYTRADE_CLIENT_SECRET: 'client-secret-1', TASTYTRADE_REFRESH_TOKEN: 'refresh-token-1' };

  it('anything but the very word is refused or is the sandbox', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          fc.constantFrom('Production', 'PRODUCTION', 'prod', 'live', 'production.', 'productoin', 'real'),
        ),
        (word) => {
          fc.pre(word.trim() !== 'production');
          try {
            const settings = read({ ...LOGIN, BROKER: 'tastytrade', TASTYTRADE_ENV: word });
            expect(environmentOf(settings)).toBe('SANDBOX');
            expect(word.trim()).toMatch(/^(sandbox)?$/);
          } catch (error) {
            expect(error).toMatchObject({ code: 'SETTINGS_INVALID' });
          }
        },
      ),
      { numRuns: 500 },
    );
  });

  it('large letters follow broker and environment', () => {
    const name = (BROKER: BrokerName, TASTYTRADE_ENV: 'sandbox' | 'production') =>
      environmentOf({ BROKER, TASTYTRADE_ENV });
    expect(name('tastytrade', 'sandbox')).toBe('SANDBOX');
    expect(name('tastytrade', 'production')).toBe('PRODUCTION');
    expect(name('paper', 'production')).toBe('PAPER');
  });

  const STREAMERS = {
    sandbox: 'wss://streamer.cert.tastyworks.com',
    production: 'wss://streamer.tastyworks.com',
  };

  it.each([
    'https://api.tastyworks.com',
    'https://API.TastyWorks.com/',
    'https://api.tastyworks.com.',
    'https://api.tastyworks.com:443/v1',
  ])('a sandbox with %s as its address is refused', (address) => {
    const environment = {
      ...LEAST,
      ...LOGIN,
      BROKER: 'tastytrade',
      TASTYTRADE_API_URL: address,
      TASTYTRADE_STREAMER_URL: STREAMERS.sandbox,
    };
    expect(problemsOf(environment).join()).toContain('TASTYTRADE_API_URL names the production host');
    expect(problemsOf({ ...environment, TASTYTRADE_ENV: 'production' }).join()).not.toContain(
      'API_URL names the pro',
    );
  });

  it('nor may the sandbox’s account stream come from production', () => {
    const environment = {
      ...LEAST,
      ...LOGIN,
      BROKER: 'tastytrade',
      TASTYTRADE_API_URL: 'https://api.cert.tastyworks.com',
      TASTYTRADE_STREAMER_URL: STREAMERS.production,
    };
    expect(problemsOf(environment).join()).toContain('TASTYTRADE_STREAMER_URL names the production host');
  });

  it('nor may what calls itself production be the sandbox: its database would be marked as real', () => {
    const environment = {
      ...LEAST,
      ...LOGIN,
      BROKER: 'tastytrade',
      TASTYTRADE_ENV: 'production',
      TASTYTRADE_API_URL: 'https://api.cert.tastyworks.com',
      TASTYTRADE_STREAMER_URL: STREAMERS.production,
    };
    expect(problemsOf(environment).join()).toContain('TASTYTRADE_API_URL names the sandbox host');
  });

  it('the environment’s own addresses may be spelt out', () => {
    for (const [environment, api] of [
      ['sandbox', 'https://api.cert.tastyworks.com'],
      ['production', 'https://api.tastyworks.com'],
    ] as const) {
      const addresses = { TASTYTRADE_API_URL: api, TASTYTRADE_STREAMER_URL: STREAMERS[environment] };
      read({ ...LOGIN, BROKER: 'tastytrade', TASTYTRADE_ENV: environment, ...addresses });
    }
  });
});

describe('what goes together', () => {
  const LOGIN = { TASTYTRADE_CLIENT_SECRET: 'client-secret-1', TASTYTRADE_REFRESH_TOKEN: 'refresh-token-1' };
  const LOCAL = { TASTYTRADE_API_URL: 'http://127.0.0.1:1', TASTYTRADE_STREAMER_URL: 'ws://127.0.0.1:1' };

  it('tastytrade needs both credentials; so does a paper broker elsewhere; the built-in one needs none', () => {
    for (const environment of [{ BROKER: 'tastytrade' }, LOCAL]) {
      const problems = problemsOf({ ...LEAST, ...environment });
      expect(problems).toHaveLength(2);
      expect(problems.join()).toMatch(
        /TASTYTRADE_CLIENT_SECRET is missing.*TASTYTRADE_REFRESH_TOKEN is missing/s,
      );
      read({ ...environment, ...LOGIN });
    }
    read({ BROKER: 'paper' });
  });

  it('paper stays on this machine', () => {
    const away = {
      TASTYTRADE_API_URL: 'https://api.cert.tastyworks.com',
      TASTYTRADE_STREAMER_URL: 'wss://streamer.cert.tastyworks.com',
    };
    const problems = problemsOf({ ...LEAST, ...LOGIN, ...away });
    expect(problems.join()).toContain('TASTYTRADE_API_URL must be on this machine while BROKER=paper');
    expect(problems.join()).toContain('TASTYTRADE_STREAMER_URL must be on this machine while BROKER=paper');
    read({ ...LOGIN, ...LOCAL });
  });

  it('one address without the other is half a broker', () => {
    for (const [name, value] of Object.entries(LOCAL)) {
      expect(problemsOf({ ...LEAST, ...LOGIN, [name]: value }).join()).toContain('go together');
    }
  });

  it('credentials go to tastytrade, this machine, or the host that TASTYTRADE_ALLOW_HOST names', () => {
    const away = {
      ...LOGIN,
      BROKER: 'tastytrade',
      TASTYTRADE_API_URL: 'https://proxy.example.com:8443/v1',
      TASTYTRADE_STREAMER_URL: 'wss://proxy.example.com:8443',
    };
    const problems = problemsOf({ ...LEAST, ...away });
    expect(problems).toHaveLength(2);
    expect(problems[0]).toMatch(/^TASTYTRADE_API_URL .*proxy\.example\.com.*not tastytrade's/);
    expect(problems[0]).toContain('Example: TASTYTRADE_ALLOW_HOST=proxy.example.com');
    expect(problems[1]).toMatch(/^TASTYTRADE_STREAMER_URL /);
    expect(problemsOf({ ...LEAST, ...away, TASTYTRADE_ALLOW_HOST: 'other.example.com' })).toHaveLength(2);
    expect(problemsOf({ ...LEAST, ...away, TASTYTRADE_ALLOW_HOST: 'https://other' })).toHaveLength(1);
    read({ ...away, TASTYTRADE_ALLOW_HOST: 'proxy.example.com' });
    read({ ...away, TASTYTRADE_ALLOW_HOST: 'Proxy.Example.com:8443' });
    read({ ...away, ...LOCAL });
  });

  it('an address that can’t be read is one problem, not two', () => {
    const environment = { ...LEAST, ...LOGIN, ...LOCAL, TASTYTRADE_API_URL: 'nonsense' };
    expect(problemsOf(environment)).toHaveLength(1);
  });

  it('a broker that can’t be read doesn’t ask for more', () => {
    expect(problemsOf({ ...LEAST, BROKER: 'nonsense' })).toHaveLength(1);
  });
});

describe('secrets', () => {
  const SECRETS = {
    DISCORD_TOKEN: 'discord-token-that-nobody-sees',
    TASTYTRADE_CLIENT_SECRET: 'client-secret-that-nobody-sees',
    TASTYTRADE_REFRESH_TOKEN: 'refresh-token-that-nobody-sees',
  };

  it('are in no text, no JSON and no inspection of the settings', () => {
    const settings = read(SECRETS);
    for (const shown of [
      text(settings),
      inspect(settings, { depth: 9, showHidden: true }),
      `${settings.DISCORD_TOKEN}`,
    ]) {
      expect(shown).not.toContain('nobody-sees');
    }
    expect(settings.DISCORD_TOKEN.reveal()).toBe(SECRETS.DISCORD_TOKEN);
  });

  it('are in no error, whatever else is wrong and even if they are', () => {
    const spoilt = Object.fromEntries(Object.entries(SECRETS).map(([name, value]) => [name, `${value} \n“`]));
    const problems = problemsOf({ ...spoilt, BROKER: 'x', TASTYTRADE_API_URL: 'y' });
    expect(problems.length).toBeGreaterThanOrEqual(3);
    expect(problems.join()).not.toContain('nobody-sees');
  });

  it('nor is a password in an address', () => {
    const problems = problemsOf({
      ...LEAST,
      DISCORD_API_URL: 'https://bot:nobody-sees@discord.com/api',
      TASTYTRADE_API_URL: 'https://bot:nobody-sees@api.cert.tastyworks.com',
      DATABASE_URL: 'mysql://bot:nobody-sees@localhost/bot',
    });
    expect(problems.map((each) => each.split(' ')[0])).toEqual(
      expect.arrayContaining(['DISCORD_API_URL', 'TASTYTRADE_API_URL', 'DATABASE_URL']),
    );
    expect(problems.join()).not.toContain('nobody-sees');
  });
});
