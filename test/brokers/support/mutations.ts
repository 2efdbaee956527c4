import fc from 'fast-check';

/** Answers of the broker with one or two fields made odd. */

type Path = readonly (string | number)[];

/** Texts and values that say nothing in any field of a row but free text. */
export const JUNK: readonly unknown[] = [
  ...['NaN', 'Infinity', '-Infinity', '-1', '-0.5', '1e400', '1e-400', '0x10', '1,5', ' ', 'Perhaps', 'null'],
  ...[-1, -2.5, true, {}, [], [null], [{}], { a: 1 }, ['x', 'y']],
];

/** Whatever may stand in an answer: also what can be understood, only differently. */
const ODD: readonly unknown[] = [
  ...JUNK,
  ...[null, undefined, '', '0', 0, '0.0', '1', 1, 2.5, '1.5', '0.7512', '1e3', '1E+2', '9'.repeat(40), 1e30],
  ...[
    '2026-02-30',
    '2026-12-18',
    '0000-00-00',
    'Filled',
    'Long',
    'Credit',
    'QQQ',
    '__proto__',
    '\u0000',
    '💥',
  ],
  ...[false, 'true', 'x'.repeat(5_000), { items: [] }, [[]]],
];

export interface Mutated {
  answer: unknown;
  /** Where, and what stands there now. */
  at: { path: Path; value: unknown }[];
}

/** The answer with one field, seldom two, replaced or (where undefined) left out. */
export function mutated(answer: unknown, values: readonly unknown[] = ODD): fc.Arbitrary<Mutated> {
  const paths = pathsIn(answer);
  const one = fc.record({ path: fc.constantFrom(...paths), value: fc.constantFrom(...values) });
  const some = fc.oneof(
    { weight: 4, arbitrary: fc.tuple(one) },
    { weight: 1, arbitrary: fc.tuple(one, one) },
  );
  return some.map((at) => ({
    // Of two at one place the last is all that can be seen.
    at: at.filter((each, index) => !at.slice(index + 1).some(({ path }) => isIn(each.path, path))),
    answer: at.reduce((now: unknown, each) => replaced(now, each.path, each.value), answer),
  }));
}

function isIn(path: Path, outer: Path): boolean {
  return outer.every((key, index) => path[index] === key);
}

function pathsIn(value: unknown, at: Path = []): Path[] {
  const inner =
    typeof value === 'object' && value !== null
      ? Object.entries(value).flatMap(([key, each]) =>
          pathsIn(each, [...at, Array.isArray(value) ? Number(key) : key]),
        )
      : [];
  return [at, ...inner];
}

function replaced(value: unknown, [key, ...rest]: Path, by: unknown): unknown {
  if (key === undefined) return by;
  if (typeof value !== 'object' || value === null || !(key in value)) return value;
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? replaced(each, rest, by) : each));
  const record = value as Record<string, unknown>;
  return { ...record, [key]: replaced(record[key], rest, by) };
}
