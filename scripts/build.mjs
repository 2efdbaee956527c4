// Compiles the TypeScript of the bot and of each package, packs the bot's programs (and compiles those, see launch.mjs)
// and bundles the local Discord's page. With --if-needed it does nothing where the last build is newer than every source.
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  copyFileSync,
  cpSync,
  existsSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { basename, join, resolve } from 'node:path';
import { setFlagsFromString } from 'node:v8';
import { Script } from 'node:vm';
import { AS_MODULES, bundle } from './bundle.mjs';

const PAGE = 'packages/local-discord/page';
const TSC = createRequire(import.meta.url)
  .resolve('typescript/package.json')
  .replace(/package\.json$/, 'bin/tsc');
/** The bot and the packages it starts; each is built when its own sources are newer than what was made of them. */
const PARTS = [
  { folder: '.', sources: ['src'], made: 'dist/main.js', pack: packBot },
  { folder: 'packages/paper-broker', sources: ['src'], made: 'dist/process.js', pack: packPaperBroker },
  { folder: 'packages/local-discord', sources: ['src', 'page'], made: 'dist/process.js', pack: bundlePage },
];
const SETTINGS = ['tsconfig.json', 'package.json'];
const BUILDERS = ['scripts/build.mjs', 'scripts/bundle.mjs', 'scripts/launch.mjs'];

const ifNeeded = process.argv.includes('--if-needed');
await Promise.all(PARTS.filter((part) => !ifNeeded || isStale(part)).map(buildPart));

function isStale({ folder, sources, made }) {
  if (!existsSync(join(folder, made))) return true;
  const own = sources.map((name) => join(folder, name));
  if (!own.every(existsSync)) return false;
  const builtAt = statSync(join(folder, made)).mtimeMs;
  return [...own, ...BUILDERS, ...SETTINGS, ...SETTINGS.map((name) => join(folder, name))].some(
    (source) => newest(source) > builtAt,
  );
}

function newest(path) {
  const { mtimeMs } = statSync(path);
  if (!statSync(path).isDirectory()) return mtimeMs;
  return Math.max(mtimeMs, ...readdirSync(path).map((name) => newest(join(path, name))));
}

async function buildPart({ folder, pack }) {
  // Built aside and swapped in whole, so that a bot started meanwhile never sees half a build.
  const target = join(folder, `.build-${process.pid}`);
  const dist = join(folder, 'dist');
  try {
    await run(process.execPath, [TSC, '-p', folder, '--outDir', target]);
    await pack?.(target);
    if (existsSync(dist)) renameSync(dist, `${target}-old`);
    renameSync(target, dist);
  } finally {
    for (const rest of [target, `${target}-old`]) rmSync(rest, { recursive: true, force: true });
  }
}

async function run(command, parameters) {
  const child = spawn(command, parameters, { stdio: 'inherit' });
  const [code] = await once(child, 'exit');
  if (code !== 0) process.exit(code ?? 1);
}

async function packBot(target) {
  await Promise.all([
    packPrograms(target, ['main', 'cli', 'doctor']),
    bundle({
      entryPoints: [`${target}/pictures/process.js`],
      outdir: target,
      outbase: target,
      ...AS_MODULES,
    }),
  ]);
}

function packPaperBroker(target) {
  return bundle({ entryPoints: [`${target}/process.js`], outdir: target, ...AS_MODULES });
}

/** Each program as one script with what V8 makes of it beside it, and the launcher in the program's place. */
async function packPrograms(target, names) {
  await bundle({
    entryPoints: names.map((name) => `${target}/${name}.js`),
    outdir: target,
    format: 'cjs',
    outExtension: { '.js': '.cjs' },
    define: { 'import.meta.url': 'importMetaUrl_' },
    // A function, as Node makes of each CommonJS file, so that what is compiled and what is run are the same text.
    banner: {
      js: [
        '(function (require, module, __filename, __dirname) {',
        "const importMetaUrl_ = require('node:url').pathToFileURL(__filename).href;",
      ].join(''),
    },
    footer: { js: '})' },
  });
  for (const name of names) {
    compile(`${target}/${name}.cjs`);
    copyFileSync('scripts/launch.mjs', `${target}/${name}.js`);
  }
}

/** All of it, not only what runs first: V8 compiles the rest one by one as it is called, which costs a start more. */
function compile(file) {
  // One byte a character is read fastest. esbuild leaves the others in regular expressions alone, where the escape means the same.
  const code = readFileSync(file, 'utf8').replace(
    /[^\0-\x7f]/g,
    (unit) => `\\u${unit.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  writeFileSync(file, code);
  setFlagsFromString('--no-lazy');
  // The name that stands in traces: where the file is going to be.
  const script = new Script(code, { filename: resolve('dist', basename(file)) });
  // What was compiled under other flags than those of its reader is refused.
  setFlagsFromString('--lazy');
  writeFileSync(`${file}.compiled`, script.createCachedData());
}

async function bundlePage(target) {
  const { build } = await import('esbuild');
  const outdir = join(target, 'page');
  await build({
    entryPoints: [`${PAGE}/main.ts`, `${PAGE}/fonts.css`],
    outdir,
    bundle: true,
    format: 'esm',
    splitting: true,
    minify: true,
    loader: { '.woff2': 'file' },
    target: 'es2022',
    logLevel: 'warning',
  });
  cpSync(`${PAGE}/static`, outdir, { recursive: true });
}
