import { describe, expect, test } from 'vitest';
import type { Reminder } from '../../../src/ports/reminder-store.js';
import { textPages } from '../../../src/screens/pages.js';
import { actionRows } from '../../../src/screens/reminders/actions.js';
import { reminderViews } from '../../../src/screens/reminders/message.js';
import { reminderListViews, runText, scheduleView } from '../../../src/screens/reminders/schedule.js';
import { setupView } from '../../../src/screens/reminders/setup.js';
import { listBlock } from '../../../src/screens/reminders/telling.js';
import { unheldText } from '../../../src/screens/underlying.js';
import type { View } from '../../../src/screens/view.js';
import type { ReminderContent, ReminderPart } from '../../../src/services/reminders/content.js';
import { findExpiring } from '../../../src/services/reminders/kinds/expiry.js';
import { findMissing } from '../../../src/services/reminders/kinds/missing-targets.js';
import type { Found } from '../../../src/services/reminders/kinds/registry.js';
import { readUnderlying } from '../../../src/services/reminders/options.js';
import type { ShownReminder } from '../../../src/services/reminders/reminder-service.js';
import { expectWithinLimits, plainTextOf } from '../../commands/support/limits.js';
import { d } from '../../domain/build.js';
import { NAME } from '../../services/support/builders.js';
import { bookOf, marketOf, NOW } from '../kinds/book.js';

const REMINDER: Reminder = {
  id: 12,
  guildId: '900',
  channelId: '800',
  userId: '111',
  kind: 'missing-targets',
  when: 'market open +15m',
  zone: 'America/New_York',
  marketDaysOnly: true,
  options: '{}',
  state: 'active',
  pausedReason: null,
  nextRunAt: NOW,
  createdAt: NOW,
};
const part = (found: ReminderPart['found'], change: Partial<ReminderPart> = {}): ReminderPart => ({
  reminder: REMINDER,
  account: null,
  dueAt: NOW,
  alsoMissed: [],
  found,
  ...change,
});
const content = (parts: ReminderPart[], change: Partial<ReminderContent> = {}): ReminderContent => ({
  leadId: 77,
  userId: '111',
  late: false,
  parts,
  ...change,
});
const pages = (given: ReminderContent) => reminderViews(given, 'PAPER', NOW);

/** So many positions on so many underlyings. */
function many(count: number) {
  const holdings = Array.from({ length: count }, (_, at) => `-1 T${at} 2026-11-27 480 P @ 3.10`);
  return bookOf({ holdings });
}
const missing = (count: number): Found => ({
  kind: 'missing-targets',
  findings: findMissing(many(count), {}),
});
/** What is left to whoever has embeds switched off. */
const textOf = (view: View) => plainTextOf([view]);
const idsOf = ({ components }: View) =>
  components.flatMap((row) => row.components.flatMap((each) => ('custom_id' in each ? each.custom_id : [])));

describe.each([1, 12, 25, 26, 76, 300])('%i positions without targets', (count) => {
  const views = pages(content([part(missing(count))]));

  test('are all told, within Discord’s limits', () => {
    const all = views.map(textOf).join('\n');
    for (let id = 1; id <= count; id += 1) expect(all).toContain(`#${id} T`);
    for (const view of views) expectWithinLimits(view);
    expect(views[0]?.content.split('\n', 1)[0]?.length).toBeLessThanOrEqual(80);
  });

  test('lead to previews, and the mark to be found by is on the last message alone', () => {
    const marked = views.filter((view) => idsOf(view).includes('remind:done:77'));
    expect(marked).toEqual([views.at(-1)]);
    const ids = views.flatMap(idsOf);
    expect(new Set(ids).size).toBe(ids.length);
    expect(ids.some((id) => id.startsWith('remind:preview:'))).toBe(true);
    for (const id of ids) expect(id.length).toBeLessThanOrEqual(100);
  });
});

test.each([1, 25, 26, 60])('%i orders worth a look can each be shown', (count) => {
  const orders = Array.from({ length: count }, (_, at) => String(1_000 + at));
  const rows = actionRows([], orders, 77, NOW);
  expect(rows.length).toBeLessThanOrEqual(5);
  const menus = rows.flatMap(({ components }) => components.filter((each) => 'options' in each));
  const offered = menus.flatMap(({ options }) => options.map(({ value }) => value));
  expect(count === 1 ? orders : offered).toEqual(orders);
  for (const { options } of menus) expect(options.length).toBeLessThanOrEqual(25);
  const ids = rows.flatMap((row) =>
    row.components.flatMap((each) => ('custom_id' in each ? each.custom_id : [])),
  );
  expect(new Set(ids).size).toBe(ids.length);
});

