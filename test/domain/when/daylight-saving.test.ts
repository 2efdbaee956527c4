import { describe, expect, it } from 'vitest';
import { runsOf } from '../../reminders/support/runs.js';

describe('a time that the clocks skip', () => {
  it.each([
    ['America/New_York', '2:30', '2026-03-07T12:00Z', ['2026-03-08T07:00Z', '2026-03-09T06:30Z']],
    ['Europe/Berlin', '2:30', '2026-03-28T12:00Z', ['2026-03-29T01:00Z', '2026-03-30T00:30Z']],
    ['Australia/Sydney', '2:30', '2026-10-03T00:00Z', ['2026-10-03T16:00Z', '2026-10-04T15:30Z']],
    ['Australia/Lord_Howe', '2:15', '2026-10-03T00:00Z', ['2026-10-03T15:30Z', '2026-10-04T15:15Z']],
    ['Africa/Cairo', '0:00', '2026-04-23T12:00Z', ['2026-04-23T22:00Z', '2026-04-24T21:00Z']],
  ])('runs at the next instant there is, once: %s %s', (zone, time, after, expected) => {
    expect(runsOf(`daily ${time}`, after, 2, { zone })).toEqual(expected);
    expect(runsOf(`${time.split(':').reverse().map(Number).join(' ')} * * *`, after, 2, { zone })).toEqual(
      expected,
    );
  });

  it('is one run together with the time the clocks jump to', () => {
    expect(runsOf('*/30 * * * *', '2026-03-08T06:00Z', 4)).toEqual([
      '2026-03-08T06:30Z',
      '2026-03-08T07:00Z',
      '2026-03-08T07:30Z',
      '2026-03-08T08:00Z',
    ]);
  });

  it('is ahead until the clocks have jumped, also for a single date', () => {
    expect(runsOf('2026-03-08 2:30', '2026-03-08T06:59Z', 2)).toEqual(['2026-03-08T07:00Z']);
    expect(() => runsOf('2026-03-08 2:30', '2026-03-08T07:00Z', 1)).toThrow(
      expect.objectContaining({ code: 'WHEN_PAST' }),
    );
  });
});

describe('a time that comes twice', () => {
  it.each([
    ['America/New_York', '1:30', '2026-10-31T12:00Z', ['2026-11-01T05:30Z', '2026-11-02T06:30Z']],
    ['Europe/Berlin', '2:30', '2026-10-24T12:00Z', ['2026-10-25T00:30Z', '2026-10-26T01:30Z']],
    ['Australia/Sydney', '2:30', '2026-04-04T00:00Z', ['2026-04-04T15:30Z', '2026-04-05T16:30Z']],
    ['Australia/Lord_Howe', '1:45', '2026-04-04T00:00Z', ['2026-04-04T14:45Z', '2026-04-05T15:15Z']],
  ])('runs at the first: %s %s', (zone, time, after, expected) => {
    expect(runsOf(`daily ${time}`, after, 2, { zone })).toEqual(expected);
  });

  it('has had its run when asked between the two, as after a restart', () => {
    expect(runsOf('daily 1:30', '2026-11-01T06:10Z', 1)).toEqual(['2026-11-02T06:30Z']);
    expect(runsOf('30 1 * * *', '2026-11-01T06:10Z', 1)).toEqual(['2026-11-02T06:30Z']);
  });

  it('is quiet the second time round also for what runs every half hour', () => {
    expect(runsOf('*/30 * * * *', '2026-11-01T05:00Z', 3)).toEqual([
      '2026-11-01T05:30Z',
      '2026-11-01T07:00Z',
      '2026-11-01T07:30Z',
    ]);
  });

  it('is the first of the two for a single date', () => {
    expect(runsOf('2026-11-01 1:30', '2026-10-31T12:00Z', 2)).toEqual(['2026-11-01T05:30Z']);
  });
});

describe('the clock on the wall', () => {
  it('keeps a time of day across both changes', () => {
    expect(runsOf('daily 9:00', '2026-03-07T00:00Z', 2)).toEqual(['2026-03-07T14:00Z', '2026-03-08T13:00Z']);
    expect(runsOf('daily 9:00', '2026-10-31T00:00Z', 2)).toEqual(['2026-10-31T13:00Z', '2026-11-01T14:00Z']);
  });

  it.each([
    ['Asia/Tokyo', '2026-03-08T00:00Z'],
    ['America/Phoenix', '2026-03-07T16:00Z'],
    ['Asia/Kathmandu', '2026-03-08T03:15Z'],
    ['UTC', '2026-03-08T09:00Z'],
  ])('never changes in %s', (zone, first) => {
    const runs = runsOf('daily 9:00', '2026-03-07T12:00Z', 365, { zone }).map(Date.parse);
    expect(runs[0]).toBe(Date.parse(first));
    expect(new Set(runs.slice(1).map((run, index) => run - (runs[index] ?? 0)))).toEqual(
      new Set([86_400_000]),
    );
  });

  it('moves the open for whoever lives by another daylight saving', () => {
    // Between the American and the European change the open is an hour earlier in Berlin.
    expect(runsOf('market open', '2026-03-06T00:00Z', 2, { zone: 'Europe/Berlin' })).toEqual([
      '2026-03-06T14:30Z',
      '2026-03-09T13:30Z',
    ]);
  });
});
