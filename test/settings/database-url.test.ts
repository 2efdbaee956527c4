import { describe, expect, it } from 'vitest';
import { openStore } from '../../src/db/index.js';
import { parseDatabaseUrl } from '../../src/ports/database-url.js';
import { quiet } from '../db/support/drivers.js';
import { saying } from '../support/saying.js';

describe('DATABASE_URL', () => {
  it.each([
    ['sqlite:./data/bot.sqlite', './data/bot.sqlite'],
    ['sqlite::memory:', ':memory:'],
    ['sqlite:/var/bot.sqlite', '/var/bot.sqlite'],
    ['sqlite:///var/bot.sqlite', '/var/bot.sqlite'],
    ['SQLite:my bot.sqlite', 'my bot.sqlite'],
  ])('%s is the file %s', (url, file) => {
    expect(parseDatabaseUrl(url)).toEqual({ driver: 'sqlite', file });
  });

  it.each([
    ['postgres://bot:hush@db.example:5433/trades', 'db.example:5433/trades'],
    ['postgresql://bot@localhost/bot?sslmode=require', 'localhost/bot'],
    ['postgres:///bot?host=/run/postgresql', '/run/postgresql/bot'],
  ])('%s is PostgreSQL, named without its login', (url, name) => {
    expect(parseDatabaseUrl(url)).toEqual({ driver: 'postgres', url, name });
  });

  it.each([
    'bot.sqlite',
    '',
    'sqlite:',
    'sqlite://bot.sqlite',
    'sqlite:bot.sqlite?mode=ro',
    'mysql://bot:hush@localhost/bot',
    'postgres://bot:hush@localhost',
    'postgres://bot:hush@local host/bot',
    'postgres://bot:hush@localhost:port/bot',
  ])('%s is refused without repeating it', async (url) => {
    const refusal = await openStore(url, { logger: quiet }).catch((error: unknown) => error);
    expect(refusal).toEqual(
      saying({ code: 'DATABASE_URL_INVALID', hint: expect.stringContaining('sqlite:./') }),
    );
    expect(JSON.stringify(refusal) + String(refusal)).not.toContain('hush');
  });

  it('names an unreachable PostgreSQL without its password', async () => {
    const opening = openStore('postgres://bot:hush@127.0.0.1:1/bot', { logger: quiet });
    const failure = await opening.catch((error: unknown) => error);
    expect(failure).toEqual(
      saying({
        code: 'DATABASE_UNREACHABLE',
        what: expect.stringContaining('PostgreSQL at 127.0.0.1:1/bot'),
      }),
    );
    expect(String(failure)).toContain('ECONNREFUSED');
    expect(String(failure)).not.toContain('hush');
  });
});
