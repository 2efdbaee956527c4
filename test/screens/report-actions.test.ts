import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/ports/report.js';
import { fillView } from '../../src/screens/fill.js';
import { reportViews } from '../../src/screens/report.js';
import { paired } from '../../src/services/telling/report.js';
import { d, x } from '../domain/build.js';
import { line, NAME, report, TRADER } from '../services/support/builders.js';

const views = (...lines: ReportLine[]) => reportViews(report(lines), 'PAPER', NAME);
const labels = (...lines: ReportLine[]) => labelsOf(views(...lines).at(-1)?.components);

function labelsOf(rows: ReturnType<typeof views>[number]['components'] = []): string[] {
  return rows.flatMap(({ components }) =>
    components.flatMap((each) => ('label' in each ? (each.label ?? []) : [])),
  );
}

const working = line({ status: 'Live', orderState: 'working' });
const dead = (change: Partial<ReportLine> = {}) =>
  line({ intentId: 2, orderId: '1002', status: 'Cancelled', orderState: 'cancelled', ...change });

describe('what can be done about the orders of a result', () => {
  it.each<[string, ReportLine[], string[]]>([
    ['one works', [working], ['Cancel it…']],
    ['two work', [working, line({ intentId: 2, orderId: '1002' })], ['Cancel them…']],
    ['one works, one died', [working, dead()], ['Cancel it…', 'Set target again']],
    ['one was rejected', [dead({ status: 'Rejected', orderState: 'rejected' })], ['Set target again']],
    ['two positions lost theirs', [dead(), dead({ positionId: 38 })], ['Set #37 again', 'Set #38 again']],
    ['all filled', [line({ status: 'Filled', orderState: 'filled' })], []],
    ['nothing placed', [line({ state: 'refused', orderId: null, reason: 'no' })], []],
  ])('%s', (_, lines, expected) => {
    expect(labels(...lines)).toEqual(expected);
  });

  it('an order that another took the place of is told as replaced, not as lost', () => {
    const [view] = views(dead({ replacedBy: '1009' }));
    const text = view?.content.replaceAll('\u00a0', ' ');
    expect(text).toContain('**1 replaced**');
    expect(text).toContain('Replaced by order 1009');
    expect(text).not.toContain('no longer working');
    expect(view?.components).toEqual([]);
  });

  it('an order that was cancelled from here says by whom, and what took its place', () => {
    const ended = { userId: TRADER, successor: null };
    const [lost] = views(working, dead({ cancelled: ended }));
    expect(lost?.content).toContain('**1 cancelled**');
    expect(lost?.content).toContain(`⚪ **Order 1002**`);
    expect(lost?.content).toContain(`Cancelled by <@${TRADER}>. It is not working.`);
    expect(labelsOf(lost?.components)).toEqual(['Cancel it…', 'Set target again']);
    const [changed] = views(working, dead({ cancelled: { ...ended, successor: '1009' } }));
    expect(changed?.content).toContain('**1 replaced**');
    expect(changed?.content).toContain(`Cancelled by <@${TRADER}>: order 1009 took its place.`);
    expect(labelsOf(changed?.components)).toEqual(['Cancel it…']);
    const anew = report([working], { inPlaceOf: ['1002'] });
    expect(reportViews(anew, 'PAPER', NAME)[0]?.content).toContain('**Order 1001** in place of 1002\n');
  });
});

it('a close is told as one, without a percentage, which is of a target', () => {
  const close = (change: Partial<ReportLine>) =>
    views(line({ kind: 'close', percent: x(-2.3), ...change }))[0]?.content ?? '';
  const placed = close({ status: 'Live', orderState: 'working' });
  expect(placed.split('\n')[0]).toContain('**1 close placed** · #37 QQQ');
  expect(placed).not.toContain('%');
  expect(close({ state: 'refused', orderId: null, reason: 'no' })).toContain(
    '**0 of 1 close placed** · **1 refused**',
  );
});

it('a fill whose rest was cancelled leads on to a fresh preview', () => {
  const fill = { units: 1, price: x('0.65'), profit: x(47), percent: x(42) };
  const news = (change: Partial<ReportLine>) => ({
    planId: 'plan-1',
    userId: TRADER,
    account: '5WT00001',
    line: line({ units: 2, fill, ...change }),
    filledAt: null,
    openedAt: null,
    fees: { closing: null, opening: null },
    chain: null,
  });
  const left = (change: Partial<ReportLine>) => labelsOf(fillView(news(change), 'PAPER', NAME).components);
  expect(left({ status: 'Cancelled', orderState: 'cancelled' })).toEqual(['Set target again']);
  expect(left({ status: 'Live', orderState: 'working' })).toEqual([]);
});

