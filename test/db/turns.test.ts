import { describe, expect, it } from 'vitest';
import { NoTurn, Turns } from '../../src/db/turns.js';

/** A job that ends when it is told to. */
function job(log: string[], name: string) {
  let end = () => {};
  const done = new Promise<void>((resolve) => {
    end = resolve;
  });
  return {
    end,
    run: async () => {
      log.push(name);
      await done;
    },
  };
}

describe('Turns', () => {
  it('lets so many run at once, and the others in the order they came', async () => {
    const log: string[] = [];
    const jobs = ['a', 'b', 'c', 'd'].map((name) => job(log, name));
    const turns = new Turns(2);
    const all = jobs.map(({ run }) => turns.pass(run));
    await new Promise(setImmediate);
    expect(log).toEqual(['a', 'b']);
    jobs[1]?.end();
    await all[1];
    await new Promise(setImmediate);
    expect(log).toEqual(['a', 'b', 'c']);
    for (const { end } of jobs) end();
    await Promise.all(all);
    expect(log).toEqual(['a', 'b', 'c', 'd']);
  });

  it('lets those go before all others by whom orders leave, each in the order they came', async () => {
    const log: string[] = [];
    const turns = new Turns(1);
    const running = job(log, 'running');
    const pass = (name: string, first: boolean) => turns.pass(async () => log.push(name), { first });
    const all = [
      turns.pass(running.run),
      pass('a result', false),
      pass('a press', true),
      pass('another result', false),
      pass('another press', true),
    ];
    running.end();
    await Promise.all(all);
    expect(log).toEqual(['running', 'a press', 'another press', 'a result', 'another result']);
  });

  it('gives up only for those who asked for that, and their job never runs', async () => {
    const log: string[] = [];
    const turns = new Turns(1);
    const first = job(log, 'first');
    const running = turns.pass(first.run);
    const hasty = turns.pass(async () => log.push('hasty'), { patienceMs: 5 });
    const patient = turns.pass(async () => log.push('patient'));
    await expect(hasty).rejects.toBeInstanceOf(NoTurn);
    first.end();
    await Promise.all([running, patient]);
    expect(log).toEqual(['first', 'patient']);
  });

  it('frees its place when a job fails', async () => {
    const turns = new Turns(1);
    await expect(turns.pass(() => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await turns.pass(async () => 'next', { patienceMs: 1 })).toBe('next');
  });
});
