import { readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';

/** Every import in the source, as [file, what it imports] with paths from the repository's root. */
function imports(folder: string): [string, string][] {
  return files(folder).flatMap((file) => {
    const text = readFileSync(file, 'utf8');
    const specifiers = [...text.matchAll(/(?:from|import\()\s*'([^']+)'|^import '([^']+)'/gm)].map(
      (m) => m[1] ?? m[2] ?? '',
    );
    return specifiers.map((specifier): [string, string] => [
      file,
      specifier.startsWith('.')
        ? normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts')
        : specifier,
    ]);
  });
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** Imports from `folder` that match none of the allowed prefixes. */
function strays(folder: string, allowed: string[]): string[] {
  return imports(folder)
    .filter(([, target]) => !allowed.some((prefix) => target.startsWith(prefix)))
    .map(([file, target]) => `${file} imports ${target}`);
}

test('the domain is pure: it imports itself, its errors, types of ports, decimal.js, fraction.js and luxon, and asks no clock or chance', () => {
  expect(
    strays('src/services/domain', [
      'src/services/domain/',
      'src/services/errors.ts',
      'src/services/ports/',
      'decimal.js',
      'fraction.js',
      'luxon',
    ]),
  ).toEqual([]);
  const impure = files('src/services/domain').filter((file) =>
    /new Date\(\)|Date\.now|Math\.random|DateTime\.(now|local)\(|process\.|from 'node:/.test(
      readFileSync(file, 'utf8'),
    ),
  );
  expect(impure).toEqual([]);
});

test('services know neither Discord nor the database nor a broker', () => {
  expect(
    imports('src/services').filter(([, target]) =>
      /^(discord|typeorm|sqlite3|pg$|ws$|fastify)|^src\/(?!services\/)/.test(target),
    ),
  ).toEqual([]);
});

test('commands know services and Discord, and nothing below', () => {
  expect(
    imports('src/commands').filter(([, target]) =>
      /^(typeorm|sqlite3|pg$|ws$)|^src\/(bot|db|brokers|paper-broker|local-discord)\//.test(target),
    ),
  ).toEqual([]);
});

test('the bot layer knows commands and services, and nothing below', () => {
  expect(
    imports('src/bot').filter(([, target]) =>
      /^(typeorm|sqlite3|pg$|ws$)|^src\/(db|brokers|paper-broker|local-discord)\//.test(target),
    ),
  ).toEqual([]);
});

test.each(['src/db', 'src/brokers'])('%s implements ports and knows nothing above them', (folder) => {
  expect(
    imports(folder).filter(([, target]) =>
      /^discord|^src\/(bot|commands|settings|paper-broker|local-discord)\//.test(target),
    ),
  ).toEqual([]);
});

test.each(['src/paper-broker', 'src/local-discord'])(
  '%s shares nothing with the bot, and no client of its protocol',
  (folder) => {
    expect(
      imports(folder).filter(
        ([, target]) =>
          (target.startsWith('src/') && !target.startsWith(`${folder}/`)) ||
          /^(discord|@tastytrade)/.test(target),
      ),
    ).toEqual([]);
  },
);

test('only the composition root and the demo start the local servers', () => {
  const outside = files('src')
    .filter((file) => !/^src\/(paper-broker|local-discord)\//.test(file))
    .filter((file) => /(paper-broker|local-discord)\/server/.test(readFileSync(file, 'utf8')));
  expect(outside.sort()).toEqual(['src/broker-setup.ts', 'src/demo.ts']);
});
