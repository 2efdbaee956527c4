import { describe, expect, it } from 'vitest';
import { BrokerError, BrokerUnreachable } from '../../../src/domain/errors.js';
import type { FillNews } from '../../../src/ports/fill-news.js';
import type { ReportLine } from '../../../src/ports/report.js';
import { digestWords } from '../../../src/screens/fill-digest.js';
import { DigestProjector } from '../../../src/services/orders/digest-projector.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { d, x } from '../../domain/build.js';
import { type Levels, line, NAME, noticesWith, TRADER } from '../support/builders.js';

const BOOKED = { closing: x('0.24'), opening: x('2.26') };
const WHOLE = { units: 1, price: x('0.65'), profit: x(47), percent: x(42) };

const filled = (id: number, change: Partial<ReportLine> = {}, more: Partial<FillNews> = {}): FillNews => ({
  planId: `plan-${id}`,
  userId: TRADER,
  account: '5WT00001',
  line: line({
    intentId: id,
    orderId: `${700 + id}`,
    positionId: 36 + id,
    price: d('0.67'),
    status: 'Filled',
    orderState: 'filled',
    fill: WHOLE,
    ...change,
  }),
  filledAt: new Date(0),
  openedAt: null,
  fees: BOOKED,
  chain: null,
  ...more,
});
const PART = { units: 3, status: 'Live', orderState: 'working' } as const;

/** A digest of these, as it reads; the numbers of those that were asked about at the broker. */
function digest(all: (FillNews | null | BrokerError)[], levels: Levels = {}) {
  const asked: number[] = [];
  const reader = {
    read: async (id: number) => {
      asked.push(id);
      const news = all[id - 1] ?? null;
      if (news instanceof BrokerError) throw news;
      return news;
    },
  };
  const store = { digestedFills: async () => all.map((_, index) => index + 1) };
  const words = digestWords('PAPER', { of: () => NAME });
  const clock = new VirtualClock();
  const sut = new DigestProjector(store, reader, words, noticesWith(levels), clock);
  return { sut, asked, clock, screen: () => sut.project('1') };
}

async function textOf(all: (FillNews | null)[], levels: Levels = {}): Promise<string> {
  const { pages } = await digest(all, levels).screen();
  return pages.map(({ content }) => content.replaceAll('\u00a0', ' ').replaceAll('\u2060', '')).join('\n');
}

