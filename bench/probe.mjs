// Loaded into a bot before its own code (`--import`): tells over IPC what the process used and how long it was blocked.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const BEAT_MS = 10;
const delay = monitorEventLoopDelay({ resolution: BEAT_MS });
let busiest = 0;
let before = process.cpuUsage();

/** Between two beats the loop was either idle or blocked: the processor time between them is the block's own. */
const beat = setInterval(() => {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  busiest = Math.max(busiest, (user + system) / 1000);
}, BEAT_MS);
beat.unref();
delay.enable();

process.on('message', (asked) => {
  if (asked === 'begin') {
    delay.reset();
    busiest = 0;
    before = process.cpuUsage();
  }
  const { user, system } = process.cpuUsage();
  process.send({ processor: (user + system) / 1000, blocked: delay.max / 1e6, busiest });
});
process.channel?.unref();
