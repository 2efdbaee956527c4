import { describeTerseSymbol } from '../../services/contract-names.js';
import type { Decimal } from '../../services/domain/money.js';
import { parseOcc } from '../../services/domain/occ.js';
import { priceText } from '../../services/domain/text.js';
import type { Effect, LegAction } from '../../services/domain/types.js';

/** `$1,234.50`; a negative amount gets a real minus sign in front. */
export function usd(amount: Decimal): string {
  const [whole = '0', cents] = amount.abs().toFixed(2).split('.');
  const grouped = whole.replace(/\B(?=(\d{3})+$)/g, ',');
  return `${isBelowZero(amount) ? '−' : ''}$${grouped}.${cents}`;
}

/** `+$60.00`, `−$12.40`, `$0.00`. */
export function signedUsd(amount: Decimal): string {
  return amount.toDecimalPlaces(2).gt(0) ? `+${usd(amount)}` : usd(amount);
}

/** `39.8 %`, at most one decimal; for comparison and progress, never for input. */
export function roughPercent(percent: Decimal): string {
  return `${percent.toDecimalPlaces(1).toString().replace('-', '−')} %`;
}

/** `You pay **0.90**`, `You receive **1.25**`: direction in words, because signs have cost people money. */
export function payOrReceive(effect: Effect, price: Decimal): string {
  return `You ${effect === 'debit' ? 'pay' : 'receive'} **${priceText(price)}**`;
}

/** `…0001`: enough to tell accounts apart in a channel others read. */
export function maskAccount(account: string): string {
  return `…${account.slice(-4)}`;
}

/** A live timestamp: `R` counts down, `f` is date and time in the reader's own zone. */
export function timestamp(at: Date, style: 'R' | 'f' | 't' = 'R'): string {
  return `<t:${Math.floor(at.getTime() / 1000)}:${style}>`;
}

const ACTIONS: Record<LegAction, string> = {
  'buy-to-open': 'buy to open',
  'sell-to-open': 'sell to open',
  'buy-to-close': 'buy to close',
  'sell-to-close': 'sell to close',
};

/** `buy to close 2 × 480P, sell to close 2 × 475P`; in full where expiration or root tells the legs apart. */
export function legsText(legs: readonly { symbol: string; action: LegAction; quantity: number }[]): string {
  const options = legs.flatMap(({ symbol }) => parseOcc(symbol) ?? []);
  const series = new Set(options.map(({ root, expiration }) => `${root} ${expiration}`));
  const name = series.size > 1 ? describeTerseSymbol : strikeText;
  return legs
    .map(({ symbol, action, quantity }) => `${ACTIONS[action]} ${quantity} × ${name(symbol)}`)
    .join(', ');
}

function strikeText(symbol: string): string {
  const option = parseOcc(symbol);
  return option ? `${option.strike.toString()}${option.type === 'call' ? 'C' : 'P'}` : symbol;
}

function isBelowZero(amount: Decimal): boolean {
  return amount.toDecimalPlaces(2).lt(0);
}

/** Cuts at a limit with an ellipsis; for texts from outside, whose length nobody promises. */
export function clip(text: string, limit: number): string {
  return text.length <= limit ? text : `${text.slice(0, limit - 1)}…`;
}
