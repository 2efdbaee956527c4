import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { build } from 'esbuild';

/** A folder for threads' programs, where they find the libraries. */
export function threads(): { real(): Promise<string>; made(source: string): string; remove(): void } {
  const folder = mkdtempSync(resolve('node_modules', '.drawing-'));
  let count = 0;
  const path = () => join(folder, `${++count}.mjs`);
  return {
    /** The product's own, from its sources. */
    async real() {
      const outfile = path();
      await build({
        entryPoints: ['src/pictures/worker.ts'],
        outfile,
        bundle: true,
        platform: 'node',
        format: 'esm',
        packages: 'external',
      });
      return outfile;
    },
    /** One with `parentPort` and a body of the test's own. */
    made(source) {
      const file = path();
      writeFileSync(file, `import { parentPort } from 'node:worker_threads';\n${source}`);
      return file;
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
