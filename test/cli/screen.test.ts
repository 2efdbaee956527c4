import { beforeEach, describe, expect, it } from 'vitest';
import { Screen } from '../../src/cli/screen.js';
import type { Report } from '../../src/ports/report.js';
import { line, plan, report } from '../services/support/builders.js';

const MINE = plan({ channelId: 'cli', userId: 'cli' });

let printed: Report[];
let screen: Screen;
beforeEach(() => {
  printed = [];
  screen = new Screen((each) => printed.push(each));
});

describe('Screen', () => {
  it('prints what became of its own plans, the same news once', async () => {
    expect(await screen.post(MINE, report())).toEqual({ ref: 'screen', direct: false });
    await screen.update(MINE, 'screen', report());
    expect(printed).toHaveLength(1);
    await screen.update(MINE, 'screen', report([line({ status: 'Live', orderState: 'working' })]));
    expect(printed).toHaveLength(2);
  });

  it('leaves a bot’s plans to the bot: printed here, their channel would never hear of them', async () => {
    expect(screen.reaches(plan())).toBe(false);
    expect(await screen.post(plan(), report())).toBeNull();
    await screen.update(plan(), 'somewhere', report());
    expect(printed).toEqual([]);
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
    [{ state: 'placed', mismatches: ['price'] }, false],
    [{ state: 'unknown' }, false],
    [{ state: 'refused' }, false],
    [{ state: 'absent' }, false],
    [{ state: 'abandoned' }, false],
  ] as const)('one order among good ones that is %j: all well is %s', async (change, well) => {
    const { mismatches = [], ...rest } = { mismatches: [], ...change };
    await screen.post(MINE, report([line(), line({ ...rest, mismatches: [...mismatches] })]));
    expect(screen.allWell('plan-1')).toBe(well);
  });

  it('goes by the last word, not by the first', async () => {
    await screen.post(MINE, report([line({ state: 'unknown', orderId: null })]));
    await screen.update(MINE, 'screen', report([line()]));
    expect(screen.allWell('plan-1')).toBe(true);
    await screen.update(MINE, 'screen', report([line({ orderState: 'rejected' })]));
    expect(screen.allWell('plan-1')).toBe(false);
  });
});
