import { Decimal } from 'decimal.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { AccountName } from '../../src/domain/account-names.js';
import type { FillNews } from '../../src/ports/fill-news.js';
import { fillView } from '../../src/screens/fill.js';
import { d, x } from '../domain/build.js';
import { line, NAME, TRADER, verticalLegs } from '../services/support/builders.js';

const FILLED = {
  ...line({
    legs: verticalLegs(2),
    units: 2,
    price: d('0.82'),
    profit: x(136),
    status: 'Filled',
    orderState: 'filled',
  }),
  fill: { units: 2, price: x('0.80'), profit: x(140), percent: x(140).div(3) },
};
const news = (change: Partial<FillNews> = {}): FillNews => ({
  planId: 'plan-1',
  userId: TRADER,
  account: '5WT00001',
  line: FILLED,
  filledAt: new Date('2026-11-23T15:00:00Z'),
  openedAt: new Date('2026-11-11T20:00:00Z'),
  fees: { closing: x('0.48'), opening: x('4.52') },
  chain: null,
  ...change,
});
const textOf = (change?: Partial<FillNews>, account: AccountName = NAME) =>
  fillView(news(change), 'PAPER', account).content.replaceAll('\u00a0', ' ').replaceAll('\u2060', '');

describe('a fill', () => {
  it('names its account where it is one of several', () => {
    const roth = { digits: '2222', nickname: 'Roth IRA', oneOfSeveral: true };
    const content = textOf({}, roth);
    expect(content.split('\n')[1]).toMatch(/12 days · …2222 \(Roth IRA\)$/);
    expect(content).toContain('account …2222 (Roth IRA) · filled');
  });

  it('says first what was filled at what and what it made, net to the cent', () => {
    expect(textOf().split('\n')).toEqual([
      `<@${TRADER}> **#37 QQQ 480/475P** filled at **0.80** · **+$135.00** net`,
      '46.7 % of credit · 12 days',
      '**Order 1001** · 2 × 480/475P · 18 Dec 26',
      'You paid **0.80** each, × 2 · limit 0.82, **0.02** better',
      '-# +$140.00 before fees · fees $0.48 to close, $4.52 to open',
      '-# **PAPER** · account …0001 · filled <t:1795446000:R>',
    ]);
  });

  it('ends with what its chain of rolls made with it, which is as rough as itself', () => {
    const chain = { rolls: 2, since: new Date('2026-10-03T15:00:00Z'), realised: x('-120.40'), sure: true };
    expect(textOf({ chain })).toContain(
      '-# chain **−$120.40** realised over 2 rolls since 3 Oct 26, after fees',
    );
    const fees = { closing: null, opening: x('4.52') };
    expect(textOf({ chain: { ...chain, sure: false }, fees })).toContain('-# chain ≈ **+$15.08** realised');
  });

  it('shows cents that add up, however the fees divide', () => {
    const fee = fc.integer({ min: 0, max: 99_999 }).map((parts) => x(`${parts}/10000`));
    fc.assert(
      fc.property(fee, fee, (closing, opening) => {
        const shown = textOf({ fees: { closing, opening } });
        const [, net] = /\*\*\+\$([\d.]+)\*\* net/.exec(shown) ?? [];
        const [, before, close, open] =
          /\+\$([\d.]+) before fees · fees \$([\d.]+) to close, \$([\d.]+) to open/.exec(shown) ?? [];
        const [whole, ...less] = [before, net, close, open].map((amount) => new Decimal(amount ?? NaN));
        expect(less.reduce((rest, amount) => rest.minus(amount), whole as Decimal).toString()).toBe('0');
      }),
    );
  });

  it('is rough until the ledger has its fees, and says so', () => {
    const rough = textOf({ fees: { closing: null, opening: null } });
    expect(rough).toContain('≈ **+$140.00**');
    expect(rough).not.toContain('net');
    expect(rough).toContain('the exact fees follow');
  });

  it('doesn’t call net what opening may have cost more', () => {
    const half = textOf({ fees: { closing: x('0.48'), opening: null }, openedAt: null });
    expect(half).toContain('≈ **+$139.52**');
    expect(half).toContain('what opening it cost is not known');
    expect(half).not.toContain('day');
  });

  it('of a part says how much, and whether the rest still works', () => {
    const part = { ...FILLED, fill: { units: 1, price: x('0.82'), profit: x(68), percent: x(45) } };
    const working = textOf({ line: { ...part, status: 'Live', orderState: 'working' } });
    expect(working).toContain('1 of 2 filled at **0.82**');
    expect(working).toContain('limit 0.82, as wanted');
    expect(working).toContain('1 of 2 still work until filled or cancelled.');
    const ended = textOf({ line: { ...part, status: 'Cancelled', orderState: 'cancelled' } });
    expect(ended).toContain('**1 of 2 not filled: Cancelled.**');
  });

  it('whose prices are not listed, or whose legs are uneven, is a doubt that is shown', () => {
    const unlisted = textOf({
      line: { ...FILLED, fill: { units: 2, price: null, profit: null, percent: null } },
    });
    expect(unlisted).toContain('hasn’t listed every fill’s price yet');
    expect(unlisted).not.toContain('$');
    const uneven = textOf({
      line: { ...FILLED, fill: { units: 0, price: null, profit: null, percent: null } },
    });
    expect(uneven).toContain('traded unevenly');
    const begun = { ...FILLED, status: 'Live', orderState: 'working' as const };
    const trading = textOf({
      line: { ...begun, fill: { units: 0, price: null, profit: null, percent: null } },
    });
    expect(trading).toContain('has begun to fill');
    expect(trading).not.toContain('unevenly');
  });

  it('at a loss is red', () => {
    const lost = { ...FILLED, fill: { ...FILLED.fill, profit: x(-10) } };
    const view = fillView(news({ line: lost }), 'PAPER', NAME);
    expect(textOf({ line: lost })).toContain('**−$15.00** net');
    expect(view.embeds[0]?.color).toBe(0xed4245);
  });

  it('of a bought option is in percent of the debit', () => {
    expect(textOf({ line: { ...FILLED, effect: 'credit' } })).toContain('% of debit');
  });
});
