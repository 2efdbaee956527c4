import { describe, expect, it } from 'vitest';
import { readArguments, UsageError } from '../../src/cli/arguments.js';
import { d } from '../domain/build.js';

const read = (line: string) => readArguments(line.split(' ').filter(Boolean));

describe('readArguments', () => {
  it('sends nothing unasked: without --yes it asks', () => {
    expect(read('targets --position 37')).toEqual({
      command: 'targets',
      which: 37,
      account: null,
      overrides: {},
      dryRun: false,
      yes: false,
    });
  });

  it.each([
    ['targets --position all --dry-run', { which: 'all', dryRun: true, yes: false }],
    ['targets --position #37 --yes', { which: 37, dryRun: false, yes: true }],
    ['targets --position all --account 2222', { which: 'all', account: '2222' }],
    ['targets --position=37 --dry-run --yes', { which: 37, dryRun: true, yes: true }],
  ])('%s', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it.each([
    ['orders', { command: 'orders', account: null, period: '30-days', underlying: null }],
    ['reconcile --account 2222 --dry-run', { command: 'reconcile', account: '2222' }],
    ['history --period this-year --underlying QQQ', { period: 'this-year', underlying: 'QQQ' }],
  ])('%s only looks', (text, expected) => {
    expect(read(text)).toMatchObject(expected);
  });

  it('reads a stop beside the target, which is of targets alone', () => {
    const stop = (text: string) => read(`targets --position 1 ${text}`);
    expect(stop('--percent 50 --stop 200')).toMatchObject({
      overrides: { percent: d(50), stop: { percent: d(200) } },
    });
    expect(stop('--stop $3.10')).toMatchObject({ overrides: { stop: { price: d('3.10') } } });
    expect(() => stop('--stop=')).toThrow('--stop is empty');
    expect(() => stop('--stop far')).toThrow('Example: --stop 200');
    expect(() => read('close --position 1 --stop 200')).toThrow('--stop goes with targets alone');
  });

  it('takes no option twice, whichever was meant; a switch twice says nothing new', () => {
    expect(() => read('targets --position 37 --position=38 --yes')).toThrow('--position stands there twice');
    expect(() => read('targets --position 37 --percent 50 --percent 50')).toThrow(UsageError);
    expect(() => read('cancel --order 701 --order 702 --yes')).toThrow('--order stands there twice');
    expect(read('targets --position 37 --yes --yes')).toMatchObject({ which: 37, yes: true });
  });

  it.each([
    'targets --position 37 --percent -50',
    'targets --position 37 --percent=-50',
    'targets --position 37 --percent NaN',
    'targets --position 37 --percent 1e3',
    'targets --position 37 --percent −50',
    'targets --position 37 --percent ５０',
    'targets --position 37 --price Infinity',
    'targets --position 37 --price 0x10',
    'targets --position 37 --stop -200',
    'targets --position ３７',
    'targets --position 37 --yes=true',
    'targets --position 37 --no-yes',
    'targets --position',
    'targets --position 37 -y',
    'targets --position 37 -- --yes',
    'targets --position 1e2',
    'cancel --order ７01',
  ])('refuses %s', (text) => {
    expect(() => read(text)).toThrow(UsageError);
  });

  it('reads the three ways to set a target', () => {
    expect(read('targets --position 1 --percent 50')).toMatchObject({ overrides: { percent: d(50) } });
    expect(read('targets --position 1 --price 1.25')).toMatchObject({ overrides: { price: d('1.25') } });
    expect(read('targets --position 1 --ladder 40,60')).toMatchObject({
      overrides: { ladder: [d(40), d(60)] },
    });
  });

  it.each([
    ['cancel --position 37', { kind: 'position', id: 37, account: null }, false, false],
    [
      'cancel --position #37 --account 2222 --yes',
      { kind: 'position', id: 37, account: '2222' },
      false,
      true,
    ],
    ['cancel --order 701 --dry-run', { kind: 'order', id: '701' }, true, false],
  ])('%s', (text, wish, dryRun, yes) => {
    expect(read(text)).toEqual({ command: 'cancel', wish, dryRun, yes });
  });

  it('adopts, forgets or cancels one order that reconcile named', () => {
    const how = { dryRun: false, yes: false };
    expect(read('reconcile --adopt 701')).toEqual({ command: 'mend', how: 'adopt', orderId: '701', ...how });
    expect(read('reconcile --forget 701 --dry-run --yes')).toEqual({
      command: 'mend',
      how: 'forget',
      orderId: '701',
      dryRun: true,
      yes: true,
    });
    expect(read('reconcile --cancel 701 --yes')).toEqual(read('cancel --order 701 --yes'));
  });

  it('closes all of a position at mid, unless told otherwise', () => {
    const how = { dryRun: false, yes: false, account: null };
    expect(read('close --position 37')).toEqual({
      command: 'close',
      which: 37,
      overrides: {},
      close: { at: 'mid', portion: null },
      ...how,
    });
    expect(read('close --position 37 --at natural --portion 2 --leave-naked --yes')).toEqual({
      command: 'close',
      which: 37,
      overrides: { leaveNaked: true },
      close: { at: 'natural', portion: { units: 2 } },
      ...how,
      yes: true,
    });
  });

  it('--help asks for nothing else', () => {
    expect(read('--help')).toBeNull();
    expect(read('targets -h')).toBeNull();
  });

  it.each([
    ['', 'Which command?'],
    ['history --period week', '"week" is not a period'],
    ['orders --position 37', '--position goes with targets'],
    ['orders --underlying QQQ', '--underlying goes with history'],
    ['targets --position 1 --period today', '--period goes with history'],
    ['target --position 1', '"target" is not a command'],
    ['targets 37', 'one word too many'],
    ['targets', '--position is missing'],
    ['targets --position all --account=', '--account is empty'],
    ['targets --position 1 --order 701', '--order goes with cancel alone'],
    ['targets --position 1 --at mid', '--at goes with close alone'],
    ['cancel --position 1 --portion 2', '--portion goes with close alone'],
    ['close --position 1 --percent 50', '--percent goes with targets alone'],
    ['close --position all', 'close takes one position at a time'],
    ['close --position 1 --portion some', 'no portion I can read. Example: --portion 2'],
    ['close --position 1 --at=', '--at is empty'],
    ['cancel', 'Either --position or --order'],
    ['cancel --position 1 --order 701', 'Either --position or --order'],
    ['cancel --position all', 'one position at a time'],
    ['reconcile --adopt 701 --forget 702', 'One of --adopt, --forget and --cancel'],
    ['reconcile --adopt=', '"" is not an order id. Example: --adopt 701'],
    ['reconcile --cancel 701 --account 2222', '--cancel says the account by itself'],
    ['reconcile --adopt 701 --order 701', '--order goes with cancel alone'],
    ['reconcile --adopt 701 --period today', '--period goes with history alone'],
    ['orders --adopt 701', '--adopt goes with reconcile alone'],
    ['cancel --order 701 --forget 701', '--forget goes with reconcile alone'],
    ['cancel --order 7o1', '"7o1" is not an order id'],
    ['cancel --order 701 --account 2222', 'says the account by itself'],
    ['cancel --position 1 --percent 50', '--percent goes with targets alone'],
    ['targets --position', 'position'],
    ['targets --position QQQ', '"QQQ" is not a position id'],
    ['targets --position 0x1', 'not a position id'],
    ['targets --position 1 --percent 4o', '"4o" is not a percent'],
    ['targets --position 1 --price 1,25', '"1,25" has a comma'],
    ['targets --position 1 --price=', '--price is empty'],
    ['targets --position 1 --test', 'test'],
  ])('refuses %j, saying why', (text, why) => {
    expect(() => read(text)).toThrow(UsageError);
    expect(() => read(text)).toThrow(why);
  });
});
