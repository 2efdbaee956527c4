/** How to start a paper broker. Every field has a default; see README.md. */
export interface PaperBrokerOptions {
  /** Address to listen on; a loopback address, because the admin routes carry no password. */
  host?: string;
  /** TCP port, 0 for any free one. */
  port?: number;
  /** Decides every simulated price: the same seed and start give the same prices. */
  seed?: number;
  /** Name of the account book to begin with: such as `standard`, `demo`, `twenty` or `empty`. */
  scenario?: string;
  /** A second open account of the login, an IRA with a book of its own, which begins with this scenario; none by default. */
  iraScenario?: string;
  /** The market clock's first instant; now, if absent. */
  startAt?: Date | string;
  /** Market seconds per real second; 0 pauses the market. */
  speed?: number;
  /** The market never closes, so that a demo works at night and at weekends. */
  alwaysOpen?: boolean;
  /** Where the state is kept; without it everything is forgotten at the end. */
  stateFile?: string;
  /** OAuth secrets to accept; random ones are made if absent. */
  clientSecret?: string;
  refreshToken?: string;
  /** Requests per second by route class, or false for none; merged over the published ceilings. */
  rateCeilings?: false | Partial<RateCeilings>;
}

/** Requests per second by class of route, as tastytrade's own connector uses them. */
export interface RateCeilings {
  global: number;
  marketData: number;
  optionChains: number;
  equity: number;
  equities: number;
  equityOptions: number;
  positions: number;
  balances: number;
  tradingStatus: number;
  accounts: number;
  orderMoves: number;
}

/** A running paper broker. */
export interface PaperBroker {
  /** Base of the REST interface, without a trailing slash. */
  url: string;
  /** WebSocket address of the account streamer. */
  streamerUrl: string;
  /** The panel for people; its routes are under `api/` of this address. */
  adminUrl: string;
  accountNumber: string;
  /** Every open account of the login, `accountNumber` first. */
  accountNumbers: string[];
  clientSecret: string;
  refreshToken: string;
  /** Stops listening, drops every connection and writes the state a last time. */
  close(): Promise<void>;
}
