import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { OffsetClock, timestamp } from '../src/base/clock.js';
import { isSnowflake, SnowflakeMaker, shardOf } from '../src/base/snowflake.js';
import { Stage } from './world.js';

const START = Date.parse('2026-06-15T14:30:00Z');

describe('the clock', () => {
  it('fires what falls due when it is moved, earliest first, and nothing that was called off', () => {
    const clock = new OffsetClock(() => START);
    const fired: string[] = [];
    clock.after(2_000, () => fired.push('two'));
    clock.after(1_000, () => fired.push('one'));
    clock.after(3_000, () => fired.push('three'));
    clock.after(1_500, () => fired.push('never'))();
    clock.advance(1_999);
    expect(fired).toEqual(['one']);
    clock.advance(1);
    expect(fired).toEqual(['one', 'two']);
    expect(clock.now()).toBe(START + 2_000);
  });

  it('fires by itself when real time passes', async () => {
    const clock = new OffsetClock();
    await new Promise<void>((resolve) => clock.after(5, resolve));
  });

  it('never moves back', () => {
    expect(() => new OffsetClock().advance(-1)).toThrow(RangeError);
  });

  it('writes instants the way Discord does', () => {
    expect(timestamp(START)).toBe('2026-06-15T14:30:00.000000+00:00');
  });
});

describe('ids', () => {
  it('only grow, even ten thousand within one millisecond', () => {
    const maker = new SnowflakeMaker(new OffsetClock(() => START));
    const ids = Array.from({ length: 10_000 }, () => BigInt(maker.next()));
    expect(ids.every((id, index) => index === 0 || id > (ids[index - 1] ?? 0n))).toBe(true);
    expect(ids.every((id) => isSnowflake(id.toString()))).toBe(true);
  });

  it('tell their time and their shard', () => {
    const id = new SnowflakeMaker(new OffsetClock(() => START)).next();
    expect(Number(BigInt(id) >> 22n) + 1_420_070_400_000).toBe(START);
    expect(shardOf(id, 1)).toBe(0);
    expect(shardOf((5n << 22n).toString(), 4)).toBe(1);
  });
});

describe('files', () => {
  let stage: Stage;
  beforeEach(async () => {
    const pageDir = fileURLToPath(new URL('./page-fixture/', import.meta.url));
    stage = await Stage.withoutSpec({
      pageDir,
      panel: { title: 'Paper market', url: 'http://127.0.0.1:1/' },
    });
  });
  afterEach(() => stage.close());

  const get = async (path: string) => {
    const response = await fetch(stage.discord.url + path);
    return {
      status: response.status,
      type: response.headers.get('content-type'),
      text: await response.text(),
    };
  };

  it('serves the page and its files, and nothing above its folder', async () => {
    expect(await get('/')).toMatchObject({ status: 200, type: 'text/html; charset=utf-8' });
    expect(await get('/page/app.js')).toMatchObject({ status: 200, type: 'text/javascript; charset=utf-8' });
    for (const path of [
      '/page/../base.test.ts',
      '/page/..%2fbase.test.ts',
      '/page/%2e%2e/base.test.ts',
      '/page/none.js',
    ]) {
      expect((await get(path)).status).toBe(404);
    }
  });

  it('says how to build a page that is missing', async () => {
    const bare = await Stage.withoutSpec({ pageDir: '/nonexistent' });
    const response = await fetch(bare.discord.url);
    expect(await response.text()).toContain('npm run build');
    await bare.close();
  });

  it('tells the page of the panel', async () => {
    expect(JSON.parse((await get('/local/state')).text).panel).toEqual({
      title: 'Paper market',
      url: 'http://127.0.0.1:1/',
    });
  });
});
