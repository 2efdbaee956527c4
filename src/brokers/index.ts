import type { BrokerName } from '../domain/environment.js';
import type { Broker } from '../ports/broker.js';
import type { BrokerSettings } from './tastytrade/broker-settings.js';
import { createTastytrade } from './tastytrade/tastytrade.js';

export { TASTYTRADE_HOSTS } from '../ports/tastytrade-hosts.js';
export { readOnly } from './read-only.js';
export type { BrokerSettings, Timeouts } from './tastytrade/broker-settings.js';

/** A new broker is a folder beside this file, its name in `domain/environment.ts` and a line here. */
const BROKERS: Record<BrokerName, (settings: BrokerSettings) => Broker> = {
  tastytrade: createTastytrade,
  // The paper broker speaks tastytrade's protocol over loopback; only the addresses differ.
  paper: createTastytrade,
};

/**
 * Makes the broker of this name ready; nothing is sent before its first call.
 *
 * @throws UserError if its addresses may not receive credentials
 */
export function createBroker(settings: BrokerSettings & { name: BrokerName }): Broker {
  return BROKERS[settings.name](settings);
}
