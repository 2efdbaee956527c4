import { describe, expect, it } from 'vitest';
import type { ReportLine } from '../../src/ports/report.js';
import { fillView } from '../../src/screens/fill.js';
import { reportViews } from '../../src/screens/report.js';
import { x } from '../domain/build.js';
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
  });
  const left = (change: Partial<ReportLine>) => labelsOf(fillView(news(change), 'PAPER', NAME).components);
  expect(left({ status: 'Cancelled', orderState: 'cancelled' })).toEqual(['Set target again']);
  expect(left({ status: 'Live', orderState: 'working' })).toEqual([]);
});
