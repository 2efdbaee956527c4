import { UserError } from '../errors.js';
import type { ProfitTargetsFault } from '../failures.js';
import { Decimal } from '../money.js';
import { STRATEGIES } from './registry.js';
import type { Strategy } from './strategy.js';

const MOST_RUNGS = 10;

/**
 * Reads profit targets such as `senex-trident=40/60/50,credit-vertical=50`. Several percentages are a ladder
 * over the quantity; a Trident's last one is for its call verticals.
 *
 * @throws UserError `PROFIT_TARGETS_INVALID` naming the part that is wrong.
 */
export function parseProfitTargets(text: string): Map<string, Decimal[]> {
  const targets = new Map<string, Decimal[]>();
  for (const part of text.split(',').map((piece) => piece.trim())) {
    if (part === '') continue;
    const [id = '', list, ...rest] = part.split('=').map((piece) => piece.trim());
    if (!list || rest.length > 0) throw invalid({ fault: 'form', part });
    const strategy = configurable(id);
    if (targets.has(id)) throw invalid({ fault: 'twice', id });
    targets.set(id, percentages(strategy, list));
  }
  return targets;
}

function configurable(id: string): Strategy {
  const strategy = STRATEGIES.find((known) => known.id === id);
  if (strategy && strategy.id !== 'custom') return strategy;
  const known = STRATEGIES.map((each) => each.id).filter((each) => each !== 'custom');
  throw invalid({ fault: 'unknown', id, known });
}

function percentages(strategy: Strategy, list: string): Decimal[] {
  const percents = list.split('/').map((piece) => percentage(strategy, piece.trim()));
  if (percents.length > MOST_RUNGS) {
    throw invalid({ fault: 'too-many', id: strategy.id, count: percents.length, most: MOST_RUNGS });
  }
  if (strategy.id === 'senex-trident' && percents.length < 2) {
    throw invalid({ fault: 'trident-needs-two' });
  }
  return percents;
}

function percentage(strategy: Strategy, piece: string): Decimal {
  if (!/^\d+(\.\d+)?$/.test(piece)) throw invalid({ fault: 'no-percentage', id: strategy.id, piece });
  const percent = new Decimal(piece);
  const most = strategy.percentOf === 'debit' ? 1000 : 100;
  if (percent.gt(0) && percent.lte(most)) return percent;
  throw invalid({ fault: 'out-of-range', id: strategy.id, piece, most });
}

function invalid(fault: ProfitTargetsFault): UserError {
  return new UserError('PROFIT_TARGETS_INVALID', fault);
}
