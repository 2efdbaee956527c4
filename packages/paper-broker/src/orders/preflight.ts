import { accountValue, underlyingRequirement } from '../account/account.js';
import { type Fees, feesFor, sumFees, totalFees } from '../account/fees.js';
import { findPosition, multiplierOf } from '../account/ledger.js';
import type { Issue } from '../errors.js';
import { type Decimal, dec, gcd, signed, ZERO } from '../money.js';
import { type InstrumentType, isBuy, isClosing, type LegAction } from '../state.js';
import type { World } from '../world.js';
import { coverage } from './coverage.js';
import type { OrderDraft } from './request.js';
import { brokenRules, tooCloseToExpiration, underlyingOf } from './rules.js';

/** A leg as it will be executed: a close without a position may have become an open. */
interface PlannedLeg {
  instrumentType: InstrumentType;
  symbol: string;
  action: LegAction;
  quantity: number;
}

/** What the order would do to buying power, in signed dollars. */
interface BuyingPowerEffect {
  /** Requirement after less before: positive ties money up. */
  changeInMarginRequirement: Decimal;
  changeInBuyingPower: Decimal;
  currentBuyingPower: Decimal;
  newBuyingPower: Decimal;
  isolatedRequirement: Decimal;
}

export interface Preflight {
  errors: Issue[];
  warnings: Issue[];
  legs: PlannedLeg[];
  underlying: string;
  size: number;
  fees: Fees;
  /** Estimated cost of closing what this opens. */
  closingFees: Fees;
  buyingPower: BuyingPowerEffect;
}

const NOTHING: BuyingPowerEffect = {
  changeInMarginRequirement: ZERO,
  changeInBuyingPower: ZERO,
  currentBuyingPower: ZERO,
  newBuyingPower: ZERO,
  isolatedRequirement: ZERO,
};

/**
 * Everything the broker looks at before it accepts an order. Price increments are not among it: a wrong one is
 * only found at the venue.
 * @param except order being replaced, whose own claim on positions does not count.
 */
export function preflight(draft: OrderDraft, world: World, except?: number): Preflight {
  const underlying = underlyingOf(draft.legs[0]?.symbol ?? '') ?? '';
  const written = brokenRules(draft, world);
  const asked = draft.legs.map((leg) => ({ ...leg, quantity: leg.quantity.toNumber() }));
  if (written.length > 0) {
    const none = sumFees([]);
    return {
      errors: written,
      warnings: [],
      legs: asked,
      underlying,
      size: 1,
      fees: none,
      closingFees: none,
      buyingPower: NOTHING,
    };
  }
  const effect = resolvePositionEffect(draft, asked, world, except);
  const size = gcd(asked.map((leg) => leg.quantity));
  const fees = sumFees(effect.legs.map((leg) => legFees(leg, underlying)));
  const buyingPower = buyingPowerEffect(draft, effect.legs, underlying, size, fees, world);
  const errors = [
    ...effect.errors,
    ...accountErrors(effect.legs, world),
    ...expiryErrors(effect.legs, world),
  ];
  if (isShortOfMargin(effect.legs, buyingPower)) {
    errors.push({
      code: 'margin_check_failed',
      message: 'Account does not have sufficient buying power available for this order.',
    });
  }
  return {
    errors,
    warnings: [...effect.warnings, ...sessionWarnings(world)],
    legs: effect.legs,
    underlying,
    size,
    fees,
    closingFees: sumFees(
      effect.legs.filter((leg) => !isClosing(leg.action)).map((leg) => closingLegFees(leg, underlying)),
    ),
    buyingPower,
  };
}

function legFees(leg: PlannedLeg, underlying: string): Fees {
  return feesFor(leg.instrumentType, underlying, leg.action, leg.quantity);
}

function closingLegFees(leg: PlannedLeg, underlying: string): Fees {
  return legFees({ ...leg, action: isBuy(leg.action) ? 'Sell to Close' : 'Buy to Close' }, underlying);
}

