// How programs are packed with their libraries inside; the build and tests that start processes of their own do it alike.

/** Native modules, and drivers and accelerators that libraries look for but this bot doesn't install. */
const OUTSIDE = [
  ...[
    'sqlite3',
    '@resvg/resvg-js',
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

/** CommonJS libraries inside an ES module still expect these. */
export const AS_MODULES = {
  format: 'esm',
  splitting: true,
  allowOverwrite: true,
  banner: {
    js: [
      "import { createRequire as createRequire_ } from 'node:module';",
      "import { fileURLToPath as fileURLToPath_ } from 'node:url';",
      'const require = createRequire_(import.meta.url);',
      'const __filename = fileURLToPath_(import.meta.url);',
      "const __dirname = fileURLToPath_(new URL('.', import.meta.url));",
    ].join(''),
  },
};

/**
 * With the libraries inside: reading a thousand small files costs a cheap machine half a second at each start. Native
 * and optional modules stay outside.
 */
export async function bundle(options) {
  const { build } = await import('esbuild');
  await build({
    bundle: true,
    platform: 'node',
    target: 'node20',
    keepNames: true,
    minifyWhitespace: true,
    minifySyntax: true,
    legalComments: 'none',
    logLevel: 'error',
    external: OUTSIDE,
    ...options,
  });
}
