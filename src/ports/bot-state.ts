/**
 * What the bot found out for itself and needs again after a restart; never what somebody chose, nor what `.env` decides.
 * - `closings`: since when it is told how positions ended whose orders were none of ours
 * - `environment`: whose database it is, such as `SANDBOX`
 * - `home-server`: the Discord server that is answered where the settings name none
 * - `account-names`: how the accounts are called, where there are several
 * - `market-days`: the exchange's days as the broker last told them
 * - `reconciled`: what was found between journal and broker, and told
 */
export type Remembered =
  | 'account-names'
  | 'closings'
  | 'environment'
  | 'home-server'
  | 'market-days'
  | 'reconciled';

export interface BotState {
  /** Null until something was remembered. */
  recall(name: Remembered): Promise<string | null>;
  /** In place of what was remembered before; the last writer wins. */
  remember(name: Remembered, value: string): Promise<void>;
}