/** Checks closing legs against what is held; without strict validation a close of nothing becomes an open. */
function resolvePositionEffect(draft: OrderDraft, legs: PlannedLeg[], world: World, except?: number) {
  const errors: Issue[] = [];
  const warnings: Issue[] = [];
  const resolved = legs.map((leg) => {
    if (!isClosing(leg.action)) {
      errors.push(...againstOpposite(leg, world));
      return leg;
    }
    const { held, restricted, working } = coverage(world.state, leg, except);
    const notice = {
      code: 'closing_with_no_position',
      message: `You are closing ${leg.symbol}, but the account holds no such position.`,
    };
    if (held === 0 && !draft.strict) {
      warnings.push(notice);
      return { ...leg, action: isBuy(leg.action) ? ('Buy to Open' as const) : ('Sell to Open' as const) };
    }
    if (held === 0) errors.push(notice);
    else if (leg.quantity > held - restricted - working) {
      errors.push({
        code: 'closing_quantity_exceeds_position',
        message: `Closing ${leg.quantity} of ${leg.symbol}, but of ${held} held ${working} are in working orders and ${restricted} are restricted.`,
      });
    }
    return leg;
  });
  return { errors, warnings, legs: resolved };
}

function againstOpposite(leg: PlannedLeg, { state }: World): Issue[] {
  const held = findPosition(state, leg.symbol)?.quantity ?? 0;
  const opposite = isBuy(leg.action) ? held < 0 : held > 0;
  if (!opposite) return [];
  return [
    {
      code: 'opening_against_position',
      message: `An opposite position in ${leg.symbol} is held: close it first.`,
    },
  ];
}

function accountErrors(legs: readonly PlannedLeg[], { state }: World): Issue[] {
  const { isFrozen, isClosingOnly } = state.tradingStatus;
  const opening = legs.some((leg) => !isClosing(leg.action));
  const frozen = legs.filter((leg) => findPosition(state, leg.symbol)?.frozen);
  return [
    ...(isFrozen ? [{ code: 'account_frozen', message: 'The account is frozen.' }] : []),
    ...(isClosingOnly && opening
      ? [{ code: 'closing_only', message: 'The account may only close positions.' }]
      : []),
    ...frozen.map((leg) => ({
      code: 'position_frozen',
      message: `The position in ${leg.symbol} is frozen.`,
    })),
  ];
}

function expiryErrors(legs: readonly PlannedLeg[], { clock }: World): Issue[] {
  const late = legs.filter(
    (leg) => leg.action === 'Sell to Open' && tooCloseToExpiration(leg.symbol, clock.now()),
  );
  return late.map((leg) => ({
    code: 'too_close_to_expiration',
    message: `Sell to open orders cannot be sent 30 minutes prior to close on expiration day (${leg.symbol}).`,
  }));
}

function sessionWarnings({ sessions, clock }: World): Issue[] {
  if (sessions.isOpen(clock.now())) return [];
  return [
    { code: 'tif.next_valid_session', message: 'Your order will begin working during next valid session.' },
  ];
}

function isShortOfMargin(legs: readonly PlannedLeg[], effect: BuyingPowerEffect): boolean {
  const opening = legs.some((leg) => !isClosing(leg.action));
  return opening && effect.changeInBuyingPower.isNegative() && effect.newBuyingPower.isNegative();
}

function buyingPowerEffect(
  draft: OrderDraft,
  legs: readonly PlannedLeg[],
  underlying: string,
  size: number,
  fees: Fees,
  world: World,
): BuyingPowerEffect {
  const { state, market } = world;
  const change = legs.map((leg) => ({
    symbol: leg.symbol,
    quantity: isBuy(leg.action) ? leg.quantity : -leg.quantity,
    multiplier: multiplierOf(leg.instrumentType),
  }));
  const before = underlyingRequirement(state, market, underlying);
  const after = underlyingRequirement(state, market, underlying, change);
  const unit = size * multiplierOf(legs[0]?.instrumentType ?? 'Equity Option');
  const cash = draft.price && draft.priceEffect ? signed(draft.price, draft.priceEffect).times(unit) : ZERO;
  const current = accountValue(state, market).derivativeBuyingPower;
  const changeInMarginRequirement = after.minus(before);
  const changeInBuyingPower = cash.minus(totalFees(fees)).minus(changeInMarginRequirement);
  return {
    changeInMarginRequirement,
    changeInBuyingPower,
    currentBuyingPower: current,
    newBuyingPower: current.plus(changeInBuyingPower),
    isolatedRequirement: changeInMarginRequirement.isPositive() ? changeInMarginRequirement : dec(0),
  };
}
