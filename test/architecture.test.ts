import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type Sentence, sentencesIn } from './support/sentences.js';

/**
 * The house: each room, and the rooms it may know. Arrows run downwards only, so a room may know what stands below it
 * here and nothing above. `app` and the entries are where everything meets.
 */
const ROOMS: Record<string, string[]> = {
  domain: [],
  ports: ['domain'],
  'services/access': ['ports', 'domain'],
  'services/accounts': ['ports', 'domain'],
  'services/telling': ['ports', 'domain'],
  'services/history': ['services/telling', 'services/accounts', 'ports', 'domain'],
  'services/status': ['services/access', 'services/accounts', 'ports', 'domain'],
  'services/previews': ['services/status', 'services/access', 'services/accounts', 'ports', 'domain'],
  'services/orders': [
    ...['services/previews', 'services/telling', 'services/status', 'services/access', 'services/accounts'],
    ...['ports', 'domain'],
  ],
  'services/reminders': [
    'services/orders',
    'services/telling',
    'services/access',
    'services/accounts',
    'ports',
    'domain',
  ],
  'services/noticing': [
    ...['services/orders', 'services/previews', 'services/telling', 'services/access', 'services/accounts'],
    ...['ports', 'domain'],
  ],
  screens: ['services', 'ports', 'domain'],
  commands: ['screens', 'services', 'ports', 'domain'],
  bot: ['commands', 'screens', 'services', 'ports', 'domain'],
  settings: ['ports', 'domain'],
  db: ['ports', 'domain'],
  brokers: ['ports', 'domain'],
  scheduler: ['ports', 'domain'],
  pictures: ['ports', 'domain'],
  cli: ['screens', 'services', 'ports', 'domain'],
  doctor: ['db', 'pictures', 'commands', 'screens', 'services', 'settings', 'ports', 'domain'],
  app: [
    ...[
      'bot',
      'cli',
      'doctor',
      'commands',
      'screens',
      'services',
      'db',
      'brokers',
      'scheduler',
      'pictures',
      'settings',
    ],
    ...['ports', 'domain'],
  ],
};

/** What from outside a room may use; the rooms that aren't named may use none of these. */
const OUTSIDE: Record<string, string[]> = {
  'discord.js': ['bot', 'commands', 'screens', 'doctor', 'app'],
  typeorm: ['db'],
  sqlite3: ['db'],
  pg: ['db'],
  ws: ['brokers'],
  '@resvg/resvg-js': ['pictures'],
  fastify: [],
  'node-cron': ['scheduler'],
  dotenv: ['settings'],
};

const ENTRIES = ['main', 'cli', 'doctor', 'demo'];
const PACKAGES = ['paper-broker', 'local-discord'];

interface Import {
  file: string;
  /** A path from the repository's root for what is ours, else a package's name. */
  target: string;
  /** For the type checker alone. */
  type: boolean;
}

