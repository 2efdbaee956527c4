import { beforeEach, describe, expect, it } from 'vitest';
import { Screen } from '../../src/cli/screen.js';
import type { Report } from '../../src/ports/report.js';
import { line, report } from '../services/support/builders.js';

let printed: Report[];
let screen: Screen;
beforeEach(() => {
  printed = [];
  screen = new Screen((each) => printed.push(each));
});

const post = (page: Report) =>
  screen.post({ channelId: 'cli', page: { report: page }, mentions: [], nonce: '1' });
const update = (page: Report) => screen.edit('cli/screen', { report: page });

describe('Screen', () => {
  it('prints what became of its own plans, the same news once', async () => {
    expect(await post(report())).toMatchObject({ ref: 'cli/screen' });
    await update(report());
    expect(printed).toHaveLength(1);
    await update(report([line({ status: 'Live', orderState: 'working' })]));
    expect(printed).toHaveLength(2);
  });

  it('leaves a bot’s plans to the bot: printed here, their channel would never hear of them', () => {
    expect(screen.surface.place('cli')).toBe('here');
    expect(screen.surface.place('1214218596167720961')).toBe('elsewhere');
  });

  it('knows of nothing well before it was told anything', () => {
    expect(screen.allWell('plan-1')).toBe(false);
  });

  it.each([
    [{ state: 'placed' }, true],
    [{ state: 'placed', orderState: 'working' }, true],
    [{ state: 'placed', orderState: 'filled' }, true],
    [{ state: 'placed', orderState: 'rejected' }, false],
    [{ state: 'placed', orderState: 'cancelled' }, false],
    [{ state: 'placed', orderState: 'expired' }, false],
    [{ state: 'placed', mismatches: [{ what: 'price', planned: '0.67', echoed: '0.66' }] }, false],
    [{ state: 'unknown' }, false],
    [{ state: 'refused' }, false],
    [{ state: 'absent' }, false],
    [{ state: 'abandoned' }, false],
  ] as const)('one order among good ones that is %j: all well is %s', async (change, well) => {
    const { mismatches = [], ...rest } = { mismatches: [], ...change };
    await post(report([line(), line({ ...rest, mismatches: [...mismatches] })]));
    expect(screen.allWell('plan-1')).toBe(well);
  });

  it('goes by the last word, not by the first', async () => {
    await post(report([line({ state: 'unknown', orderId: null })]));
    await update(report([line()]));
    expect(screen.allWell('plan-1')).toBe(true);
    await update(report([line({ orderState: 'rejected' })]));
    expect(screen.allWell('plan-1')).toBe(false);
  });
});
