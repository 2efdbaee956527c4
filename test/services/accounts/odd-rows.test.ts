import { expect, it } from 'vitest';
import type { OddRow } from '../../../src/domain/types.js';
import type { Broker } from '../../../src/ports/broker.js';
import { previewNoteText } from '../../../src/screens/preview-notes.js';
import type { Overrides } from '../../../src/services/previews/overrides.js';
import { PreviewPricer } from '../../../src/services/previews/pricing.js';
import { d } from '../../domain/build.js';
import { bookOf, CLEAN, TRIDENT } from '../support/scene.js';

const QQQ480 = 'QQQ   261218P00480000';

const broker = {
  underlying: async (symbol: string) => ({
    symbol,
    isIndex: false,
    optionTicks: [{ below: null, increment: d('0.01') }],
  }),
  dryRun: async () => CLEAN,
} as unknown as Broker;
const rules = { rounding: 'nearest' as const, spreadTicks: new Map(), maxOrderContracts: null };

async function previewed(odd: OddRow[], overrides: Overrides = {}) {
  const book = bookOf(TRIDENT.held, [TRIDENT.opening]);
  const views = book.positions.map((view) => ({ ...view, odd }));
  const [position] = await new PreviewPricer(broker, rules).price(book, views, overrides, false);
  return { targets: position?.targets.length, notes: position?.notes.map(previewNoteText).join(' ') };
}

const row = (change: Partial<OddRow>): OddRow => ({
  what: 'holding',
  name: QQQ480,
  why: 'its quantity is missing',
  doubts: 'coverage',
  concern: { symbols: [QQQ480], kin: null },
  ...change,
});

it('offers nothing where a row leaves unsure how much can be closed, and names the row', async () => {
  expect(await previewed([])).toMatchObject({ targets: 3, notes: '' });
  expect(await previewed([row({})])).toEqual({
    targets: 0,
    notes:
      'I can’t read the holding QQQ 18 Dec 26 480 P (its quantity is missing), so how much can be closed here is not sure, and no order is offered.',
  });
});

it('offers what the trader prices where only the opening price is unsure', async () => {
  const past = row({ what: 'order', name: '7', why: 'its legs are gone', doubts: 'price' });
  const percent = await previewed([past]);
  expect(percent.targets).toBe(0);
  expect(percent.notes).toContain(
    'order 7 on QQQ 18 Dec 26 480 P (its legs are gone), so what this was opened for is not sure.',
  );
});
