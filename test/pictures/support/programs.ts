import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** A folder for drawing processes' programs. */
export interface Programs {
  /** The product's own, from its sources. */
  real(): Promise<string>;
  /** One that answers each wish by a body of the test's own, in which `id`, `svg` and `answer` are. */
  made(body: string): string;
  remove(): void;
}

/** @param beside where libraries are found from; by default the repository */
export function programs(beside = resolve('node_modules')): Programs {
  const folder = mkdtempSync(join(beside, '.drawing-'));
  let count = 0;
  const path = () => join(folder, `${++count}.mjs`);
  return {
    async real() {
      const outfile = path();
      await build({
        entryPoints: ['src/pictures/process.ts'],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
      });
      return outfile;
    },
    made(body) {
      const file = path();
      writeFileSync(
        file,
        `const answer = (drawn) => process.send(drawn);
         process.on('message', ({ id, svg }) => { ${body} });`,
      );
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Where no library is found from. */
export const NOWHERE = tmpdir();
