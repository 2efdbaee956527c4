// Loaded before the bot's own code (`node --import`): moves its clock, so that a test can live through a change to
// daylight saving or a holiday. The bot knows nothing of it: for it, a signal makes the clock jump, as it does after a
// machine has slept.
import { readFileSync } from 'node:fs';

const Real = Date;
const { CLOCK_FILE } = process.env;
let offset = 0;

function read() {
  offset = Real.parse(readFileSync(CLOCK_FILE, 'utf8')) - Real.now();
}
read();
process.on('SIGUSR2', read);

globalThis.Date = class extends Real {
  constructor(...parts) {
    if (parts.length === 0) super(Real.now() + offset);
    else super(...parts);
  }

  static now() {
    return Real.now() + offset;
  }
};
