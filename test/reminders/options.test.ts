import { SlashCommandSubcommandBuilder } from 'discord.js';
import { describe, expect, it } from 'vitest';
import {
  addFilters,
  CLEAR_CHOICES,
  readAccount,
  readCleared,
  readFilters,
} from '../../src/commands/remind-options.js';
import type { UserError } from '../../src/domain/errors.js';
import { wordsOf } from '../../src/screens/failures/index.js';
import { OPTION_WORDS } from '../../src/screens/reminders/option-words.js';
import { optionsText } from '../../src/screens/reminders/schedule.js';
import type { AccountDesk } from '../../src/services/accounts/account-desk.js';
import { checkedOptions } from '../../src/services/reminders/checked-options.js';
import { KIND_NAMES, KINDS } from '../../src/services/reminders/kinds/registry.js';
import {
  decodeOptions,
  encodeOptions,
  OPTIONS,
  type OptionName,
} from '../../src/services/reminders/options.js';

/** As typed into Discord's form, what is kept, and what lists say. */
/** All but the account, which is asked for only where there are several. */
type Plain = Exclude<OptionName, 'account'>;

/** As typed into Discord’s form, what is kept, and what lists say. */
const TYPED: Record<Plain, [string | number | boolean, unknown, string]> = {
  underlying: ['brk.b', 'BRK/B', 'underlying BRK/B'],
  position: ['#37 QQQ', 37, 'position #37'],
  dte: ['21, 7', [7, 21], 'dte 7, 21'],
  olderThanDays: [3, 3, 'older_than_days 3'],
  withinTicks: [2, 2, 'within_ticks 2'],
  withinPercent: [5, 5, 'within_percent 5'],
  text: [' roll it ', 'roll it', 'text roll it'],
  sayWhenEmpty: [true, true, 'also when there is nothing to tell'],
};

const typedIn = (given: Record<string, unknown>) => {
  const get = (word: string) => given[word] ?? null;
  const options = { getString: get, getInteger: get, getBoolean: get };
  return readFilters({ options } as unknown as Parameters<typeof readFilters>[0]);
};

describe.each(Object.keys(TYPED) as Plain[])('the option %s', (name) => {
  const { word, clearable } = OPTIONS[name];
  const { about } = OPTION_WORDS[name];
  const [typed, kept, listed] = TYPED[name];

  it('is asked for, read, kept and listed', () => {
    const sub = new SlashCommandSubcommandBuilder().setName('add').setDescription('x');
    const asked = addFilters(sub)
      .toJSON()
      .options?.find((option) => option.name === word);
    expect(asked).toMatchObject({ name: word, description: about });
    const options = typedIn({ [word]: typed });
    expect(options).toEqual({ [name]: kept });
    expect(decodeOptions(encodeOptions(options))).toEqual(options);
    expect(optionsText(options)).toBe(listed);
  });

  it('is used by a kind, and can be cleared where that means something', () => {
    const kinds = KIND_NAMES.filter((kind) => KINDS[kind].uses.includes(name));
    expect(kinds).not.toEqual([]);
    expect(CLEAR_CHOICES.some(({ value }) => value === word)).toBe(clearable);
    expect(readCleared(word)).toBe(clearable ? name : null);
    const other = KIND_NAMES.find((kind) => !KINDS[kind].uses.includes(name));
    if (other) expect(() => checkedOptions(other, { [name]: kept })).toThrow(word);
  });
});

it('takes nothing for what was not typed, and keeps nothing it does not know', () => {
  expect(typedIn({})).toEqual({});
  expect(() => decodeOptions('{"older":1}')).toThrow();
  expect(() => decodeOptions('{"dte":[]}')).toThrow();
});

describe('the account', () => {
  const desk = { number: '5WX02222' } as AccountDesk;
  const desks = { one: async () => desk, holding: async () => desk };
  const read = (typed: string | null, position?: number) => {
    const interaction = { options: { getString: () => typed } } as unknown as Parameters<
      typeof readAccount
    >[0];
    return readAccount(interaction, { position }, desks);
  };

  it('is kept by its whole number, and no list shows that', async () => {
    const options = await read('2222');
    expect(options).toEqual({ account: '5WX02222' });
    expect(decodeOptions(encodeOptions(options))).toEqual(options);
    expect(optionsText(options)).toBe('account …2222');
  });

  it('is no filter where all are meant, and none is changed where nothing is said', async () => {
    expect(encodeOptions({ account: '5WX01111', ...(await read('all')) })).toBe('{}');
    expect(await read(null)).toEqual({});
  });

  it('is not in the form of a single account, nor said to be taken', () => {
    const sub = new SlashCommandSubcommandBuilder().setName('add').setDescription('x');
    expect(JSON.stringify(addFilters(sub).toJSON())).not.toContain('account');
    try {
      checkedOptions('expiry', { text: 'x' });
    } catch (error) {
      expect(wordsOf(error as UserError).hint).not.toContain('account');
    }
    expect(() => checkedOptions('note', { text: 'x', account: '5WX02222' })).toThrow('account');
  });
});