describe('a target and its stop', () => {
  const target = line({ status: 'Live', orderState: 'working', units: 2 });
  const stop = line({
    intentId: 2,
    targetKey: 'puts:1/stop',
    orderId: '1002',
    units: 2,
    status: 'Live',
    orderState: 'working',
    price: d('3.45'),
    stopTrigger: d('3.10'),
    percent: null,
    profit: x(-466),
  });
  const filled = (units: number) => ({ units, price: x('0.67'), profit: x(45 * units), percent: x(40) });
  const told = (one: Partial<ReportLine>, other: Partial<ReportLine>) => {
    const lines = paired([
      { ...target, ...one },
      { ...stop, ...other },
    ]);
    const [view] = views(...lines);
    return {
      text: view?.content.replaceAll('\u00a0', ' ').replaceAll('\u2060', '') ?? '',
      labels: labels(...lines),
      lines,
    };
  };
  const CANCELLED = { status: 'Cancelled', orderState: 'cancelled' } as const;
  const FILLED = { status: 'Filled', orderState: 'filled', fill: filled(2) } as const;

  it('name each other, and what the stop does; what would be lost is no part of what is hoped for', () => {
    const { text } = told({}, {});
    expect(text).toContain('✅ **Order 1001** · beside its stop, order 1002');
    expect(text).toContain('✅ **Order 1002** · beside its target, order 1001');
    expect(text).toContain('stop at **3.10**, then you pay at most **3.45**');
    expect(text).toContain('**+$45.00** if it fills');
  });

  it.each<[string, Partial<ReportLine>, Partial<ReportLine>, string]>([
    ['the target fills', FILLED, CANCELLED, '1001'],
    ['the stop fills', CANCELLED, FILLED, '1002'],
  ])('where %s, the other’s end is told with it and is no loss', (_what, one, other, by) => {
    const { text, labels } = told(one, other);
    expect(text).toContain(`Cancelled by the broker with the fill of order ${by}, as was meant.`);
    expect(text).not.toMatch(/no longer working|It is not working|\/targets/);
    expect(labels).toEqual([]);
  });

  it('where a part of the target ends the stop, says that the rest has none', () => {
    const { text, labels } = told({ fill: filled(1) }, CANCELLED);
    expect(text).toContain('**1 no longer working**');
    expect(text).toContain('It is not working: what order 1001 has left to close has **no stop**.');
    expect(labels).toEqual(['Cancel it…']);
  });

  it('both cancelled without a fill are lost, and one press sets the target again', () => {
    const { text, labels } = told(CANCELLED, CANCELLED);
    expect(text).toContain('**2 no longer working**');
    expect(labels).toEqual(['Set target again']);
  });

  it('a stop that died alone is told, while its target needs no other', () => {
    const { text, labels } = told({}, { status: 'Rejected', orderState: 'rejected', reason: 'Off tick' });
    expect(text).toContain(
      'Rejected at the venue: Off tick. It is not working: what order 1001 has left to close has **no stop**.',
    );
    expect(labels).toEqual(['Cancel it…']);
  });

  it.each<[string, Partial<ReportLine>, Partial<ReportLine>, number, string]>([
    ['the stop ended', FILLED, CANCELLED, 0, 'Its stop, order 1002, ended with it.'],
    [
      'the stop isn’t ended yet',
      FILLED,
      {},
      0,
      '⏳ Its stop, order 1002, still works: the broker ends it with this fill',
    ],
    [
      'a part ended the stop',
      { fill: filled(1) },
      CANCELLED,
      0,
      '⚠️ Its stop, order 1002, works no more: the rest has no stop.',
    ],
    [
      'the stop was replaced elsewhere',
      { fill: filled(1) },
      { ...CANCELLED, replacedBy: '1003' },
      0,
      'Its stop, order 1002, was replaced by order 1003, not by me: `/orders` shows it.',
    ],
    [
      'each closed a part',
      { ...CANCELLED, fill: filled(1) },
      { ...FILLED, fill: filled(1) },
      0,
      'Its stop, order 1002, has closed 1 unit besides.',
    ],
    [
      'both filled',
      FILLED,
      FILLED,
      0,
      '🔴 **Its stop, order 1002, has filled as well: look at what you hold.**',
    ],
    ['the stop filled', CANCELLED, FILLED, 1, 'Its target, order 1001, ended with it.'],
  ])('under a fill: %s', (_what, one, other, which, expected) => {
    const told_ = told(one, other).lines[which] as ReportLine;
    const who = { planId: 'plan-1', userId: TRADER, account: '5WT00001' };
    const news = { ...who, line: told_, filledAt: null, openedAt: null, chain: null };
    const view = fillView({ ...news, fees: { closing: null, opening: null } }, 'PAPER', NAME);
    expect(view.content).toContain(expected);
    expect(view.content.includes('stop** filled') || view.content.includes('** stop filled')).toBe(
      which === 1,
    );
    expect(labelsOf(view.components)).toEqual([]);
  });
});
