import type { Logger } from 'pino';
import { BrokerLoginError } from '../../domain/errors.js';
import type { Broker } from '../../ports/broker.js';
import type { Clock } from '../../ports/clock.js';

/** A check that began longer ago says nothing about now. */
const GOOD_FOR_MS = 3_000;

/**
 * Whether the broker takes our login, asked before a press is spent on it. Begun as the press comes in, it runs beside
 * the answer that Discord gets first, and costs the trader no time.
 */
export class LoginCheck {
  #latest: { at: number; done: Promise<unknown> } | null = null;

  constructor(
    private readonly broker: Broker,
    private readonly clock: Clock,
    private readonly log: Logger,
  ) {}

  /** Asks now; whoever needs to be sure in a moment finds the answer. */
  begin(): Promise<unknown> {
    const at = this.clock.steady();
    const done = this.broker.ready().catch((error: unknown) => error);
    this.#latest = { at, done };
    return done;
  }

  /**
   * Only a clear no counts: a broker that doesn't answer may answer the order.
   * @throws BrokerLoginError
   */
  async sure(): Promise<void> {
    const latest = this.#latest;
    const recent = latest && this.clock.steady() - latest.at < GOOD_FOR_MS ? latest.done : null;
    const trouble = await (recent ?? this.begin());
    if (trouble instanceof BrokerLoginError) throw trouble;
    if (trouble) this.log.warn({ err: trouble }, 'the login could not be checked before an order');
  }
}
