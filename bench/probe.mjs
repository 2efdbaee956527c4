// Loaded into a process before its own code (`--import`): tells over IPC what it used, and if asked how long it was blocked.
// Watching for blocks wakes the process a hundred times a second, which would count as its own time: so it is asked apart.
import { monitorEventLoopDelay } from 'node:perf_hooks';

const BEAT_MS = 10;
const delay = monitorEventLoopDelay({ resolution: BEAT_MS });
let busiest = 0;
let before = process.cpuUsage();
let beat;

/** Between two beats the loop was either idle or blocked: the processor time between them is the block's own. */
function look() {
  const { user, system } = process.cpuUsage(before);
  before = process.cpuUsage();
  busiest = Math.max(busiest, (user + system) / 1000);
}

function watch(on) {
  clearInterval(beat);
  delay.disable();
  delay.reset();
  busiest = 0;
  before = process.cpuUsage();
  if (!on) return;
  delay.enable();
  beat = setInterval(look, BEAT_MS).unref();
}

// From the very start, so that a start's own blocks are seen.
watch(true);

process.on('message', (asked) => {
  const { user, system } = process.cpuUsage();
  process.send({ processor: (user + system) / 1000, blocked: delay.max / 1e6, busiest });
  if (asked === 'measure' || asked === 'watch') watch(asked === 'watch');
});
process.channel?.unref();
