import type { BrokerOrder } from '../../domain/types.js';
import type { Broker } from '../../ports/broker.js';
import { partnerOf } from '../../ports/order-intents.js';
import type { ReportLine } from '../../ports/report.js';
import type { OrderIntent, Store } from '../../ports/store.js';
import { paired, reportLine } from '../telling/report.js';

/**
 * What became of an order, beside the other order of its pair. That one is read after it: a fill of the one comes before the end
 * of the other.
 * @throws BrokerError while that one can't be read
 */
export async function pairLine(
  { broker, store }: { broker: Pick<Broker, 'order'>; store: Pick<Store, 'intents'> },
  intent: OrderIntent,
  order: BrokerOrder,
): Promise<ReportLine> {
  const line = reportLine(intent, order);
  const partner = partnerOf(intent, await store.intents(intent.planId));
  if (!partner) return line;
  const id = partner.brokerOrderId;
  const beside = id === null ? null : await broker.order(partner.account, id);
  const [told = line] = paired([line, reportLine(partner, beside)]);
  return told;
}
