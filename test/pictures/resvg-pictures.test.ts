import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type Limits, ResvgPictures } from '../../src/pictures/resvg-pictures.js';
import { Secrets } from '../../src/ports/secrets.js';
import { drawing, label } from '../../src/screens/pictures/svg.js';
import { NOWHERE, programs } from './support/programs.js';

const folder = programs();
const made: ResvgPictures[] = [];
let program: string;

beforeAll(async () => {
  program = await folder.real();
});
afterEach(async () => {
  for (const each of made.splice(0)) await each.stop();
});
afterAll(() => folder.remove());

function pictures(limits: Limits = {}): ResvgPictures {
  const one = new ResvgPictures(new Secrets(), { program, deadlineMs: 20_000, ...limits });
  made.push(one);
  return one;
}

const SVG = drawing(50, [label({ x: 10, y: 20, text: 'QQQ 500.12 −$3' })]);

/** Width and height from a PNG's header. */
function sizeOf(png: Uint8Array | null): [number, number] {
  if (!png) throw new Error('not drawn');
  const view = new DataView(png.buffer, png.byteOffset);
  expect([...png.slice(1, 4)]).toEqual([0x50, 0x4e, 0x47]);
  return [view.getUint32(16), view.getUint32(20)];
}

async function untilDrawn(draw: () => Promise<unknown>): Promise<void> {
  for (let left = 20; left > 0; left -= 1) if (await draw().catch(() => null)) return;
  throw new Error('never drawn');
}

describe('pictures', () => {
  it('are PNGs at twice the drawing’s size', async () => {
    expect(sizeOf(await pictures().draw(SVG))).toEqual([720, 100]);
  });

  it('have their text in the font that ships: without it there would be none', async () => {
    const one = pictures();
    const [some, none] = [await one.draw(SVG), await one.draw(drawing(50, []))];
    expect(some?.length).toBeGreaterThan((none?.length ?? 0) + 500);
  });

  it('hold no secret, whatever they repeat', async () => {
    const secrets = new Secrets();
    secrets.addAccount('5WT00001');
    const echo = folder.made(`answer({ id, png: new TextEncoder().encode(svg) });`);
    const one = new ResvgPictures(secrets, { program: echo });
    made.push(one);
    const drawn = new TextDecoder().decode((await one.draw('<text>account 5WT00001</text>')) ?? undefined);
    expect(drawn).toBe('<text>account …0001</text>');
  });

  it('are drawn one after another, each its own, however many are asked for at once', async () => {
    const one = pictures();
    const heights = Array.from({ length: 12 }, (_, index) => 10 + index);
    const drawn = await Promise.all(heights.map((height) => one.draw(drawing(height, []))));
    expect(drawn.map(sizeOf)).toEqual(heights.map((height) => [720, 2 * height]));
  });

  it('that can’t be drawn fail alone', async () => {
    const one = pictures();
    const [bad, good] = await Promise.allSettled([one.draw('<svg'), one.draw(SVG)]);
    expect([bad.status, good.status]).toEqual(['rejected', 'fulfilled']);
  });

  it('that take too long are given up, and the next one is drawn by a fresh process', async () => {
    const stuck = folder.made(
      `if (svg === 'stuck') for (;;);
       answer({ id, png: new Uint8Array([1]) });`,
    );
    const one = pictures({ program: stuck, deadlineMs: 300 });
    const late = one.draw('stuck');
    const next = one.draw('fine');
    await expect(late).rejects.toThrow('not drawn within 300 ms');
    // A busy machine may not start a process in that time, either; then it is tried again.
    await next.catch(() => untilDrawn(() => one.draw('fine')));
  });

  it('fail where the process dies or can’t even begin, and nothing else does', async () => {
    const dying = pictures({ program: folder.made(`process.exit(3);`) });
    await expect(dying.draw(SVG)).rejects.toThrow('process ended: exit 3');
    await expect(dying.draw(SVG)).rejects.toThrow('process ended: exit 3');
    const missing = pictures({ program: '/nowhere/process.js' });
    await expect(missing.draw(SVG)).rejects.toThrow('process ended');
  });

  it('are wanted no more where the library can’t be loaded: the first is told why, the others nothing', async () => {
    const elsewhere = programs(NOWHERE);
    try {
      const one = pictures({ program: await elsewhere.real() });
      const [first, second] = await Promise.allSettled([one.draw(SVG), one.draw(SVG)]);
      expect(first).toMatchObject({
        status: 'rejected',
        reason: { message: expect.stringMatching(/^no picture can be drawn here: .*@resvg\/resvg-js/) },
      });
      expect(second).toEqual({ status: 'fulfilled', value: null });
      expect(await one.draw(SVG)).toBeNull();
    } finally {
      elsewhere.remove();
    }
  });

  it('are drawn by a process that knows none of the bot’s settings', async () => {
    process.env.DISCORD_TOKEN_OF_A_TEST = 'secret';
    try {
      const program = folder.made(
        `answer({ id, png: new TextEncoder().encode(Object.keys(process.env).join()) });`,
      );
      const names = new TextDecoder().decode((await pictures({ program }).draw(SVG)) ?? undefined);
      expect(names).toContain('PATH');
      expect(names).not.toContain('DISCORD_TOKEN_OF_A_TEST');
    } finally {
      delete process.env.DISCORD_TOKEN_OF_A_TEST;
    }
  });

  it('are refused at once while too many wait', async () => {
    const one = pictures({ mostWaiting: 2 });
    const drawn = [one.draw(SVG), one.draw(SVG)];
    await expect(one.draw(SVG)).rejects.toThrow('2 drawings wait already');
    await Promise.all(drawn);
    await one.draw(SVG);
  });

  it('are drawn by a fresh process after so many, which gives back what the former one held', async () => {
    const counting = folder.made(
      `globalThis.drawn = (globalThis.drawn ?? 0) + 1;
       answer({ id, png: new Uint8Array([globalThis.drawn]) });`,
    );
    const one = pictures({ program: counting, renewedAfter: 3 });
    const drawn = await Promise.all(Array.from({ length: 7 }, () => one.draw(SVG)));
    expect(drawn.map((png) => png?.[0])).toEqual([1, 2, 3, 1, 2, 3, 1]);
  });

  it('go on after the process had nothing to do for a while, which ends it, and not after the end', async () => {
    const numbered = folder.made(`answer({ id, png: new TextEncoder().encode(String(process.pid)) });`);
    const one = pictures({ program: numbered, idleMs: 1 });
    const drawnBy = async () => Number(new TextDecoder().decode((await one.draw(SVG)) ?? undefined));
    const first = await drawnBy();
    await vi.waitFor(() => expect(() => process.kill(first, 0)).toThrow('ESRCH'), { timeout: 20_000 });
    const second = await drawnBy();
    expect(second).not.toBe(first);
    await one.stop();
    await expect(one.draw(SVG)).rejects.toThrow('stopped');
    await vi.waitFor(() => expect(() => process.kill(second, 0)).toThrow('ESRCH'), { timeout: 20_000 });
  });
});
