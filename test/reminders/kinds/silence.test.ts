import { describe, expect, test } from 'vitest';
import type { OddRow } from '../../../src/domain/types.js';
import { KIND_WORDS } from '../../../src/screens/reminders/kind-words.js';
import { tellingOf } from '../../../src/screens/reminders/kinds.js';
import { COLOUR } from '../../../src/screens/view.js';
import {
  type Found,
  KIND_NAMES,
  KINDS,
  type KindName,
} from '../../../src/services/reminders/kinds/registry.js';
import { bookOf, NOW } from './book.js';
import { blocksText, lookAt, readingOf, SILENT } from './look.js';

const EMPTY = bookOf({});
const balances = async () => ({ netLiquidatingValue: null, cash: null, derivativeBuyingPower: null });
const look = (options: object) =>
  lookAt(EMPTY, options, { reading: readingOf(EMPTY, { ...SILENT, balances }) });
const row = (what: 'holding' | 'order', concern: OddRow['concern']): OddRow => ({
  what,
  name: null,
  why: 'its symbol is missing',
  doubts: 'coverage',
  concern,
});
const trading = KIND_NAMES.filter((name) => KINDS[name].trading);

describe.each(trading)('%s', (name: KindName) => {
  test('says nothing of an account without positions and orders', async () => {
    expect(await KINDS[name].look(look({}))).toBeNull();
  });

  test('says so when asked to speak anyway', async () => {
    expect(await KINDS[name].look(look({ sayWhenEmpty: true }))).not.toBeNull();
  });

  test('is not silent about what can’t be read, and claims nothing of it', async () => {
    const unread = { ...EMPTY, odd: [row('holding', 'account'), row('order', 'account')] };
    const findings = await KINDS[name].look(
      lookAt(unread, {}, { reading: readingOf(unread, { ...SILENT, balances }) }),
    );
    expect(findings).not.toBeNull();
    const telling = tellingOf({ kind: name, findings } as Found, NOW);
    const text = `${telling.headline}\n${blocksText(telling)}`;
    const claims = text.split(/[.·\n]/).filter((each) => /\b(no|nothing|every)\b/i.test(each));
    for (const claim of claims.filter((each) => !/targets were|balances|trading/i.test(each)))
      expect(claim).toMatch(/(that|of what) I can read/i);
    expect(telling.colour).not.toBe(COLOUR.good);
  });

  test('stays silent about rows that leave only a price unsure, or that are none of its business', async () => {
    const past = { ...row('order', 'account'), doubts: 'price' as const };
    const spy = row('holding', { symbols: ['SPY   261218P00600000'], kin: null });
    const other = { ...EMPTY, odd: [past, { ...past, doubts: 'nothing' as const }, spy] };
    expect(
      await KINDS[name].look(
        lookAt(other, { underlying: 'QQQ' }, { reading: readingOf(other, { ...SILENT, balances }) }),
      ),
    ).toBeNull();
  });

  test('fits the list it is chosen from', () => {
    expect(`${KIND_WORDS[name].title}: ${KIND_WORDS[name].about}`.length).toBeLessThanOrEqual(100);
  });
});
