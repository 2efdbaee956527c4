/**
 * Brokers by the name that the settings use, and what each trades with, in large letters. A database belongs to one of these
 * words, so no two brokers share one: ids and orders of both would meet. Who has but one says it twice.
 */
export const ENVIRONMENTS = {
  /** Simulated beside the bot: nothing real. */
  paper: { sandbox: 'PAPER', production: 'PAPER' },
  /** Play money at the broker, or money. */
  tastytrade: { sandbox: 'SANDBOX', production: 'PRODUCTION' },
} as const;

export type BrokerName = keyof typeof ENVIRONMENTS;
export type Environment = (typeof ENVIRONMENTS)[BrokerName]['sandbox' | 'production'];

export const BROKER_NAMES = Object.keys(ENVIRONMENTS) as BrokerName[];
