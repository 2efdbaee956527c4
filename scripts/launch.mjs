// Stands in a program's place in `dist` and runs what was packed of it, with the bytecode that the build made: compiling
// five megabytes anew is a quarter of a start. A Node that finds bytecode of another version compiles the script itself.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { setFlagsFromString } from 'node:v8';
import { constants, Script } from 'node:vm';

/**
 * How many bytes of bytecode V8 runs of a function before it optimises it: about ten times its own 132 kB. What a person asks
 * for now and then never earns back what optimising it costs, and that was up to a third of what a large preview used; what runs
 * for milliseconds is optimised as ever.
 */
const WORTH_OPTIMISING = 1_500_000;

const file = fileURLToPath(import.meta.url).replace(/js$/, 'cjs');
const program = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  cachedData: readFileSync(`${file}.compiled`),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
// Only now: bytecode is refused under other flags than those it was made with.
setFlagsFromString(`--interrupt-budget=${WORTH_OPTIMISING}`);
program.runInThisContext()(createRequire(file), { exports: {} }, file, dirname(file));
