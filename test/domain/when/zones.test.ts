import { describe, expect, it } from 'vitest';
import { ALIASES, COMMON_ZONES } from '../../../src/domain/when/zone-aliases.js';
import { zoneChoices, zoneNamed } from '../../../src/domain/when/zone-choices.js';
import { isIanaZone } from '../../../src/domain/when/zones.js';

describe('isIanaZone', () => {
  it.each(['America/New_York', 'Asia/Kolkata', 'Asia/Calcutta', 'Etc/GMT+5', 'US/Eastern', 'UTC'])(
    'knows %s',
    (name) => expect(isIanaZone(name)).toBe(true),
  );

  it.each(['EST', 'GMT', '+05:00', 'Berlin', 'Mars/Base', '', ' UTC', 'America/', 'toString'])(
    'refuses “%s”',
    (name) => expect(isIanaZone(name)).toBe(false),
  );
});

describe('zoneChoices', () => {
  it.each([
    ['new york', 'America/New_York'],
    ['New_Y', 'America/New_York'],
    ['york', 'America/New_York'],
    ['EST', 'America/New_York'],
    ['ber', 'Europe/Berlin'],
    ['europe/berl', 'Europe/Berlin'],
    ['pst', 'America/Los_Angeles'],
    ['frankf', 'Europe/Berlin'],
    ['howe', 'Australia/Lord_Howe'],
    ['mumbai', 'Asia/Kolkata'],
    ['utc', 'UTC'],
  ])('offers for “%s” first %s', (typed, zone) => {
    expect(zoneChoices(typed)[0]?.value).toBe(zone);
  });

  it('offers the common ones, the exchange’s first, before anything is typed', () => {
    expect(zoneChoices('').map(({ value }) => value)).toEqual(COMMON_ZONES);
    expect(zoneChoices(' ')[0]).toEqual({ name: 'New York (America/New_York)', value: 'America/New_York' });
  });

  it.each(['', 'a', 'e', 'america', 'america/', '.*', '('])(
    'offers for “%s” at most 25, none twice, all of them real and short enough for Discord',
    (typed) => {
      const choices = zoneChoices(typed);
      expect(choices.length).toBeLessThanOrEqual(25);
      expect(new Set(choices.map(({ value }) => value)).size).toBe(choices.length);
      for (const { name, value } of choices) {
        expect(isIanaZone(value)).toBe(true);
        expect(name.length).toBeLessThanOrEqual(100);
      }
    },
  );

  it('offers nothing for what no place begins with', () => {
    expect(zoneChoices('xyz')).toEqual([]);
  });
});

describe('zoneNamed', () => {
  it.each([
    ['berlin', 'Europe/Berlin'],
    [' EST ', 'America/New_York'],
    ['europe/BERLIN', 'Europe/Berlin'],
    ['Los Angeles', 'America/Los_Angeles'],
    ['US/Eastern', 'US/Eastern'],
    ['Asia/Calcutta', 'Asia/Calcutta'],
  ])('takes “%s” for %s', (typed, zone) => expect(zoneNamed(typed)).toBe(zone));

  it.each(['', 'ber', 'Mars/Base', '+02:00'])('does not guess at “%s”', (typed) => {
    expect(zoneNamed(typed)).toBeNull();
  });

  it('knows only real zones', () => {
    for (const zone of [...ALIASES.map(([, each]) => each), ...COMMON_ZONES])
      expect(isIanaZone(zone)).toBe(true);
  });
});
