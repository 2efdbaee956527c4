// Compiles the TypeScript and, where the front-end bundler is installed (it is a development
// dependency), bundles the local Discord's page. Production needs only the first half.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, renameSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');

// Built aside and swapped in whole, so that a bot started meanwhile never sees half a build.
const target = `.build-${process.pid}`;
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--outDir', target], { stdio: 'inherit' });

const page = 'src/local-discord/page';
if (existsSync(`${page}/main.ts`)) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [`${page}/main.ts`],
    outdir: `${target}/local-discord/page`,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    target: 'es2022',
    logLevel: 'warning',
  });
  cpSync(`${page}/static`, `${target}/local-discord/page`, { recursive: true });
}

if (existsSync('dist')) renameSync('dist', `${target}-old`);
renameSync(target, 'dist');
rmSync(`${target}-old`, { recursive: true, force: true });
