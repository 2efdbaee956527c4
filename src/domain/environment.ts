/** What a broker's login trades with: nothing real, play money at the broker, or money. */
export type Environment = 'PAPER' | 'SANDBOX' | 'PRODUCTION';