describe('a digest of fills', () => {
  it('says of each what it is, its price, what it made and its order, and what they made together', async () => {
    const text = await textOf([filled(1), filled(2)]);
    expect(text.split('\n')[0]).toBe(`<@${TRADER}> **2 fills** · **+$89.00** net`);
    for (const id of [1, 2]) {
      expect(text).toContain(
        `**#${36 + id} QQQ 480/475P** filled at **0.65** · **+$44.50** net · 42 % of credit`,
      );
      expect(text).toContain(`**Order ${700 + id}**`);
    }
    expect(text).not.toContain('≈');
    expect(text).toMatch(/-# \*\*PAPER\*\* · account \S+$/);
    const elsewhere = filled(2, {}, { account: '5WT00002' });
    expect(await textOf([filled(1), elsewhere])).toMatch(/-# \*\*PAPER\*\*$/);
  });

  it('is rough as long as one of them is, looked at again for that, and asks about what is booked no more', async () => {
    const all = [
      filled(1),
      filled(2, {}, { fees: { closing: null, opening: null }, filledAt: new VirtualClock().now() }),
    ];
    const { screen, asked, clock } = digest(all);
    const { pages, again } = await screen();
    expect(pages[0]?.content).toContain('**2 fills** · ≈ **+');
    expect(pages[0]?.content).toContain('the exact fees follow once the broker has booked them');
    expect(again && again.getTime() - clock.now().getTime()).toBe(5_000);
    all[1] = filled(2);
    const booked = await screen();
    expect(booked.pages[0]?.content).not.toContain('≈');
    expect(booked).not.toHaveProperty('again');
    expect(asked).toEqual([1, 2, 2]);
  });

  it('shows those that the broker lists by now, and looks again for the rest', async () => {
    const { screen, clock } = digest([filled(1), null]);
    const { sure, again, pages } = await screen();
    expect([sure, again && again.getTime() - clock.now().getTime()]).toEqual([false, 2_000]);
    expect(pages[0]?.content).toContain('**1 fill**');
    await expect(digest([null, null]).screen()).rejects.toThrow('no fills yet');
  });

  it('tells the others while the broker can’t be asked about one, and drops none that it told', async () => {
    const away = new BrokerUnreachable('no answer');
    const part = filled(2, { ...PART, fill: WHOLE });
    const all: (FillNews | BrokerError)[] = [away, part];
    const { screen } = digest(all);
    const first = await screen();
    expect([first.sure, first.pages[0]?.content]).toEqual([false, expect.stringContaining('**1 fill**')]);
    expect(first.again).toBeInstanceOf(Date);
    [all[0], all[1]] = [filled(1), away];
    const second = await screen();
    expect([second.sure, second.pages[0]?.content]).toEqual([false, expect.stringContaining('**2 fills**')]);
    await expect(digest([away, away]).screen()).rejects.toBe(away);
  });

  it('isn’t sure of its words while what one of them made can’t be read', async () => {
    const rough = { closing: null, opening: null };
    const { screen } = digest([filled(1), filled(2, {}, { fees: rough, unread: true })]);
    expect((await screen()).sure).toBe(false);
  });

  it('comes as loud as its loudest fill, and leaves out parts that nobody wants to hear of', async () => {
    const part = filled(2, { ...PART, fill: WHOLE });
    expect(await digest([filled(1), part]).screen()).toMatchObject({ news: 'fill', level: 'on' });
    expect(await digest([filled(1)], { fill: 'silent' }).screen()).toMatchObject({ level: 'silent' });
    expect(await digest([filled(1)], { fill: 'off' }).screen()).toMatchObject({ level: 'off' });
    const levels = { partial: 'off' } as const;
    expect(await textOf([filled(1), part], levels)).not.toContain('**Order 702**');
    expect(await digest([part], levels).screen()).toMatchObject({ level: 'off' });
    expect(await textOf([filled(1), filled(2)], levels)).toContain('**Order 702**');
    // Nobody can be spared what went wrong.
    const uneven = filled(2, { fill: { units: 0, price: null, profit: null, percent: null } });
    const amiss = await digest([filled(1), uneven], { fill: 'off', partial: 'off' }).screen();
    expect(amiss.level).toBe('on');
    expect(await textOf([filled(1), uneven], { fill: 'off' })).toContain('Its legs traded unevenly');
  });

  it('makes a sound once something in it has filled whose parts came without one', async () => {
    const levels = { partial: 'silent' } as const;
    const part = filled(1, { ...PART, fill: WHOLE });
    const { sut, screen } = digest([part], levels);
    const quiet = await screen();
    expect(quiet).toMatchObject({ news: 'part', level: 'silent', alone: true });
    expect(quiet.pages.map((page) => sut.newsOn(page, '1'))).toEqual(['part']);
    expect(await digest([part, filled(2)], levels).screen()).toMatchObject({ news: 'fill', level: 'on' });
  });

  it('goes on over as many messages as it takes, each known again by its footer, the first by whom it mentions', async () => {
    const all = Array.from({ length: 30 }, (_, index) => filled(index + 1));
    const { sut, screen } = digest(all);
    const { pages } = await screen();
    expect(pages.length).toBeGreaterThan(1);
    for (const page of pages) expect(page.content.length).toBeLessThanOrEqual(2000);
    expect(pages.map((page) => sut.newsOn(page, '1'))).toEqual(pages.map(() => 'fill'));
    expect(pages.map((page) => sut.newsOn(page, '11'))).toEqual(pages.map(() => null));
    expect(pages.map((page) => sut.begins(page))).toEqual(pages.map((_, index) => index === 0));
    const text = pages.map(({ content }) => content).join('\n');
    for (let id = 701; id <= 730; id += 1) expect(text.split(`**Order ${id}**`)).toHaveLength(2);
  });
});
