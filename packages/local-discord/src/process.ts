import { startLocalDiscord } from './index.js';

/**
 * A local Discord as a process of its own: `node dist/process.js '{"port":8080}'`. Whoever forks it gets its addresses
 * as a message, and it ends with them; by hand it prints them and runs until it is stopped.
 */
async function main(): Promise<void> {
  const { close, ...addresses } = await startLocalDiscord(JSON.parse(process.argv[2] ?? '{}'));
  const end = () => void close().finally(() => process.exit(0));
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