test('orders keep their menu beside however many previews', () => {
  const { without } = findMissing(many(300), {});
  const rows = actionRows([{ name: NAME, views: without }], ['1', '2'], 77, NOW);
  expect(rows).toHaveLength(5);
  expect(JSON.stringify(rows)).toContain('remind:pick');
});

test('a reminder mentions its owner with the news; a late one says so and since when', () => {
  const [onTime] = pages(content([part(missing(2))]));
  expect(onTime && textOf(onTime).split('\n', 1)).toEqual(['<@111> **2 positions have no targets**']);
  const [late] = pages(content([part(missing(1), { alsoMissed: [NOW] })], { late: true }));
  expect(late?.content).toContain('⏰ **Late.** This was due <t:1795446000:f>');
  expect(late && textOf(late)).toContain('Stands for 1 earlier run as well');
});

test('several late ones are one message, each with its own heading, what can’t be told among them', () => {
  const note: Found = {
    kind: 'note',
    findings: { text: 'Roll **it**', position: null, state: { kind: 'gone', unread: [] } },
  };
  const parts = [
    part(note, { reminder: { ...REMINDER, id: 5, kind: 'note' } }),
    part({ kind: 'expiry', unreadable: 'no answer' }, { reminder: { ...REMINDER, id: 6, kind: 'expiry' } }),
  ];
  const [only, ...more] = pages(content(parts, { late: true }));
  expect(more).toEqual([]);
  expect(only && textOf(only)).toContain('2 reminders came due');
  const text = only ? textOf(only) : '';
  expect(text).toContain('\n**Note**: Roll **it**\n');
  expect(text).toContain('\n**Expiry**: Not known now\n');
  expect(only && textOf(only)).toContain('no answer');
});

test('a rehearsal mentions nobody and can’t be snoozed', () => {
  const [only] = pages(content([part(missing(1))], { leadId: null }));
  expect(only?.content).not.toContain('<@');
  expect(only && idsOf(only)).toEqual(['remind:preview:1']);
  const [silent] = pages(content([part(null)], { leadId: null }));
  expect(silent && textOf(silent)).toContain('it would stay silent');
});

test('risks stand beside the position they belong to, in words', () => {
  const book = bookOf({
    holdings: ['-1 AAPL 2026-11-27 280 C @ 3.10', '-1 QQQ 2026-11-27 480 P @ 3.10'],
    marks: { 'AAPL 2026-11-27 280 C': '20.05' },
  });
  const market = marketOf({
    AAPL: { price: d('300'), dividend: { date: '2026-11-25', amount: d('0.26') } },
  });
  const found: Found = { kind: 'expiry', findings: findExpiring(book, market, {}, NOW) };
  const [only] = pages(content([part(found, { reminder: { ...REMINDER, kind: 'expiry' } })]));
  expect(only && textOf(only)).toContain(
    '⚠️ short 280C: **in the money by 20.00** (AAPL at 300.00) · assigned if it stays there · **early assignment likely**: only 0.05 of time value left · **ex-dividend 25 Nov 26 (0.26 a share): early assignment likely the day before**',
  );
  expect(only && textOf(only)).toContain('❔ QQQ’s price isn’t known');
});

