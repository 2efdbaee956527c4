import type { PaperBrokerOptions } from './options.js';
import { startPaperBroker } from './server.js';
import { lockState } from './state-lock.js';

/**
 * A paper broker as a process of its own: `node dist/process.js '{"scenario":"twenty"}'`. Whoever forks it gets its addresses
 * as a message, and it ends with them; by hand it prints them and runs until it is stopped.
 */
async function main(): Promise<void> {
  const options: PaperBrokerOptions = JSON.parse(process.argv[2] ?? '{}');
  // Let go after the last write, so that it comes before another's first read. Who drops it loses it with the next garbage.
  const unlock = options.stateFile === undefined ? async () => undefined : await lockState(options.stateFile);
  const { close, ...addresses } = await startPaperBroker(options);
  const end = () =>
    void close()
      .finally(unlock)
      .finally(() => process.exit(0));
  if (process.send) {
    process.on('disconnect', end);
    // Ctrl+C in a terminal reaches everyone there; who started this one says when it ends.
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => undefined);
    process.send({ started: addresses });
  } else {
    for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, end);
    process.stdout.write(`${JSON.stringify(addresses, null, 2)}\n`);
  }
}

main().catch((error: Error & { code?: string }) => {
  if (!process.send) throw error;
  process.send({ failed: { code: error.code, message: error.message } }, () => process.exit(1));
});
