import fc from 'fast-check';
import type { TimeOfDay, Weekday, When } from '../../../src/domain/when/when.js';
import { SPECIAL_DAYS } from './moments.js';

/** With and without daylight saving, both hemispheres, odd offsets, a half-hour change, changes at midnight. */
export const ZONES = [
  'America/New_York',
  'Europe/Berlin',
  'Australia/Sydney',
  'Australia/Lord_Howe',
  'Africa/Casablanca',
  'Africa/Cairo',
  'America/Havana',
  'America/Phoenix',
  'America/St_Johns',
  'Asia/Beirut',
  'Asia/Gaza',
  'Asia/Kathmandu',
  'Asia/Tokyo',
  'Atlantic/Azores',
  'Pacific/Apia',
  'Pacific/Chatham',
  'Pacific/Kiritimati',
  'America/Nuuk',
  'America/Santiago',
  'UTC',
];

export const zone = fc.constantFrom(...ZONES);

const FIRST = Date.UTC(2024, 0, 8);
const LAST = Date.UTC(2030, 11, 1);

export const instant = fc.integer({ min: FIRST / 1000, max: LAST / 1000 }).map((seconds) => seconds * 1000);

/** Where the United States, the European Union and Australia set their clocks, give or take two days. */
const CHANGES = [2024, 2025, 2026, 2027, 2028, 2029, 2030].flatMap((year) =>
  [
    [3, 8],
    [3, 28],
    [4, 3],
    [10, 3],
    [10, 28],
    [11, 4],
  ].map(([month = 0, day = 0]) => Date.UTC(year, month - 1, day)),
);
export const nearChange = fc
  .tuple(fc.constantFrom(...CHANGES), fc.integer({ min: -4 * 24 * 3600, max: 4 * 24 * 3600 }))
  .map(([change, seconds]) => Math.min(change + seconds * 1000, LAST));

export const nearSpecialDay = fc
  .tuple(fc.constantFrom(...SPECIAL_DAYS), fc.integer({ min: -3 * 24 * 3600, max: 24 * 3600 }))
  .map(([day, seconds]) => Math.min(day + seconds * 1000, LAST));

/** Any moment of 2024 to 2030, often one at which something unusual is close. */
export const moment = fc.oneof(instant, nearChange, nearSpecialDay);

export const timeOfDay: fc.Arbitrary<TimeOfDay> = fc.record({
  hour: fc.nat(23),
  minute: fc.nat(59),
});

export const days: fc.Arbitrary<Weekday[]> = fc
  .uniqueArray(fc.constantFrom<Weekday>(1, 2, 3, 4, 5, 6, 7), { minLength: 1 })
  .map((list) => list.sort());

const date = fc
  .integer({ min: Date.UTC(2000, 0, 1) / 86_400_000, max: Date.UTC(2099, 11, 31) / 86_400_000 })
  .map((day) => new Date(day * 86_400_000).toISOString().slice(0, 10));

/** A cron field as text and as the values it stands for. */
export interface Field {
  text: string;
  values: ReadonlySet<number>;
}

/** All of it, one value, a list, a range, a stepped range, or `*` with a step. */
export function field(min: number, max: number, step = 1): fc.Arbitrary<Field> {
  const all = Array.from({ length: Math.floor((max - min) / step) + 1 }, (_, index) => min + index * step);
  const values = (list: number[]) => new Set(list);
  const one = fc.constantFrom(...all);
  const bounds = fc.tuple(one, one).map(([a, b]) => [Math.min(a, b), Math.max(a, b)] as const);
  const ranged = bounds.chain(([low, high]) =>
    fc.constantFrom(1, 2, 3, 5).map((by) => ({
      text: `${low}-${high}/${by * step}`,
      values: values(all.filter((each) => low <= each && each <= high && (each - low) % (by * step) === 0)),
    })),
  );
  const listed = fc
    .uniqueArray(one, { minLength: 1, maxLength: 4 })
    .map((list) => ({ text: list.join(','), values: values(list) }));
  if (step > 1) return fc.oneof(listed, ranged);
  return fc.oneof(fc.constant({ text: '*', values: values(all) }), listed, ranged);
}

export const cronText: fc.Arbitrary<string> = fc
  .tuple(field(0, 59), field(0, 23), field(1, 28), field(1, 12), field(0, 6))
  .map((fields) => fields.map(({ text }) => text).join(' '));

export const when: fc.Arbitrary<When> = fc.oneof(
  fc.record({ kind: fc.constant('weekly' as const), days, time: timeOfDay }),
  fc.record({
    kind: fc.constant('monthly' as const),
    day: fc.constantFrom('first' as const, 'last' as const),
    time: timeOfDay,
  }),
  fc.record({
    kind: fc.constant('market' as const),
    edge: fc.constantFrom('open' as const, 'close' as const),
    offset: fc.integer({ min: -720, max: 720 }),
  }),
  cronText.map((expression) => ({ kind: 'cron' as const, expression })),
  fc.record({ kind: fc.constant('once' as const), date, time: timeOfDay }),
  fc.integer({ min: 946_684_800, max: 4_102_444_799 }).map((seconds) => ({
    kind: 'instant' as const,
    at: new Date(seconds * 1000).toISOString().replace('.000Z', 'Z'),
  })),
  fc
    .record({ kind: fc.constant('in' as const), days: fc.nat(300), minutes: fc.nat(1439) })
    .filter(({ days: each, minutes }) => each + minutes > 0),
  fc.record({
    kind: fc.constant('near' as const),
    day: fc.constantFrom('today' as const, 'tomorrow' as const),
    time: timeOfDay,
  }),
);
