// Stands in a program's place in `dist` and runs what was packed of it, with the bytecode that the build made: compiling
// five megabytes anew is a quarter of a start. A Node that finds bytecode of another version compiles the script itself.
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { constants, Script } from 'node:vm';

const file = fileURLToPath(import.meta.url).replace(/js$/, 'cjs');
const program = new Script(readFileSync(file, 'latin1'), {
  filename: file,
  cachedData: readFileSync(`${file}.compiled`),
  importModuleDynamically: constants.USE_MAIN_CONTEXT_DEFAULT_LOADER,
});
program.runInThisContext()(createRequire(file), { exports: {} }, file, dirname(file));
