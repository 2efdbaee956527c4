import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { expect, test } from 'vitest';
import { sentencesIn } from './support/sentences.js';

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
  return files(folder).flatMap(importsOf);
}

function importsOf(file: string): Import[] {
  return [...readFileSync(file, 'utf8').matchAll(IMPORT)].map(([, , type, , specifier = '']): Import => {
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
  const loose = files('src').filter(
    (file) => roomOf(file) === 'entry' || /^src\/services\/[^/]+\.ts$/.test(file),
  );
  expect(loose.sort()).toEqual(ENTRIES.map((name) => `src/${name}.ts`).sort());
  const rooms = new Set(files('src').map(roomOf));
  expect([...rooms].filter((room) => room !== 'entry').sort()).toEqual(Object.keys(ROOMS).sort());
});

test.each(Object.entries(ROOMS))('%s knows only what stands below it', (room, below) => {
  const strays = all.filter(({ file, target }) => {
    if (roomOf(file) !== room || !target.startsWith('src/')) return false;
    const other = roomOf(target);
    return other !== room && !below.some((each) => other === each || other.startsWith(`${each}/`));
  });
  expect(strays.map(said)).toEqual([]);
});

test.each(Object.entries(OUTSIDE))('%s is used in its rooms alone', (library, rooms) => {
  const strays = all.filter(
    ({ file, target }) =>
      (target === library || target.startsWith(`${library}/`)) && !rooms.includes(roomOf(file)),
  );
  expect(strays.map(said)).toEqual([]);
});

test('the domain stands on decimal.js, fraction.js, luxon and cron-parser, and asks no clock or chance', () => {
  const libraries = ['decimal.js', 'fraction.js', 'luxon', 'cron-parser'];
  const strays = all.filter(
    ({ file, target }) =>
      roomOf(file) === 'domain' && !target.startsWith('src/') && !libraries.includes(target),
  );
  expect(strays.map(said)).toEqual([]);
  const impure = files('src/domain').filter((file) =>
    /new Date\(\)|Date\.now|Math\.random|DateTime\.(now|local)\(|process\.|from 'node:/.test(
      readFileSync(file, 'utf8'),
    ),
  );
  expect(impure).toEqual([]);
});

const bare = ({ target }: Import) => !/^(src|packages|test|node:|#)/.test(target);
const nameOf = (specifier: string) => specifier.split('/', specifier.startsWith('@') ? 2 : 1).join('/');

test('the product imports nothing of the packages: it starts them as processes', () => {
  const strays = all.filter(({ target }) => /^(packages\/|@profit-target\/)/.test(target));
  expect(strays.map(said)).toEqual([]);
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
  const strays = own.filter((each) => {
    if (!bare(each)) return !each.target.startsWith(home) && !each.target.startsWith('node:');
    // The page is bundled when it is built.
    const listed = each.file.startsWith(`${home}page/`) ? devDependencies : dependencies;
    return (
      listed[nameOf(each.target)] === undefined ||
      /^(discord\.js|@discordjs|discord-api-types|@tastytrade)/.test(each.target)
    );
  });
  expect(strays.map(said)).toEqual([]);
});

test.each(PACKAGES)('the tests of %s know neither the bot nor the other package', (name) => {
  const strays = importsIn(`packages/${name}/test`).filter((each) =>
    bare(each)
      ? each.target.startsWith('@profit-target/')
      : /^(src|test|packages(?!\/NAME\/))/.test(each.target.replace(`packages/${name}/`, 'packages/NAME/')),
  );
  expect(strays.map(said)).toEqual([]);
});

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

/** Where English stands outside `screens` all the same, and why. */
const WORDED: Record<string, string> = {
  'src/brokers/tastytrade/':
    'what the broker answered or didn’t, in the adapter’s words; screens/failure.ts adds the rest',
  'src/brokers/read-only.ts': 'a refusal as a broker would say it, where one would',
  'src/app/log.ts': 'a line of the log itself',
  'src/services/reminders/options.ts':
    'all of an option in one place, with what Discord’s form says beside it',
};

test('English sentences stand in screens alone', () => {
  const outside = files('src').filter((file) => roomOf(file) !== 'screens');
  const spoken = outside.flatMap((file) => sentencesIn(file));
  const excused = Object.keys(WORDED);
  const strays = spoken.filter(({ file }) => !excused.some((path) => file.startsWith(path)));
  expect(strays.map(({ file, line, text }) => `${file}:${line} ${text}`)).toEqual([]);
  // An excuse that nothing needs any more hides the next stray.
  expect(excused.filter((path) => !spoken.some(({ file }) => file.startsWith(path)))).toEqual([]);
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
  "return ['Buy to Open', 'Iron butterfly', 'Front ratio spread']",
  `return \`\${when.day} of month \${time}\``,
  '// A comment may say whatever it likes.',
])('no sentence for people: %s', (statement) => {
  const source = `function f(price: any, err: any, manager: any, query: any, message: any, when: any) { ${statement}\n }`;
  expect(sentencesIn('src/services/x.ts', source)).toEqual([]);
});
