// Compiles the TypeScript and, where the front-end bundler is installed (it is a development dependency), bundles
// the local Discord's page. With --if-needed it does nothing while the last build is newer than every source.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PAGE = 'src/local-discord/page';
const SOURCES = ['src', 'tsconfig.json', 'package.json'];

if (!process.argv.includes('--if-needed') || isStale()) await build();

function isStale() {
  if (!existsSync('dist/main.js')) return true;
  if (!existsSync('src')) return false;
  const builtAt = statSync('dist/main.js').mtimeMs;
  return SOURCES.some((source) => newest(source) > builtAt);
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

async function build() {
  // Built aside and swapped in whole, so that a bot started meanwhile never sees half a build.
  const target = `.build-${process.pid}`;
  const require = createRequire(import.meta.url);
  const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
  execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--outDir', target], { stdio: 'inherit' });
  await bundlePage(`${target}/local-discord/page`);
  if (existsSync('dist')) renameSync('dist', `${target}-old`);
  renameSync(target, 'dist');
  rmSync(`${target}-old`, { recursive: true, force: true });
}

async function bundlePage(outdir) {
  const { build: bundle } = await import('esbuild');
  await bundle({
    entryPoints: [`${PAGE}/main.ts`],
    outdir,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    target: 'es2022',
    logLevel: 'warning',
  });
  cpSync(`${PAGE}/static`, outdir, { recursive: true });
}
