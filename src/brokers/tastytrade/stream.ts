import type { Logger } from 'pino';
import { z } from 'zod';
import type { StreamReason } from '../../domain/broker-troubles.js';
import type { AccountStream, StreamListener } from '../../ports/broker.js';
import { jittered } from './backoff.js';
import type { ContractSizes } from './contract-sizes.js';
import { isForeignOrder, readOrder } from './order-wire.js';
import { type ConnectionOptions, type Ending, StreamConnection } from './stream-connection.js';
import type { Notification } from './stream-wire.js';
import { fieldOf, maybe, read, text } from './wire.js';

const FIRST_PAUSE_MS = 1_000;
const LONGEST_PAUSE_MS = 60_000;

type Untold = Extract<StreamReason, { code: 'UNTOLD' }>['what'];

export interface StreamOptions extends Omit<ConnectionOptions, 'onLive' | 'onNotification' | 'onGarbage'> {
  sizes: ContractSizes;
  logger: Logger;
  /** Pause before the first reconnection, doubled per failure up to a minute. Default 1 s. */
  reconnectMs?: number;
}

const positionNote = z.object({ symbol: text, 'account-number': maybe(text) });
/** As account numbers look; what looks otherwise may be ours, garbled. */
const ANY_ACCOUNT = /^[A-Z0-9]{5,12}$/;
const accountNote = z.object({ 'account-number': maybe(text) });

/**
 * Follows one account and reconnects by itself until closed. Nothing that goes wrong here, in a frame, in a
 * listener or at login, is thrown at anybody.
 */
export class Watch implements AccountStream {
  readonly #stop = new AbortController();
  readonly #finished: Promise<void>;
  #state: 'starting' | 'live' | 'down' = 'starting';

  constructor(
    private readonly options: StreamOptions,
    private readonly listener: StreamListener,
  ) {
    this.#finished = this.#run();
  }

  /** No listener is called any more once this is called; resolves when the connection is given up. */
  close(): Promise<void> {
    this.#stop.abort();
    return this.#finished;
  }

  async #run(): Promise<void> {
    const { clock, logger, reconnectMs = FIRST_PAUSE_MS } = this.options;
    let failures = 0;
    // The caller gets the stream before its listener hears anything.
    await Promise.resolve();
    while (!this.#stop.signal.aborted) {
      const { reason, healthy } = await this.#connection().run(this.#stop.signal).catch(impossible);
      if (this.#stop.signal.aborted) return;
      failures = healthy ? 0 : failures + 1;
      const pauseMs = jittered(reconnectMs, failures, LONGEST_PAUSE_MS);
      logger.warn({ trouble: reason, pauseMs: Math.round(pauseMs) }, 'account stream down');
      this.#down(reason);
      await clock.sleep(pauseMs, this.#stop.signal).catch(() => {});
    }
  }

  #connection(): StreamConnection {
    const { logger } = this.options;
    return new StreamConnection({
      ...this.options,
      onLive: () => this.#live(),
      onNotification: (message) => this.#notify(message),
      onGarbage: (bytes) => {
        logger.warn({ bytes }, 'unreadable account stream frame');
        this.#gap('message');
      },
    });
  }

  #live(): void {
    this.options.logger.info('account stream live');
    this.#state = 'live';
    this.#tell(() => this.listener.onLive());
  }

  /** Told once per outage, not once per failed attempt. */
  #down(reason: StreamReason): void {
    if (this.#state === 'down') return;
    this.#state = 'down';
    this.#tell(() => this.listener.onDown(reason));
  }

  /** Something happened that we can't tell: whoever trusts silence must look again. */
  #gap(what: Untold): void {
    if (this.#state !== 'live') return;
    this.#tell(() => this.listener.onDown({ code: 'UNTOLD', what }));
    this.#tell(() => this.listener.onLive());
  }

  #notify(notification: Notification): void {
    try {
      this.#tell(this.#meaningOf(notification));
    } catch (error) {
      this.options.logger.error({ message: (error as Error).message }, 'unreadable account stream message');
      this.#gap('message');
    }
  }

  #meaningOf({ type, data }: Notification): () => unknown {
    const { account, sizes } = this.options;
    const nothing = () => {};
    if (type === 'ComplexOrder') return () => this.#gap('complex-order');
    if (type !== 'Order' && type !== 'CurrentPosition') {
      // Types come and go; one that speaks of legs or of what is held is not passed over.
      const speaks = fieldOf(data, 'legs') !== undefined || fieldOf(data, 'quantity-direction') !== undefined;
      return speaks ? () => this.#gap('type') : nothing;
    }
    const owner = read(accountNote, data, 'notification')['account-number'];
    if (owner !== null && owner !== account)
      return ANY_ACCOUNT.test(owner) ? nothing : () => this.#gap('account');
    if (type === 'CurrentPosition') {
      const { symbol } = read(positionNote, data, 'position');
      return () => this.listener.onPosition(symbol);
    }
    if (isForeignOrder(data)) return nothing;
    const order = readOrder(data, sizes, account);
    if (!order.odd) return () => this.listener.onOrder(order);
    const { odd, externalIdentifier } = order;
    this.options.logger.error({ order: odd.name, fault: odd.why }, 'unreadable order on the account stream');
    // It may be about anything; one of ours is news all the same.
    return () => {
      this.#gap('order');
      return odd.name === null || externalIdentifier === null ? undefined : this.listener.onOrder(order);
    };
  }

  /** A listener may turn out to be async, so a rejection is caught like a throw. */
  #tell(act: () => unknown): void {
    if (this.#stop.signal.aborted) return;
    const failed = (error: unknown) => {
      // The message alone: our own never hold secrets, and it names the field or the fault.
      const { name, message } = error as Error;
      this.options.logger.error({ name, message }, 'account stream message not handled');
    };
    try {
      Promise.resolve(act()).catch(failed);
    } catch (error) {
      failed(error);
    }
  }
}

/** A socket that can't even be made, such as for a user agent that is no header. */
function impossible(): Ending {
  return { reason: { code: 'NOT_STARTABLE' }, healthy: false };
}
