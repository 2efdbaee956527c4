import { describe, expect, it } from 'vitest';
import type { NoticeChannel } from '../../../src/ports/notices.js';
import { readCustomId } from '../../../src/screens/custom-ids.js';
import { openedWords } from '../../../src/screens/opened.js';
import type { Book } from '../../../src/services/accounts/positions.js';
import { OpenedProjector } from '../../../src/services/noticing/opened-projector.js';
import { OpenedReader } from '../../../src/services/noticing/opened-reader.js';
import { markOfOrders } from '../../../src/services/noticing/shown-orders.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { NotYet } from '../../../src/services/telling/projector.js';
import { VirtualClock } from '../../brokers/support/clocks.js';
import { expectWithinLimits, labelsOf, plainTextOf } from '../../commands/support/limits.js';
import { d, filledOrder, holding, workingOrder } from '../../domain/build.js';
import {
  ACCOUNT,
  accessRules,
  brokerWith,
  CHANNEL,
  type Levels,
  NAME,
  NO_CHAINS,
  noticesWith,
  TRADER,
} from '../support/builders.js';
import { bookOf, CLEAN, TRIDENT } from '../support/scene.js';

const pricer = new PreviewPricer(
  brokerWith({
    underlying: async (symbol) => ({
      symbol,
      isIndex: false,
      optionTicks: [{ below: null, increment: d('0.01') }],
    }),
    dryRun: async () => CLEAN,
  }),
  { rounding: 'nearest', spreadTicks: new Map(), maxOrderContracts: null },
);

interface World {
  levels?: Levels;
  channel?: NoticeChannel | null;
  readOnly?: boolean;
  halted?: boolean;
}

const SET: NoticeChannel = { account: ACCOUNT, channelId: CHANNEL, userId: TRADER, since: new Date(0) };

function projected(
  book: Book,
  { levels = {}, channel = SET, readOnly = false, halted = false }: World = {},
  id = 37,
) {
  const desk = { number: ACCOUNT, name: NAME, positions: { read: async () => book } };
  const notices = { channelOf: async () => channel };
  const halt = { by: TRADER, at: new Date(0), reason: null };
  const reader = new OpenedReader({
    desks: { find: async () => desk as never },
    store: { positionAccounts: async () => new Map([[id, ACCOUNT]]) },
    notices,
    pricer,
    chains: NO_CHAINS,
    halting: { current: async () => (halted ? halt : null) },
    access: accessRules({ readOnly }),
    clock: new VirtualClock(),
  });
  return new OpenedProjector(reader, openedWords('PAPER'), noticesWith(levels)).project(String(id));
}

async function shown(...of: Parameters<typeof projected>) {
  const screen = await projected(...of);
  const [page] = screen?.pages ?? [];
  if (!screen || !page) throw new Error('nothing is said');
  expectWithinLimits({ ...page, embeds: [] });
  return { screen, page, text: plainTextOf([page]), labels: labelsOf([page]) };
}

const trident = () => bookOf(TRIDENT.held, [TRIDENT.opening]);
const FULL = [
  workingOrder(
    '701',
    ['buy-to-close 1 QQQ 2026-12-18 480 P @ 0', 'sell-to-close 1 QQQ 2026-12-18 475 P @ 0'],
    { price: d('1.20'), effect: 'debit' },
  ),
  workingOrder(
    '702',
    ['buy-to-close 1 QQQ 2026-12-18 480 P @ 0', 'sell-to-close 1 QQQ 2026-12-18 475 P @ 0'],
    { price: d('0.80'), effect: 'debit' },
  ),
  workingOrder(
    '703',
    ['buy-to-close 1 QQQ 2026-12-18 520 C @ 0', 'sell-to-close 1 QQQ 2026-12-18 525 C @ 0'],
    { price: d('0.50'), effect: 'debit' },
  ),
];

