// A paper broker as a process of its own, so that its work isn't counted as anybody else's: `node bench/paper.mjs SCENARIO`.
import { startPaperBroker } from '../dist/paper-broker/server.js';

const { close, ...addresses } = await startPaperBroker({ scenario: process.argv[2], rateCeilings: false });
process.on('disconnect', async () => {
  await close();
  process.exit(0);
});
process.send(addresses);
