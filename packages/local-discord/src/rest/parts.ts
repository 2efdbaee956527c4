import type { Core } from '../core.js';
import type { SpecValidator } from '../validation/spec-validator.js';
import type { Faults } from './faults.js';
import type { RateLimiter } from './rate-limits.js';
import type { RequestLog } from './request-log.js';

/** What the bot's side of the server is made of. */
export interface RestParts {
  core: Core;
  log: RequestLog;
  faults: Faults;
  /** Null: no rate limits. */
  limiter: RateLimiter | null;
  /** Null: no schema, only the hand-written rules. */
  validator: SpecValidator | null;
  /** Also hold the server's own answers against the spec. */
  checkReplies: boolean;
  /** `ws://host:port`. */
  gatewayUrl: () => string;
}
