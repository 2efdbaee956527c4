import { describe, expect, it } from 'vitest';
import type { Note } from '../../../src/ports/outbox.js';
import { closingDigestWords } from '../../../src/screens/closing-digest.js';
import { ClosingDigestProjector } from '../../../src/services/history/closing-digest-projector.js';
import type { Closing, ClosingNews } from '../../../src/services/history/closing-reader.js';
import { NotYet } from '../../../src/services/telling/projector.js';
import { plainTextOf } from '../../commands/support/limits.js';
import { leg, x } from '../../domain/build.js';
import { ACCOUNT, type Levels, NAME, noticesWith, TRADER } from '../support/builders.js';

const NOW = new Date('2026-12-19T12:00:00Z');

function closed(positionId: number, net: string, change: Partial<ClosingNews> = {}): Closing {
  return {
    kind: 'closed',
    news: {
      positionId,
      account: ACCOUNT,
      end: 'expired',
      ways: [],
      chain: null,
      position: {
        opening: `order:${positionId}`,
        underlying: 'QQQ',
        legs: [leg('-2 QQQ 2026-12-18 480 P @ 1', 0)],
        openedAt: new Date('2026-12-08T15:00:00Z'),
        closedAt: new Date('2026-12-18T21:00:00Z'),
        whole: true,
        begunEarlier: false,
        closings: [],
        endings: new Set(['expired']),
        closedBy: new Set(),
        opened: x('198.88'),
        net: x(net),
        fees: x('1.12'),
      },
      ...change,
    },
  };
}

/** Of these, by their numbers. */
function digest(closings: readonly Closing[], levels: Levels = {}, age = 60_000) {
  const ids = closings.map((_, index) => index + 1);
  const words = closingDigestWords('PAPER', { of: () => NAME });
  const note = { userId: TRADER, createdAt: new Date(NOW.getTime() - age) } as Note;
  const sut = new ClosingDigestProjector(
    { digestedClosings: async () => ids },
    { readAll: async () => new Map(closings.map((each, index) => [index + 1, each])) },
    words,
    { notes: async () => [note] },
    noticesWith(levels),
    { now: () => NOW },
  );
  return { words, screen: () => sut.project('6') };
}

describe('many positions that went at once', () => {
  it('are told together: each with what it made, and what they made in all', async () => {
    const { screen, words } = digest([closed(1, '198.88'), closed(2, '-51.12')]);
    const told = await screen();
    const pages = told?.pages ?? [];
    expect(plainTextOf(pages).split('\n')).toEqual([
      `<@${TRADER}> **2 positions gone** · **+$147.76** net`,
      '',
      '**#1 QQQ expired** · **+$198.88** net · 100 % of credit · 10 days',
      'Short put × 2 · 18 Dec 26',
      '',
      '**#2 QQQ expired** · **−$51.12** net · −25.7 % of credit · 10 days',
      'Short put × 2 · 18 Dec 26',
      '',
      '-# by the broker’s ledger, after fees of $2.24',
      '-# **PAPER** · account …0001',
    ]);
    expect(told).toMatchObject({ sure: true, level: 'on' });
    expect(told?.again).toBeUndefined();
    const [page] = pages;
    expect(page && [words.newsOn(page, '6'), words.newsOn(page, '66')]).toEqual(['closed', null]);
  });

  it('are told as far as the ledger has them, and again once it has more', async () => {
    const told = await digest([closed(1, '198.88'), { kind: 'not-booked' }, { kind: 'nothing' }]).screen();
    expect(plainTextOf(told?.pages ?? [])).toContain('The ledger doesn’t have all of 1 more position yet.');
    expect(told?.again?.getTime()).toBe(NOW.getTime() + 30_000);
    await expect(digest([{ kind: 'not-booked' }]).screen()).rejects.toThrow(NotYet);
  });

  it('are looked at again for a day where an index option expired: what it was worth is booked apart', async () => {
    const expired = (contract: string, closedAt: string): Closing => {
      const one = closed(1, '198.88');
      if (one.kind !== 'closed') throw new Error(one.kind);
      const { instrument } = leg(`-2 ${contract} @ 1`, 0);
      const closing = { instrument, ending: 'expired', closedAt: new Date(closedAt) };
      const position = { ...one.news.position, closings: [closing as never] };
      return { kind: 'closed', news: { ...one.news, position } };
    };
    const again = async (contract: string, closedAt: string) =>
      (await digest([expired(contract, closedAt)]).screen())?.again?.getTime();
    expect(await again('SPXW/SPX 2026-12-18 5800 P', '2026-12-18T21:00:00Z')).toBe(NOW.getTime() + 30_000);
    expect(await again('SPXW/SPX 2026-12-18 5800 P', '2026-12-18T11:00:00Z')).toBeUndefined();
    expect(await again('QQQ 2026-12-18 480 P', '2026-12-18T21:00:00Z')).toBeUndefined();
  });

  it('are nothing to tell where none has closed, or the ledger never said so', async () => {
    expect(await digest([{ kind: 'nothing' }]).screen()).toBeNull();
    expect(await digest([{ kind: 'not-booked' }], {}, 8 * 86_400_000).screen()).toBeNull();
  });

  it('fit Discord’s messages, however many, and come as loud as they are wanted', async () => {
    const told = await digest(
      Array.from({ length: 60 }, (_, index) => closed(index + 1, '1')),
      { closed: 'silent' },
    ).screen();
    expect(told?.level).toBe('silent');
    expect(told?.pages.length).toBeGreaterThan(1);
    for (const { content } of told?.pages ?? []) expect(content.length).toBeLessThanOrEqual(2000);
  });
});
