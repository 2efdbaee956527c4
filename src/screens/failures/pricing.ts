import type { Failures } from '../../domain/failures.js';
import { describeContract } from '../../domain/occ.js';
import { countText, percentText, priceText } from '../../domain/text.js';
import { entryDoubtText } from '../doubts.js';
import type { WordsOf } from './words.js';

const IN_PARTS = 'Close it in parts, in the broker’s own platform.';

/** A limit, or an order of it, that can't be or makes no sense. */
export const PRICING_WORDS: WordsOf<
  | 'OVER_COVERED'
  | 'ENTRY_IMPLAUSIBLE'
  | 'PERCENT_OUT_OF_RANGE'
  | 'NO_PROFIT_ON_TICK'
  | 'PRICE_OFF_TICK'
  | 'PRICE_ABOVE_WIDTH'
  | 'PRICE_OUT_OF_REACH'
  | 'LADDER_TOO_LONG'
  | 'PERCENT_NEEDED'
  | 'PRICE_NEEDS_ONE_TARGET'
  | 'STOP_IMPOSSIBLE'
  | 'OPTIONS_CONFLICT'
  | 'TOO_MANY_LEGS'
  | 'MIXED_MULTIPLIERS'
  | 'ORDER_TOO_LARGE'
  | 'TICKS_UNKNOWN'
  | 'CLOSE_UNQUOTED'
  | 'CLOSE_AT_MARKET'
  | 'CLOSE_IMPOSSIBLE'
  | 'PORTION_IMPOSSIBLE'
> = {
  OVER_COVERED: ({ planned, instrument, held, restricted, working }) => ({
    what:
      `Closing ${countText(planned, 'contract')} of ${describeContract(instrument)} is more than is free: ` +
      `${held} held${restricted > 0 ? `, ${restricted} restricted` : ''}, ${working} already working to close.`,
    hint: 'Cancel a working order first, or close fewer.',
  }),
  ENTRY_IMPLAUSIBLE: ({ doubt }) => ({
    what: `No percentage can be taken: ${entryDoubtText(doubt)}.`,
    hint: 'Set an explicit price instead.',
  }),
  PERCENT_OUT_OF_RANGE: ({ percent, of, most }) => ({
    what: `${percentText(percent)} of the ${of} is not possible: it must be above 0 and at most ${percentText(most)}.`,
    hint: 'Try 50, or set an explicit price.',
  }),
  NO_PROFIT_ON_TICK: ({ limit }) => ({
    what: `The nearest valid price is ${priceText(limit)}, which leaves no profit.`,
    hint: 'Set an explicit price, or let it expire.',
  }),
  PRICE_OFF_TICK: ({ price, valid }) => {
    if (!valid) return { what: 'A limit price must be above zero.', hint: 'Try 0.50.' };
    const { tick, below, above } = valid;
    return {
      what: `${priceText(price)} is not a valid price: the tick here is ${priceText(tick)}.`,
      hint: `Try ${below ? `${priceText(below)} or ${priceText(above)}` : `${priceText(above)} or more`}.`,
    };
  },
  PRICE_ABOVE_WIDTH: ({ price, width }) => ({
    what: `${priceText(price)} is more than this can be worth, which is at most ${priceText(width)}.`,
    hint: 'Set a lower price or percentage.',
  }),
  PRICE_OUT_OF_REACH: ({ percent, of, price, most, isWorth, highest }) => {
    const why = isWorth
      ? `more than the ${priceText(most)} this can be worth`
      : `more than the ${priceText(most)} between its strikes, so it will hardly get there`;
    const own = 'a price of your own';
    return {
      title: 'Out of reach',
      what: `Out of reach: ${percentText(percent)} of the ${of} is ${priceText(price)}, ${why}.`,
      hint: `Give ${highest ? `a percentage up to ${highest}, or ${own}` : own}.`,
    };
  },
  LADDER_TOO_LONG: ({ label, asked, free, dealt }) => {
    const own = dealt.flatMap((part) =>
      part.percents.length > 0 ? [`${part.percents.length} for the ${part.label.toLowerCase()}`] : [],
    );
    const all = dealt.flatMap(({ percents }) => percents.map((percent) => percent.toString()));
    const elsewhere =
      dealt.length > 0 &&
      `, or all ${all.length} of this position: ${own.join(', ')}, such as ${all.join(',')}`;
    return {
      what: `${label}: ${countText(asked, 'percentage')} for ${countText(free, 'unit')} that can be closed.`,
      hint: `Give at most ${countText(free, 'percentage')}${elsewhere || ''}.`,
    };
  },
  PERCENT_NEEDED: ({ label, opened }) => ({
    what: `${label}, opened for a ${opened}, has no usual profit target.`,
    hint: 'Give a percentage or a price.',
  }),
  PRICE_NEEDS_ONE_TARGET: (facts) =>
    'positions' in facts
      ? {
          what: `One price cannot serve ${facts.positions} positions.`,
          hint: 'Preview the one it is meant for, or use a percentage.',
        }
      : {
          what: `One price cannot serve several targets: ${facts.targets.join(', ')}.`,
          hint:
            facts.unpriced > 1 ? 'Close one in the broker’s own platform.' : 'Use a percentage, or a ladder.',
        },
  STOP_IMPOSSIBLE: ({ label, because }) => ({ title: 'No such stop', ...noStop(label, because) }),
  OPTIONS_CONFLICT: ({ asked }) =>
    ({
      'several-overrides': {
        what: 'Percent, price and ladder exclude each other, and a ladder needs a percentage.',
        hint: 'Give one of them, such as ladder 40,60.',
      },
      'two-ladders': { what: 'Percent and ladder each hold a ladder.', hint: 'Give one of them.' },
      'naked-all': {
        what: '`leave_naked` is for one position, never for all of them.',
        hint: 'Name the position, such as `/targets position:37 leave_naked:True`.',
      },
    })[asked],
  TOO_MANY_LEGS: ({ label, legs, most }) => ({
    what: `${label} has ${legs} legs; the broker takes at most ${most} in one order.`,
    hint: IN_PARTS,
  }),
  MIXED_MULTIPLIERS: ({ label }) => ({
    what: `${label} mixes contracts of different size, so one net price per share has no clear meaning.`,
    hint: IN_PARTS,
  }),
  ORDER_TOO_LARGE: ({ label, contracts, most }) => ({
    what: `${label}: ${countText(contracts, 'contract')} in one leg is more than the limit of ${most} an order.`,
    hint: 'Split it with a ladder, or raise MAX_ORDER_CONTRACTS.',
  }),
  CLOSE_UNQUOTED: ({ at }) => ({
    title: 'No price to close at',
    what: `${UNQUOTED[at]} Nothing was sent.`,
    hint: 'Name a price of your own: at:1.25',
    saysSent: true,
  }),
  CLOSE_AT_MARKET: ({ orderId, price }) => ({
    title: 'At the market already',
    what: `Order ${orderId} at ${priceText(price)} is what the other side shows now, or better for it: a step would only cost you. Nothing was sent.`,
    hint: 'If it doesn’t fill, look at its quotes; a price of your own can be set in a fresh preview.',
    saysSent: true,
  }),
  CLOSE_IMPOSSIBLE: ({ id, why }) => ({
    title: 'Can’t be closed now',
    what: `#${id}: ${NOT_CLOSED[why]} Nothing was sent.`,
    hint: '`/positions` and `/orders` show how it stands.',
    saysSent: true,
  }),
  PORTION_IMPOSSIBLE: ({ id, asked, most, held }) => ({
    title: 'Not so many',
    what:
      asked < 1
        ? `That portion of the ${held} held of #${id} is less than one.`
        : `#${id}: ${asked} can’t be closed, ${most} of the ${held} held can.`,
    hint: 'Example: portion:1',
  }),
  TICKS_UNKNOWN: ({ symbol }) => ({
    what: `The broker gives no price increments for single-leg ${symbol} options, so no price can be known to be valid.`,
    hint: 'Nothing was sent. Place this one in the broker’s own platform.',
    saysSent: true,
  }),
};

