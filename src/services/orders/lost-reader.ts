import type { Logger } from 'pino';
import type { AccountName } from '../../domain/account-names.js';
import type { Broker } from '../../ports/broker.js';
import type { ReportLine } from '../../ports/report.js';
import type { Store } from '../../ports/store.js';
import type { Desks } from '../accounts/desks.js';
import { leavesUncovered } from '../telling/report.js';
import { type Left, readLeft } from './left.js';
import { pairLine } from './pair-line.js';

export interface LostReaderDeps {
  broker: Pick<Broker, 'order'>;
  store: Pick<Store, 'intent' | 'intents' | 'plan'>;
  desks: Pick<Desks, 'find' | 'nameOf'>;
  log: Logger;
}

/** One of our orders that ended otherwise than by its fill, and not by a cancel from here. */
export interface LostNews {
  planId: string;
  userId: string;
  name: AccountName;
  /** With how the other order of its pair stands. */
  line: ReportLine;
  /** When it ended, as far as the broker tells. */
  endedAt: Date | null;
  /** How its position stands now; null while that isn't known, or where it left nothing to cover. */
  left: Left | null;
}

/** Reads an order that was lost, and what it left uncovered. */
export class LostReader {
  constructor(private readonly deps: LostReaderDeps) {}

  /**
   * @returns null for what no press placed
   * @throws BrokerError while the order can't be read
   */
  async read(intentId: number): Promise<LostNews | null> {
    const { broker, store, desks } = this.deps;
    const intent = await store.intent(intentId);
    const plan = intent && (await store.plan(intent.planId));
    if (!plan || intent.brokerOrderId === null) return null;
    const { account, brokerOrderId, positionId } = intent;
    const order = await broker.order(account, brokerOrderId);
    const line = await pairLine(this.deps, intent, order);
    return {
      planId: plan.id,
      userId: plan.userId,
      name: desks.nameOf(account),
      line,
      endedAt: order.updatedAt,
      left: !leavesUncovered(line) ? null : await readLeft(this.deps, account, [brokerOrderId], [positionId]),
    };
  }
}
