import { VirtualClock } from '../../brokers/support/clocks.js';

/** Time that passes at once for whoever sleeps; a sleeper who is told to stop wakes up refusing, as on a real clock. */
export class BriskClock extends VirtualClock {
  override async sleep(ms: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    await super.sleep(ms);
    signal?.throwIfAborted();
  }
}