const UNQUOTED: Record<Failures['CLOSE_UNQUOTED']['at'], string> = {
  mid: 'A bid or an ask that can be true is missing, so there is no mid.',
  mark: 'The broker serves no mark that can be true.',
  natural: 'The other side shows no price now.',
  step: 'The other side shows no price now, so a step has no direction.',
};

const NOT_CLOSED: Record<Failures['CLOSE_IMPOSSIBLE']['why'], string> = {
  'no-options': 'it holds no options to close.',
  stuck: 'all of it is restricted by the broker, or held by orders that take no cancel now.',
  uneven: 'its order has filled unevenly, so the rest has no one price.',
};

/** Why a stop can't be as it was asked for, and which could. */
function noStop(label: string, because: Failures['STOP_IMPOSSIBLE']['because']) {
  switch (because.why) {
    case 'percent':
      return {
        what: `${label}: a stop at ${percentText(because.percent)} of the ${because.of} lost is not possible.`,
        hint:
          because.of === 'debit'
            ? 'More than the debit can’t be lost: give a percentage below 100, or a price such as $1.25.'
            : 'Give a percentage above 0, such as 200, or a price such as $3.10.',
      };
    case 'width': {
      const { trigger, width, highest } = because;
      return {
        what: `${label}: a stop at ${priceText(trigger)} would never wake up, because closing it costs ${priceText(width)} at most.`,
        hint: `Give ${highest ? `a percentage up to ${highest}, or ` : ''}a price below ${priceText(width)}.`,
      };
    }
    case 'past':
      return {
        what: `${label}: a stop at ${priceText(because.trigger)} would fire at once. Closing now is at ${priceText(because.now)}.`,
        hint: 'Give one farther away, or close it by `/close`.',
      };
    case 'target':
      return {
        what: `${label}: a stop at ${priceText(because.trigger)} is not behind the target at ${priceText(because.target)}.`,
        hint: 'Give one on the losing side of the target.',
      };
  }
}
