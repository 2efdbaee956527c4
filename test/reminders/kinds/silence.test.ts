import { describe, expect, test } from 'vitest';
import { KIND_NAMES, KINDS, type KindName } from '../../../src/services/reminders/kinds/registry.js';
import { bookOf } from './book.js';
import { lookAt, readingOf, SILENT } from './look.js';

const EMPTY = bookOf({});
const balances = async () => ({ netLiquidatingValue: null, cash: null, derivativeBuyingPower: null });
const look = (options: object) =>
  lookAt(EMPTY, options, { reading: readingOf(EMPTY, { ...SILENT, balances }) });
const trading = KIND_NAMES.filter((name) => KINDS[name].trading);

describe.each(trading)('%s', (name: KindName) => {
  test('says nothing of an account without positions and orders', async () => {
    expect(await KINDS[name].look(look({}))).toBeNull();
  });

  test('says so when asked to speak anyway', async () => {
    expect(await KINDS[name].look(look({ sayWhenEmpty: true }))).not.toBeNull();
  });

  test('fits the list it is chosen from', () => {
    expect(`${KINDS[name].title}: ${KINDS[name].about}`.length).toBeLessThanOrEqual(100);
  });
});