describe('the card of a new position', () => {
  it('says what was opened for how much, its usual targets as text, and offers to submit exactly these', async () => {
    const { screen, page, text, labels } = await shown(trident());
    expect(text).toMatch(new RegExp(`^<@${TRADER}> \\*\\*New: #37 QQQ Senex Trident\\*\\*`));
    expect(text).toContain('credit of 5.00 ($500.00)');
    for (const price of ['1.20', '0.80', '0.50']) expect(text).toContain(`You pay **${price}**`);
    expect(text).toContain('**+$250.00** if all fill');
    expect(labels).toEqual(['Submit 3 GTC orders', 'Other targets…']);
    const ids = page.components
      .flatMap((row) => row.components)
      .map((each) => ('custom_id' in each ? each.custom_id : ''));
    const [priced] = await pricer.price(trident(), trident().positions, {}, false);
    expect(readCustomId(ids[0] ?? '')).toEqual({
      command: 'targets',
      part: 'card',
      argument: `37:${markOfOrders(ACCOUNT, priced?.targets ?? [])}`,
    });
    expect(screen).toMatchObject({ news: 'opened', level: 'on' });
    expect((await shown(trident(), { levels: { opened: 'silent' } })).screen.level).toBe('silent');
  });

  it('is known again by its mark, and as nothing else', async () => {
    const { page } = await shown(trident());
    const words = openedWords('PAPER');
    expect([words.newsOn(page, '37'), words.newsOn(page, '3'), words.begins(page)]).toEqual([
      'opened',
      null,
      true,
    ]);
  });

  it('isn’t told, but kept true, where targets cover all of it, or nothing of it is left, or nobody wants it', async () => {
    const covered = await shown(bookOf(TRIDENT.held, [TRIDENT.opening], FULL));
    expect([covered.screen.level, covered.labels]).toEqual(['off', []]);
    expect(covered.text).toContain('Its targets are set: working: 701');
    const gone = await shown(bookOf([]));
    expect([gone.screen.level, gone.labels]).toEqual(['off', []]);
    expect(gone.text).toContain('**#37 is closed by now**');
    expect((await shown(trident(), { channel: null })).screen.level).toBe('off');
  });

  it('offers what isn’t covered yet, and says what works', async () => {
    const { text, labels } = await shown(bookOf(TRIDENT.held, [TRIDENT.opening], FULL.slice(0, 2)));
    expect(text).toContain('working: 701');
    expect(labels[0]).toBe('Submit 1 GTC order');
  });

  it('waits for fills that aren’t listed yet, and for orders of ours without a known fate', async () => {
    const book = trident();
    const [view] = book.positions;
    if (!view) throw new Error('no position');
    await expect(projected({ ...book, positions: [{ ...view, underWay: true }] })).rejects.toThrow(NotYet);
    const opening = { ...view.position, opening: true };
    await expect(projected({ ...book, positions: [{ ...view, position: opening }] })).rejects.toThrow(NotYet);
    const lagging = { ...TRIDENT.opening, legs: TRIDENT.opening.legs.map((leg) => ({ ...leg, fills: [] })) };
    await expect(projected({ ...book, history: [lagging] })).rejects.toThrow(NotYet);
  });

  it('offers no Submit while nothing may be sent, and says so of a halt', async () => {
    expect((await shown(trident(), { readOnly: true })).labels).toEqual(['Other targets…']);
    const { labels, text } = await shown(trident(), { halted: true });
    expect(labels).toEqual(['Other targets…']);
    expect(text).toContain('🛑 **Nothing can be sent');
  });

  it('says which position it is more of', async () => {
    const one = filledOrder('100', ['sell-to-open 1 QQQ 2026-12-18 480 P @ 4.00']);
    const more = filledOrder('101', ['sell-to-open 1 QQQ 2026-12-18 480 P @ 5.00']);
    const book = bookOf([holding('-2 QQQ 2026-12-18 480 P @ 4.50')], [one, more]);
    expect((await shown(book, {}, 38)).text).toContain('More of #37: the same contracts.');
    expect((await shown(book, {}, 37)).text).not.toContain('More of');
  });
});
