import { cpSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';

const SOURCE = fileURLToPath(new URL('../../../page', import.meta.url));

/** Bundles the page as the build does, from the sources as they are now. */
export async function buildPage(): Promise<{ dir: string; remove(): void }> {
  const dir = mkdtempSync(join(tmpdir(), 'local-discord-page-'));
  await build({
    entryPoints: [`${SOURCE}/main.ts`, `${SOURCE}/fonts.css`],
    outdir: dir,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    loader: { '.woff2': 'file' },
    target: 'es2022',
    logLevel: 'warning',
  });
  cpSync(`${SOURCE}/static`, dir, { recursive: true });
  return { dir, remove: () => rmSync(dir, { recursive: true, force: true }) };
}