describe('when it runs', () => {
  const run = new Date('2026-11-24T01:30:00Z');
  test.each([
    ['America/New_York', 'Mon 23 Nov 2026 20:30 ET'],
    ['Europe/Berlin', 'Tue 24 Nov 2026 2:30 Europe/Berlin · Mon 23 Nov 20:30 ET'],
    ['America/Chicago', 'Mon 23 Nov 2026 19:30 America/Chicago · 20:30 ET'],
  ])('is told in %s and at the exchange', (zone, text) => {
    expect(runText(run, zone)).toBe(text);
  });

  const shown = (change: Partial<Reminder>, runs: Date[] = []): ShownReminder => ({
    reminder: { ...REMINDER, ...change },
    options: {},
    runs,
    readerZone: 'America/New_York',
    unread: [],
  });

  test('a paused one says why it is, in the list and alone', () => {
    const paused = shown({
      state: 'paused',
      pausedReason: { code: 'CLOSED', why: 'channel-gone' },
    });
    expect(textOf(scheduleView(paused, 'Paused', 'PAPER'))).toContain('paused: the channel is gone');
    expect(reminderListViews([paused], 'PAPER').map(textOf).join()).toContain('paused: the channel is gone');
  });

  test('a run that was missed or failed is noted beside its reminder', () => {
    const untold = { dueAt: run, note: { code: 'NOT_RUNNING' } as const };
    const listed = reminderListViews([{ ...shown({}, [run]), untold }], 'PAPER');
    expect(listed.map(textOf).join()).toContain(
      'not told: the run of Mon 23 Nov 2026 20:30 ET: The bot was not running.',
    );
    const paused = { ...shown({ state: 'paused' as const }), untold };
    expect(reminderListViews([paused], 'PAPER').map(textOf).join()).not.toContain('not told');
  });

  test('500 reminders are listed in full', () => {
    const all = Array.from({ length: 500 }, (_, id) => shown({ id: 1000 + id }, [run]));
    const views = reminderListViews(all, 'PAPER');
    const text = views.map(textOf).join('\n');
    for (const { reminder } of all) expect(text).toContain(`**${reminder.id} · `);
    for (const view of views) expectWithinLimits(view);
  });
});

test('a list goes on under its title only where a new message begins', () => {
  const lines = Array.from(
    { length: 60 },
    (_, at) => `• #${at} T${at} Short put of a longer name · no targets`,
  );
  const views = textPages([
    { text: 'The day ahead' },
    ...listBlock('Expires', lines.slice(0, 14)),
    ...listBlock('Not covered', lines),
  ]);
  expect(views.length).toBeGreaterThan(1);
  const text = views.map(textOf).join('\n\n');
  for (const line of lines) expect(text).toContain(line);
  for (const { content } of views)
    expect(content.indexOf('(continued)')).toBeLessThan('**Not covered** (c'.length);
  expect(views.at(-1)?.content).toMatch(/^\*\*Not covered\*\* \(continued\)\n• #/);
});

test('setup tells a reminder’s time as the list does', () => {
  const existing: ShownReminder = {
    reminder: { ...REMINDER, when: '2026-11-29T09:48:39Z' },
    options: {},
    runs: [new Date('2026-11-29T09:48:39Z')],
    readerZone: 'America/New_York',
    unread: [],
  };
  const view = setupView([{ kind: 'expiry', when: 'market open +30m', existing, made: false }], 'PAPER');
  expect(textOf(view)).toContain('**Expiry** · Sun 29 Nov 2026 4:48 ET · reminder 12');
});

test('a filter that fits nothing held is named with the nearest that is, at making and at telling', () => {
  const book = bookOf({ holdings: ['-1 QQQ 2026-12-18 480 P @ 3.10'] });
  const words = 'Nothing of QQQQ is held. The nearest that is: **QQQ**.';
  const told = (underlying: string) => {
    const reminder = { ...REMINDER, options: JSON.stringify({ underlying, sayWhenEmpty: true }) };
    const findings = findMissing(book, { underlying });
    return pages(content([part({ kind: 'missing-targets', findings }, { reminder })]))
      .map(textOf)
      .join('\n');
  };
  expect(told('QQQQ')).toContain(words);
  expect(told('QQQ')).not.toContain('is held');
  const shown: ShownReminder = {
    reminder: REMINDER,
    options: { underlying: 'QQQQ' },
    runs: [NOW],
    readerZone: 'America/New_York',
    unread: [],
  };
  expect(textOf(scheduleView(shown, 'Scheduled', 'PAPER', unheldText('QQQQ', book.positions)))).toContain(
    words,
  );
});

test.each([
  ['brk.b', 'BRK/B'],
  ['BRK-B', 'BRK/B'],
  ['brk b', 'BRK/B'],
  ['BRK/B', 'BRK/B'],
  ['$SPX', 'SPX'],
  [' qqq ', 'QQQ'],
])('an underlying typed as %s is kept as %s', (typed, kept) => {
  expect(readUnderlying(typed)).toBe(kept);
});
