// Compiles the TypeScript and, where the front-end bundler is installed (it is a development
// dependency), bundles the local Discord's page. Production needs only the first half.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(import.meta.url);
const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');

rmSync('dist', { recursive: true, force: true });
execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json'], { stdio: 'inherit' });

const page = 'src/local-discord/page';
if (existsSync(`${page}/main.ts`)) {
  const { build } = await import('esbuild');
  await build({
    entryPoints: [`${page}/main.ts`],
    outdir: 'dist/local-discord/page',
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    target: 'es2022',
    logLevel: 'warning',
  });
  cpSync(`${page}/static`, 'dist/local-discord/page', { recursive: true });
}