const IMPORT = /(?:(import|export)\s+(type\s+)?(?:[^'"();]*?\s+from\s+)?|(import)\()\s*'([^']+)'/g;

const all = importsIn('src');

function importsIn(folder: string): Import[] {
  return files(folder).flatMap((file) => importsOf(file));
}

function importsOf(file: string, source = readFileSync(file, 'utf8')): Import[] {
  return [...source.matchAll(IMPORT)].map(([, , type, , specifier = '']): Import => {
    const target = specifier.startsWith('.')
      ? normalize(join(dirname(file), specifier)).replace(/\.js$/, '.ts')
      : specifier;
    return { file, target, type: type !== undefined };
  });
}

function files(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    if (statSync(path).isDirectory()) return files(path);
    return path.endsWith('.ts') ? [path] : [];
  });
}

/** The room a file stands in; `entry` at the root. */
function roomOf(file: string): string {
  const [, first = '', second] = file.split('/');
  if (second === undefined) return 'entry';
  return first === 'services' ? `services/${second}` : first;
}

const said = ({ file, target }: Import) => `${file} imports ${target}`;

test('nothing lies at the root but the entries, and nothing in services outside its rooms', () => {
  expect(files('src').filter(isLoose)).toEqual([]);
  const there = new Set(files('src').map(roomOf));
  expect(Object.keys(ROOMS).filter((room) => !there.has(room))).toEqual([]);
});

/** It is no entry, and stands in none of the rooms. */
function isLoose(file: string): boolean {
  const room = roomOf(file);
  if (room === 'entry') return !ENTRIES.some((name) => file === `src/${name}.ts`);
  return ROOMS[room] === undefined;
}

/** Of a room that is on no list, every import of ours is one too many. */
function againstTheArrows({ file, target }: Import): boolean {
  if (!target.startsWith('src/') || roomOf(file) === 'entry') return false;
  const [room, other] = [roomOf(file), roomOf(target)];
  const below = ROOMS[room] ?? [];
  return other !== room && !below.some((each) => other === each || other.startsWith(`${each}/`));
}

test.each(Object.keys(ROOMS))('%s knows only what stands below it', (room) => {
  const own = all.filter(({ file }) => roomOf(file) === room);
  expect(own.filter(againstTheArrows).map(said)).toEqual([]);
});

function usedElsewhere({ file, target }: Import): boolean {
  const rooms = OUTSIDE[nameOf(target)];
  return rooms !== undefined && !rooms.includes(roomOf(file));
}

test('each library is used in its rooms alone', () => {
  expect(all.filter(usedElsewhere).map(said)).toEqual([]);
});

const DOMAIN_LIBRARIES = ['decimal.js', 'fraction.js', 'luxon', 'cron-parser'];

function foreignToDomain({ file, target }: Import): boolean {
  return roomOf(file) === 'domain' && !target.startsWith('src/') && !DOMAIN_LIBRARIES.includes(target);
}

/** It asks a clock, chance, or what runs it. */
function isImpure(source: string): boolean {
  return /new Date\(\)|Date\.now|Math\.random|DateTime\.(now|local)\(|process\.|from 'node:/.test(source);
}

test(`the domain stands on ${DOMAIN_LIBRARIES.join(', ')}, and asks no clock or chance`, () => {
  expect(all.filter(foreignToDomain).map(said)).toEqual([]);
  expect(files('src/domain').filter((file) => isImpure(readFileSync(file, 'utf8')))).toEqual([]);
});

const bare = ({ target }: Import) => !/^(src|packages|test|node:|#)/.test(target);
const nameOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

function ofAPackage({ target }: Import): boolean {
  return /^(packages\/|@profit-target\/)/.test(target);
}

test('the product imports nothing of the packages: it starts them as processes', () => {
  expect(all.filter(ofAPackage).map(said)).toEqual([]);
  const namers = files('src').filter((file) => readFileSync(file, 'utf8').includes('@profit-target/'));
  expect(namers).toEqual(['src/app/local-server.ts']);
});

test.each(PACKAGES)('%s stands on itself and its own dependencies, and no client of its protocol', (name) => {
  const home = `packages/${name}/`;
  const { dependencies, devDependencies } = manifest(`${home}package.json`);
  const own = ['src', 'client', ...(existsSync(`${home}page`) ? ['page'] : [])].flatMap((part) =>
    importsIn(`${home}${part}`),
  );
  expect(own.length).toBeGreaterThan(100);
  const strays = own.filter((each) => leavesPackage(home, each) || isUnlisted(each));
  expect(strays.map(said)).toEqual([]);

  function isUnlisted(each: Import): boolean {
    // The page is bundled when it is built.
    const listed = each.file.startsWith(`${home}page/`) ? devDependencies : dependencies;
    return bare(each) && listed[nameOf(each.target)] === undefined;
  }
});

/** It reaches for what isn't its own, or for a client of the protocol that it speaks. */
function leavesPackage(home: string, each: Import): boolean {
  if (bare(each)) return /^(discord\.js|@discordjs|discord-api-types|@tastytrade)/.test(each.target);
  return !each.target.startsWith(home) && !each.target.startsWith('node:');
}

test.each(PACKAGES)('the tests of %s know neither the bot nor the other package', (name) => {
  const strays = importsIn(`packages/${name}/test`).filter((each) => knowsStrangers(name, each));
  expect(strays.map(said)).toEqual([]);
});

function knowsStrangers(name: string, { target, ...each }: Import): boolean {
  if (bare({ target, ...each })) return target.startsWith('@profit-target/');
  return /^(src|test|packages)\//.test(target) && !target.startsWith(`packages/${name}/`);
}

test('the bot and its packages list what they import, and ask for the same versions', () => {
  const root = manifest('package.json');
  const missing = all.filter((each) => bare(each) && root.dependencies[nameOf(each.target)] === undefined);
  expect(missing.map(said)).toEqual([]);
  const asked = new Map<string, Set<string>>();
  for (const { dependencies, devDependencies } of [
    root,
    ...PACKAGES.map((name) => manifest(`packages/${name}/package.json`)),
  ]) {
    for (const [library, version] of Object.entries({ ...dependencies, ...devDependencies }))
      asked.set(library, (asked.get(library) ?? new Set()).add(String(version)));
  }
  expect([...asked].filter(([, versions]) => versions.size > 1)).toEqual([]);
});

type Versions = Record<string, string | undefined>;

function manifest(path: string): { dependencies: Versions; devDependencies: Versions } {
  return { dependencies: {}, devDependencies: {}, ...JSON.parse(readFileSync(path, 'utf8')) };
}

test('no files import each other in a circle, not for types either', () => {
  const imports = new Map<string, string[]>();
  for (const { file, target } of all) {
    if (target.startsWith('src/')) imports.set(file, [...(imports.get(file) ?? []), target]);
  }
  expect(circles(imports)).toEqual([]);
});

/** Each circle once, as the path round it. */
function circles(imports: ReadonlyMap<string, readonly string[]>): string[] {
  const done = new Set<string>();
  const found: string[] = [];
  const walk = (file: string, path: readonly string[]): void => {
    const at = path.indexOf(file);
    if (at >= 0) found.push([...path.slice(at), file].join(' → '));
    if (at >= 0 || done.has(file)) return;
    for (const target of imports.get(file) ?? []) walk(target, [...path, file]);
    done.add(file);
  };
  for (const file of imports.keys()) walk(file, []);
  return found;
}

test('a circle is found where there is one', () => {
  const circle = new Map([
    ['a', ['b']],
    ['b', ['c', 'd']],
    ['c', ['a']],
  ]);
  expect(circles(circle)).toEqual(['a → b → c → a']);
});

/** What a file says that no person may be told from there. */
function spokenIn(file: string, source = readFileSync(file, 'utf8')): Sentence[] {
  return roomOf(file) === 'screens' ? [] : sentencesIn(file, source);
}

test('English sentences stand in screens alone', () => {
  const strays = files('src').flatMap((file) => spokenIn(file));
  expect(strays.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
});

test.each([
  ["return 'The position changed meanwhile.'", 'The position changed meanwhile.'],
  ["return 'Nothing was sent.'", 'Nothing was sent.'],
  [
    `return \`The nearest price is \${price}, which leaves no profit\``,
    'The nearest price is …, which leaves no profit',
  ],
  ["throw new UserError('X', 'there is no such plan')", 'there is no such plan'],
  ["lines.push(['what was shown is gone'].join())", 'what was shown is gone'],
  ["log.warn({ why: because(() => 'nobody answered it in time') }, 'late')", 'nobody answered it in time'],
  ["throw new BrokerUnreachable('the broker did not answer it')", 'the broker did not answer it'],
  ["const why = found ? null : 'the broker said no to it'", 'the broker said no to it'],
])('a sentence outside screens is seen: %s', (statement, text) => {
  const source = `function f(price: any, lines: any, log: any, found: any, because: any) { ${statement} }`;
  expect(sentencesIn('src/services/x.ts', source)).toEqual([{ file: 'src/services/x.ts', line: 1, text }]);
});

test.each([
  "throw new UserError('PRICE_OFF_TICK', { price })",
  "throw new Error('a cover without any orders in it')",
  "this.deps.log.warn({ err }, 'the account could not be read before sending')",
  'manager.query(\'SELECT "id" FROM "plans" WHERE "state" = 1 AND "id" IS NOT NULL\')',
  "query.andWhere('the lease is over by now')",
  "if (message === 'No order with this id was found') return null",
  "return String(error).includes('no transaction is active now')",
  "new SlashCommandBuilder().setDescription('Closing orders that work at the broker now')",
  "write(JSON.stringify({ level: 40, msg: 'some log lines are missing here' }))",
  "return ['Buy to Open', 'Iron butterfly', 'Front ratio spread']",
  `return \`\${when.day} of month \${time}\``,
  '// A comment may say whatever it likes.',
])('no sentence for people: %s', (statement) => {
  const source = `function f(price: any, err: any, manager: any, query: any, message: any, when: any) { ${statement}\n }`;
  expect(sentencesIn('src/services/x.ts', source)).toEqual([]);
});

describe('a breach of each law is seen', () => {
  const imports = (file: string, from: string) => importsOf(file, `import { x } from '${from}';`);

  test.each([
    ['src/domain/made-up.ts', '../ports/store.js'],
    ['src/ports/made-up.ts', '../services/accounts/desks.js'],
    ['src/services/accounts/made-up.ts', '../orders/submit.js'],
    ['src/services/previews/made-up.ts', '../../screens/preview.js'],
    ['src/screens/made-up.ts', '../commands/targets.js'],
    ['src/commands/made-up.ts', '../db/index.js'],
    ['src/brokers/made-up.ts', '../screens/failure.js'],
    ['src/bot/made-up.ts', '../app/compose.js'],
    ['src/made-up-room/made-up.ts', '../domain/money.js'],
  ])('%s knows what stands above it: %s', (file, from) => {
    expect(imports(file, from).filter(againstTheArrows).map(said)).toHaveLength(1);
  });

  test.each(Object.keys(OUTSIDE))('%s in a room that may not use it', (library) => {
    expect(imports('src/services/orders/made-up.ts', library).filter(usedElsewhere)).toHaveLength(1);
    expect(imports('src/domain/made-up.ts', `${library}/deep`).filter(usedElsewhere)).toHaveLength(1);
  });

  test('a domain with a library, a clock or chance of its own', () => {
    expect(imports('src/domain/made-up.ts', 'zod').filter(foreignToDomain)).toHaveLength(1);
    expect(imports('src/domain/made-up.ts', 'node:fs').filter(foreignToDomain)).toHaveLength(1);
    for (const asks of ['new Date()', 'Date.now()', 'Math.random()', 'DateTime.now()', 'process.env.X'])
      expect(isImpure(`export const x = () => ${asks};`), asks).toBe(true);
  });

  test('a product and packages that know each other', () => {
    for (const from of ['@profit-target/paper-broker', '../../packages/local-discord/src/index.js'])
      expect(imports('src/app/made-up.ts', from).filter(ofAPackage), from).toHaveLength(1);
    const [home, file] = ['packages/paper-broker/', 'packages/paper-broker/src/made-up.ts'];
    for (const from of ['../../../src/domain/money.js', '../../local-discord/src/index.js', 'discord.js'])
      expect(
        imports(file, from).filter((each) => leavesPackage(home, each)),
        from,
      ).toHaveLength(1);
  });

  test('a file at the root, in services outside its rooms, and in a room that is on no map', () => {
    const loose = [
      'src/made-up.ts',
      'src/services/made-up.ts',
      'src/made-up/x.ts',
      'src/services/made-up/x.ts',
    ];
    expect(loose.filter(isLoose)).toEqual(loose);
    expect(isLoose('src/main.ts')).toBe(false);
  });

  test('a package’s test that knows the bot or the other package', () => {
    const file = 'packages/paper-broker/test/made-up.test.ts';
    const strangers = [
      '../../../src/domain/money.js',
      '../../../test/support/x.js',
      '../../local-discord/src/index.js',
    ];
    for (const from of [...strangers, '@profit-target/local-discord'])
      expect(
        imports(file, from).filter((each) => knowsStrangers('paper-broker', each)),
        from,
      ).toHaveLength(1);
    expect(imports(file, '../src/world.js').filter((each) => knowsStrangers('paper-broker', each))).toEqual(
      [],
    );
  });

  test('an import for its types alone, a re-export, and one that is loaded later', () => {
    for (const line of [
      'import type { X } from',
      'export { x } from',
      'export * from',
      'const x = await import(',
    ]) {
      const source = `${line} '../screens/view.js'${line.endsWith('(') ? ')' : ''};`;
      expect(importsOf('src/services/orders/made-up.ts', source).filter(againstTheArrows), line).toHaveLength(
        1,
      );
    }
  });

  test.each(Object.keys(ROOMS))('a sentence in %s', (room) => {
    const source = "export const refusal = () => 'The position changed meanwhile.';";
    expect(spokenIn(`src/${room}/made-up.ts`, source)).toHaveLength(room === 'screens' ? 0 : 1);
  });
});
