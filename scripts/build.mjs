// Compiles the TypeScript and, where the front-end bundler is installed (it is a development dependency), bundles
// the local Discord's page. With --if-needed it does nothing while the last build is newer than every source.
import { execFileSync } from 'node:child_process';
import { cpSync, existsSync, readdirSync, renameSync, rmSync, statSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';

const PAGE = 'src/local-discord/page';
/** Native modules, and drivers and accelerators that libraries look for but this bot doesn't install. */
const OUTSIDE = [
  ...[
    'sqlite3',
    'pg',
    'pg-native',
    'pg-query-stream',
    'better-sqlite3',
    'sql.js',
    'mysql',
    'mysql2',
    'mssql',
  ],
  ...['oracledb', 'mongodb', 'redis', 'ioredis', 'hdb-pool', '@sap/*', '@google-cloud/spanner'],
  ...['typeorm-aurora-data-api-driver', 'react-native-sqlite-storage', 'expo-sqlite', 'app-root-path'],
  ...['zlib-sync', 'bufferutil', 'utf-8-validate', 'ts-node'],
];
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
  try {
    const require = createRequire(import.meta.url);
    const tsc = require.resolve('typescript/package.json').replace(/package\.json$/, 'bin/tsc');
    execFileSync(process.execPath, [tsc, '-p', 'tsconfig.json', '--outDir', target], { stdio: 'inherit' });
    const { build: bundle } = await import('esbuild');
    await bundlePage(bundle, `${target}/local-discord/page`);
    await bundlePrograms(bundle, target);
    if (existsSync('dist')) renameSync('dist', `${target}-old`);
    renameSync(target, 'dist');
  } finally {
    for (const rest of [target, `${target}-old`]) rmSync(rest, { recursive: true, force: true });
  }
}

/**
 * The long-running and command-line programs as few files with their libraries inside: reading a thousand small files
 * costs a cheap machine half a second at each start. Native and optional modules stay outside.
 */
async function bundlePrograms(bundle, target) {
  await bundle({
    entryPoints: ['main', 'cli', 'doctor'].map((name) => `${target}/${name}.js`),
    outdir: target,
    allowOverwrite: true,
    bundle: true,
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20',
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'error',
    external: OUTSIDE,
    // CommonJS libraries inside an ES module still expect these.
    banner: {
      js: [
        "import { createRequire as createRequire_ } from 'node:module';",
        "import { fileURLToPath as fileURLToPath_ } from 'node:url';",
        'const require = createRequire_(import.meta.url);',
        'const __filename = fileURLToPath_(import.meta.url);',
        "const __dirname = fileURLToPath_(new URL('.', import.meta.url));",
      ].join(''),
    },
  });
}

async function bundlePage(bundle, outdir) {
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
