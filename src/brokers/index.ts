import type { Broker } from '../ports/broker.js';
import type { BrokerSettings } from './tastytrade/settings.js';
import { createTastytrade } from './tastytrade/tastytrade.js';

export { TASTYTRADE_HOSTS } from '../ports/tastytrade-hosts.js';
export { readOnly } from './read-only.js';
export type { BrokerSettings, Timeouts } from './tastytrade/settings.js';

/** Brokers by the name the settings use. A new broker is a folder beside this file and a line here. */
const BROKERS = {
  tastytrade: createTastytrade,
  // The paper broker speaks tastytrade's protocol over loopback; only the addresses differ.
  paper: createTastytrade,
} as const satisfies Record<string, (settings: BrokerSettings) => Broker>;

export type BrokerName = keyof typeof BROKERS;

/**
 * Makes the broker of this name ready; nothing is sent before its first call.
 *
 * @throws UserError if its addresses may not receive credentials
 */
export function createBroker(settings: BrokerSettings & { name: BrokerName }): Broker {
  return BROKERS[settings.name](settings);
}
