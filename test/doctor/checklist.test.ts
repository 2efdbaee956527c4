import { beforeEach, describe, expect, it } from 'vitest';
import { Checklist, Finding } from '../../src/doctor/checklist.js';
import { BrokerLoginError, BrokerUnreachable, UserError } from '../../src/domain/errors.js';
import { Secrets } from '../../src/ports/secrets.js';

let lines: string[];
beforeEach(() => {
  lines = [];
});
const list = (hidden: string[] = [], timeoutMs?: number) => {
  const secrets = new Secrets();
  for (const secret of hidden) secrets.add(secret);
  return new Checklist((line) => lines.push(line), secrets, timeoutMs);
};

describe('Checklist', () => {
  it('prints what a step found, hands its value on, and counts nothing', async () => {
    const checks = list();
    expect(await checks.step('thing', async () => [7, 'is there'])).toBe(7);
    expect(lines).toEqual(['  ok    thing: is there']);
    expect(checks.failed).toBe(0);
  });

  it.each([
    [new Finding({ what: 'gone', hint: 'look behind the door' }), 'gone', 'look behind the door'],
    [new UserError('DATABASE_NOT_DURABLE', {}), 'synchronous_commit is off', 'ALTER DATABASE'],
    [new BrokerLoginError('no entry'), 'no entry', 'TASTYTRADE_REFRESH_TOKEN'],
    [new BrokerUnreachable('silence'), 'silence', 'TASTYTRADE_API_URL'],
  ])('turns %s into a line with a way on', async (error, message, hint) => {
    const checks = list();
    expect(await checks.step('thing', () => Promise.reject(error))).toBeNull();
    expect(lines).toHaveLength(1);
    expect(lines[0]).toMatch(/^ {2}FAIL {2}thing: /);
    expect(lines[0]).toContain(message);
    expect(lines[0]).toContain(`→ `);
    expect(lines[0]).toContain(hint);
    expect(checks.failed).toBe(1);
  });

  it('goes on after a step that throws what is no error, or an error that is several', async () => {
    const checks = list();
    await checks.step('one', () => Promise.reject('odd'));
    await checks.step('two', () => Promise.reject(new AggregateError([new Error('a'), new Error('b')])));
    await checks.step('three', async () => [1, 'fine']);
    expect(lines).toEqual(['  FAIL  one: odd', '  FAIL  two: a; b', '  ok    three: fine']);
    expect(checks.failed).toBe(2);
  });

  it('gives up on a step that never answers', async () => {
    const checks = list([], 20);
    await checks.step('silent', () => new Promise(() => {}));
    expect(lines[0]).toContain('no answer within 0.02 s');
  });

  it('prints no secret, wherever it comes from', async () => {
    const checks = list(['s3cr3t', 'other']);
    await checks.step('one', async () => [1, 'the s3cr3t is s3cr3t']);
    await checks.step('two', () =>
      Promise.reject(new Finding({ what: 'header "Bot s3cr3t"', hint: 'not other' })),
    );
    expect(lines.join()).not.toMatch(/s3cr3t|other/);
    expect(lines[0]).toContain('the [secret] is [secret]');
  });
});
