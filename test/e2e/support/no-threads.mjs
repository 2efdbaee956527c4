// Loaded into a bot before its own code: threads that never answer (BROKEN_THREADS=stuck), or that can't begin.
import { syncBuiltinESMExports } from 'node:module';
import threads from 'node:worker_threads';

const { Worker } = threads;
threads.Worker = class extends Worker {
  constructor() {
    if (process.env.BROKEN_THREADS !== 'stuck') throw new Error('no threads on this machine');
    super('setInterval(() => {}, 1000)', { eval: true });
  }
};
syncBuiltinESMExports();
